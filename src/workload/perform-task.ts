import type { Outcome, TaskSettled } from '../journal/event.ts'
import type { Integration, Settlement, TaskInput } from '../model/integration.ts'
import { answerState, drain } from './answer.ts'

/** How a task ended, without its time and id. */
export type Settled = Omit<TaskSettled, 'type' | 't' | 'task'>

export interface PerformTaskOptions {
  /** Handed to the app; aborted when the run is over. */
  readonly signal: AbortSignal
  /** Told what the app threw, which the journal keeps only the class of. */
  onThrown?(error: unknown): void
}

/**
 * Lets the app do one task and reads what comes back to its end. Never rejects: a throw is an honest failure. What
 * `settle` says is the app's own word; without it the marks decide.
 */
export async function performTask<App>(
  integration: Integration<App>,
  app: App,
  task: TaskInput,
  { signal, onThrown }: PerformTaskOptions,
): Promise<Settled> {
  try {
    const returned = await integration.perform(app, task, { signal })
    const { text, value, failed } = await drain(returned)
    if (failed)
      return { outcome: 'failed', claimed: false, answer: answerState(text, task.question), error: 'Response' }
    if (!integration.settle) return { ...toldByMarks(text, task), claimed: false }
    const said = await integration.settle(value as never, task)
    return ownWord(said, text, task)
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

function ownWord(said: Settlement, text: string | undefined, task: TaskInput): Settled {
  const outcomes: readonly string[] = ['ok', 'degraded', 'queued', 'failed']
  if (typeof said !== 'object' || said === null || !outcomes.includes(said.outcome))
    throw new TypeError(`settle returned no outcome: expected one of ${outcomes.join(', ')}`)
  return {
    outcome: said.outcome,
    claimed: true,
    answer: answerState(said.text ?? text, task.question),
    ...(said.source !== undefined && { source: said.source }),
    ...(said.complete !== undefined && { complete: said.complete }),
    ...(said.labelled !== undefined && { labelled: said.labelled }),
    ...(said.ageMs !== undefined && { ageMs: Math.round(said.ageMs) }),
    ...(said.jobId !== undefined && { jobId: String(said.jobId) }),
  }
}

/** Class of what was thrown; never its message, which may hold prompts or keys. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error
  return error.constructor.name === 'Error' ? error.name : error.constructor.name
}
