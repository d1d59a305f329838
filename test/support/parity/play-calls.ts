import type { ParityClient, Reach } from './clients.ts'
import type { Got, Seen, SeenAttempt } from './seen.ts'

/** What the app itself can tell; the journal has the rest. */
export type SeenByApp = Omit<Seen, 'recorded'>

export interface CallPlan {
  readonly client: ParityClient
  readonly timeoutMs: number | undefined
  /** How long the call is waited for, ms of the app's clock. */
  readonly patienceMs: number
  readonly tool: boolean
  readonly maxRetries: number
}

/** Makes one call, on whatever timers and over whatever network there are, and writes down what an app sees of it. */
export async function playCall(
  { client, timeoutMs, patienceMs, tool, maxRetries }: CallPlan,
  reach: Reach,
  question: string,
): Promise<SeenByApp> {
  const startMs = Date.now()
  const attempts: SeenAttempt[] = []
  const got: Got = { text: '', events: [], returned: undefined }
  const giveUp = new AbortController()
  const fetch = watched(reach.fetch, attempts, () => Date.now() - startMs)
  const prompt = `[q:${question}] Where is my order?`
  const asked = client.ask({ ...reach, fetch, prompt, timeoutMs, tool, maxRetries, signal: giveUp.signal }, got)
  let cancel = () => {}
  const tooLong = new Promise<'hangs'>(resolve => {
    const timer = setTimeout(() => resolve('hangs'), patienceMs)
    cancel = () => clearTimeout(timer)
  })
  const settling = asked.then(
    () => ({ settled: 'returned', error: undefined }) as const,
    (error: unknown) => ({ settled: 'threw', error }) as const,
  )
  const first = await Promise.race([settling, tooLong])
  cancel()
  const tookMs = Date.now() - startMs
  // What comes after the end of patience is not seen.
  const seen = structuredClone({ text: got.text, events: got.events, returned: got.returned })
  const frozen = attempts.map(attempt => ({ ...attempt }))
  if (first !== 'hangs') return { ...first, got: seen, attempts: frozen, tookMs }
  giveUp.abort()
  await settling
  return { settled: 'hangs', error: undefined, got: seen, attempts: frozen, tookMs }
}

function watched(fetch: Reach['fetch'], attempts: SeenAttempt[], sinceMs: () => number): Reach['fetch'] {
  return async (input, init) => {
    const attempt: SeenAttempt = { atMs: sinceMs() }
    attempts.push(attempt)
    try {
      const response = await fetch(input, init)
      attempt.status = response.status
      attempt.headers = Object.fromEntries(response.headers)
      return response
    } catch (error) {
      attempt.error = error
      throw error
    }
  }
}
