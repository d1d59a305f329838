import { defineIntegration, type JournalEvent, runScenario } from '../../src/index.ts'
import type { TaskInput } from '../../src/model/integration.ts'

/** One call that an app makes, and the fault that every one of its attempts meets. */
export interface CallUnderFault<T> {
  /** As a scenario spells it: `overloaded`, or `{ overloaded: { retry_after: 5s } }`. Nothing is wrong when absent. */
  readonly fault?: string
  /** Where the fault is: `api` when absent. */
  readonly surface?: string
  /** Must send `headers` with every request: they tell whose fault it is. */
  call(task: CallTask): Promise<T>
  /** Told when the call has settled, or has been waited for long enough. */
  onSettled?(): void
}

export interface CallTask {
  /** Carries the question's mark. */
  readonly prompt: string
  readonly question: string
  readonly headers: Readonly<Record<string, string>>
}

/** What became of one call. */
export interface Outcome<T> {
  readonly settled: 'returned' | 'threw' | 'pending'
  readonly value: T | undefined
  readonly error: unknown
  /** Virtual time from the call to its end. */
  readonly tookMs: number
  /** What the journal says of its attempts that the fault hit. */
  readonly attempts: readonly Attempt[]
  /** What the journal notes of the whole run: rejections that nobody handled, hosts that were refused. */
  readonly notes: readonly string[]
}

export interface Attempt {
  readonly startMs: number
  readonly status: number | undefined
  readonly outcome: string | undefined
  /** Bytes of the body that were sent. */
  readonly bytes: number
}

export interface CallsOptions {
  readonly seed?: number
  /** A call that has not settled after this much virtual time is pending. 11 minutes when absent. */
  readonly patienceMs?: number
}

/** The time in which `fetch`, and the SDKs by their own defaults, give up on a silent connection, and a minute more. */
const usualPatienceMs = 11 * 60_000

/**
 * Makes all calls at once, each under its own fault, in one simulated run on virtual time. The calls share nothing but
 * the task that they belong to. Rejects for a fault that is none.
 */
export async function runCalls<T>(
  calls: readonly CallUnderFault<T>[],
  { seed = 1, patienceMs = usualPatienceMs }: CallsOptions = {},
): Promise<readonly Outcome<T>[]> {
  let made: Promise<readonly Settled<T>[]> | undefined
  const start = (task: TaskInput) =>
    Promise.all(
      calls.map(async (one, i) => {
        const settled = await settle(one.call({ ...task, headers: { [header]: `call-${i}` } }), patienceMs)
        one.onSettled?.()
        return settled
      }),
    )
  const integration = defineIntegration<{ readonly startMs: number }>({
    name: 'calls-under-fault',
    start: () => ({ startMs: Date.now() }),
    async perform({ startMs }, task) {
      // The first task of the phase makes the calls; all others do nothing but settle.
      if (Date.now() - startMs > warmUpMs && !made) made = start(task)
      await made
      return `[q:${task.question}] [end:${task.question}]`
    },
  })
  const { journal, reason } = await runScenario({
    scenario: scenarioOf(calls, patienceMs),
    seed,
    users: 1,
    thinkMs: 10_000,
    integration,
  })
  if (!made) throw new Error(`No call was made. ${reason}`)
  const attempts = attemptsByEntry(journal)
  const notes = journal.filter(event => event.type === 'note').map(({ kind, says }) => `${kind}: ${says}`)
  return (await made).map((one, i) => ({ ...one, attempts: attempts.get(`phases[0].faults[${i}]`) ?? [], notes }))
}

type Settled<T> = Omit<Outcome<T>, 'attempts' | 'notes'>

const header = 'blackstart-region'
const warmUpMs = 10_000

function scenarioOf(calls: readonly CallUnderFault<unknown>[], patienceMs: number): string {
  const entries = calls.map(({ fault = '{ slow-first-byte: { by: 0s } }', surface = 'api' }, i) => {
    return `      - { surface: ${surface}, fault: ${fault}, when: { region: call-${i} } }\n`
  })
  return [
    'blackstart: 1\nid: calls-under-fault\n',
    `steady_state: { for: ${warmUpMs / 1_000}s }\n`,
    `phases:\n  - name: fault\n    for: ${Math.ceil(patienceMs / 1_000) + 120}s\n    faults:\n`,
    ...entries,
  ].join('')
}

async function settle<T>(call: Promise<T>, patienceMs: number): Promise<Settled<T>> {
  const startMs = Date.now()
  let cancel = () => {}
  const tooLong = new Promise<'pending'>(resolve => {
    const timer = setTimeout(() => resolve('pending'), patienceMs)
    cancel = () => clearTimeout(timer)
  })
  const settled = call.then(
    value => ({ settled: 'returned', value, error: undefined }) as const,
    (error: unknown) => ({ settled: 'threw', value: undefined, error }) as const,
  )
  const first = await Promise.race([settled, tooLong])
  cancel()
  const outcome = first === 'pending' ? { settled: first, value: undefined, error: undefined } : first
  return { ...outcome, tookMs: Date.now() - startMs }
}

/** Attempts that a fault hit, by the path of its entry. */
function attemptsByEntry(journal: readonly JournalEvent[]): ReadonlyMap<string, readonly Attempt[]> {
  const byId = new Map<string, { -readonly [K in keyof Attempt]: Attempt[K] }>()
  const byEntry = new Map<string, Attempt[]>()
  for (const event of journal) {
    if (event.type === 'attempt-started' && event.entry !== undefined) {
      const attempt = { startMs: event.t, status: undefined, outcome: undefined, bytes: 0 }
      byId.set(event.attempt, attempt)
      const known = byEntry.get(event.entry)
      if (known) known.push(attempt)
      else byEntry.set(event.entry, [attempt])
    }
    const attempt = 'attempt' in event ? byId.get(event.attempt) : undefined
    if (!attempt) continue
    if (event.type === 'attempt-headers') attempt.status = event.status
    if (event.type === 'attempt-ended') Object.assign(attempt, { outcome: event.outcome, bytes: event.bytes })
  }
  return byEntry
}
