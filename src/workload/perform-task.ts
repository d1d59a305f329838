import type { Outcome, TaskSettled } from '../journal/event.ts'
import { redact } from '../journal/redact.ts'
import type { Integration, Settlement, TaskInput } from '../model/integration.ts'
import { answerState, drain, openingsIn } from './answer.ts'

/** How a task ended, without its time and id. */
export type Settled = Omit<TaskSettled, 'type' | 't' | 'task'>

export interface PerformTaskOptions {
  /** Handed to the app; aborted when the run is over. */
  readonly signal: AbortSignal
  /** Told what the app threw, which the journal keeps only the class of. */
  onThrown?(error: unknown): void
  /** Told the text of what the user got to see. */
  onAnswer?(text: string): void
}

/**
 * Lets the app do one task and reads what comes back to its end. Never rejects: a throw is an honest failure. What
 * `settle` says is the app's own word; without it the marks decide.
 */
export async function performTask<App>(
  integration: Integration<App>,
  app: App,
  task: TaskInput,
  { signal, onThrown, onAnswer }: PerformTaskOptions,
): Promise<Settled> {
  try {
    const returned = await integration.perform(app, task, { signal })
    const { text, value, failed } = await drain(returned)
    if (failed)
      return { outcome: 'failed', claimed: false, answer: answerState(text, task.question), error: 'Response' }
    if (!integration.settle) {
      if (text !== undefined) onAnswer?.(text)
      return { ...toldByMarks(text, task), claimed: false, ...openings(text, task) }
    }
    const said = await integration.settle(value as never, task)
    const settled = ownWord(said, text, task)
    const seen = said.text ?? text
    if (seen !== undefined && settled.outcome !== 'failed') onAnswer?.(seen)
    return settled
  } catch (error) {
    onThrown?.(error)
    return { outcome: 'failed', claimed: false, answer: 'none', error: nameOf(error) }
  }
}

function toldByMarks(text: string | undefined, task: TaskInput): { outcome: Outcome; answer: Settled['answer'] } {
  const answer = answerState(text, task.question)
  switch (answer) {
    case 'complete':
      return { outcome: 'ok', answer }
    case 'truncated':
      return { outcome: 'truncated', answer }
    default:
      return { outcome: 'not-an-answer', answer }
  }
}

function openings(text: string | undefined, { question }: TaskInput): Pick<Settled, 'openings'> {
  const count = openingsIn(text, question)
  return count > 1 ? { openings: count } : {}
}

const outcomes: readonly unknown[] = ['ok', 'degraded', 'queued', 'failed']
const sources: readonly unknown[] = ['live', 'cache', 'fallback', 'queue']

/** What `settle` may say beside the outcome, and what is expected where it says something else. */
const fields: readonly (readonly [keyof Settlement, (value: unknown) => boolean, string])[] = [
  ['source', value => sources.includes(value), `one of ${sources.join(', ')}`],
  ['text', value => typeof value === 'string', 'text'],
  ['complete', value => typeof value === 'boolean', 'true or false'],
  ['labelled', value => typeof value === 'boolean', 'true or false'],
  ['ageMs', value => Number.isFinite(value), 'a number'],
  ['jobId', value => typeof value === 'string' || typeof value === 'number', 'text'],
]

/** `null` is as good as nothing. Throws a `TypeError` that names the field which holds something else. */
function ownWord(said: Settlement, text: string | undefined, task: TaskInput): Settled {
  if (typeof said !== 'object' || said === null || !outcomes.includes(said.outcome))
    throw new TypeError(`settle returned no outcome: expected one of ${outcomes.join(', ')}`)
  for (const [field, isGood, expected] of fields)
    if ((said[field] ?? undefined) !== undefined && !isGood(said[field]))
      throw new TypeError(`settle returned a wrong ${field}: expected ${expected}`)
  const { source, complete, labelled, ageMs, jobId } = said
  return {
    outcome: said.outcome,
    claimed: true,
    answer: answerState(said.text ?? text, task.question),
    ...openings(said.text ?? text, task),
    ...(source && { source }),
    ...(typeof complete === 'boolean' && { complete }),
    ...(typeof labelled === 'boolean' && { labelled }),
    ...(typeof ageMs === 'number' && { ageMs: Math.round(ageMs) }),
    ...((jobId ?? '') !== '' && { jobId: redact(String(jobId)) }),
  }
}

/** Class of what was thrown; never its message, which may hold prompts or keys. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  const isPlain = error.constructor.name === 'Error' || error instanceof DOMException
  const name = isPlain ? error.name : error.constructor.name
  // Anything can be written into `name`; a class is one word.
  return /^[\w$]{1,80}$/.test(name) ? name : 'Error'
}
