import type { Settlement } from '../model/integration.ts'
import { answerState, openingsIn, textOf } from '../workload/answer.ts'
import { performTask, type Settled } from '../workload/perform-task.ts'

/**
 * How a task of a test ended, by what its function returned. What it means is for the test to say: only a text that
 * opens a simulated answer and does not close it is more than the test sees.
 */
export async function outcomeOf(
  value: unknown,
  task: { readonly id: string; readonly signal: AbortSignal },
  settle: ((answer: never) => Settlement) | undefined,
): Promise<Settled> {
  const text = textOf(value)
  const question = /\[q:([^\]\s]+)\]/.exec(text ?? '')?.[1]
  if (settle) {
    const input = { ...{ id: task.id, prompt: '', question: question ?? '', tenant: '', session: '', user: '' } }
    const integration = {
      name: 'test',
      perform: () => (isPlain(value) ? value : undefined),
      settle: () => settle(value as never),
    }
    return performTask(integration, undefined, { ...input, stream: false, class: 'normal' }, { signal: task.signal })
  }
  const answer = question === undefined ? (text === undefined ? 'none' : 'unmarked') : answerState(text, question)
  const openings = question === undefined ? 0 : openingsIn(text, question)
  const outcome = answer === 'truncated' ? 'truncated' : 'ok'
  return { outcome, claimed: false, answer, ...(openings > 1 && { openings }) }
}

/** Whether it can be read more than once. */
function isPlain(value: unknown): boolean {
  return textOf(value) !== undefined
}
