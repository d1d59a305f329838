import { answerState } from '../../src/workload/answer.ts'
import { type Outcome, runCalls } from './run-calls.ts'
import type { Got, Manner, Sdk } from './sdk.ts'

/** One cell of the reference, before it is put into words. */
export interface Observation {
  readonly settled: Outcome<void>['settled']
  readonly error: unknown
  readonly got: Readonly<Got>
  /** What the text is, by its marks. */
  readonly state: ReturnType<typeof answerState>
  /** Attempts that the fault hit; none when it does not concern such a call. */
  readonly attempts: number
  readonly tookMs: number
  /** Nobody handled a rejection of the SDK's. */
  readonly unhandled: boolean
}

/** One call of the SDK under the fault, or under none, in a run of its own: no cell depends on another. */
export async function observe(
  sdk: Sdk,
  fault: string | undefined,
  how: Manner,
  patienceMs: number,
): Promise<Observation> {
  const got: Got = { text: undefined, finish: undefined, told: undefined }
  // A call that is left open is torn down when the run ends, and that is not what the app saw.
  let frozen: Got = got
  let question = ''
  const [outcome] = await runCalls(
    [
      {
        ...(fault !== undefined && { fault }),
        surface: `${sdk.provider}.api`,
        call: task => {
          question = task.question
          return sdk.call(task, how, got)
        },
        onSettled: () => {
          frozen = { ...got }
        },
      },
    ],
    { patienceMs },
  )
  if (!outcome) throw new Error('no call was made')
  const { settled, error, attempts, tookMs, notes } = outcome
  return {
    settled,
    error,
    got: frozen,
    state: answerState(frozen.text, question),
    attempts: attempts.length,
    tookMs,
    unhandled: notes.some(note => note.startsWith('unhandled-rejection')),
  }
}
