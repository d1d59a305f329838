import Anthropic from '@anthropic-ai/sdk'
import { nativeNow } from '../src/clock/native.ts'
import { VirtualClock } from '../src/clock/virtual.ts'
import { epochMs } from '../src/run/stage.ts'
import { attemptsOf, count, median, micros, run } from './support.ts'

const body = JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })

/**
 * Cost of one attempt against the floor: the same SDK with a `fetch` that only returns a `Response`, the same number of
 * users with the same think time, under the same clock. Aim: at most 2.5 times.
 */
export async function* costAgainstFloor(): AsyncGenerator<string> {
  yield 'Cost of an attempt against the floor (the SDK with a custom fetch that returns a Response, same clock), taking turns'
  await floor(500)
  await run()
  const ratios: number[] = []
  const floors: number[] = []
  const runs: number[] = []
  for (let round = 0; round < 9; round++) {
    const result = await run()
    const attempts = attemptsOf(result)
    const ours = result.wallMs / attempts
    const theirs = await floor(attempts)
    runs.push(ours)
    floors.push(theirs)
    ratios.push(ours / theirs)
    if (round === 0) yield `  ${count(attempts)} attempts a round, 9 rounds`
  }
  yield `  floor ${micros(median(floors))}, blackstart ${micros(median(runs))} an attempt (provider, decision, attribution, journal, judging)`
  yield `  ratio ${median(ratios).toFixed(2)} (median of 9; ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}; aim 2.5)`
}

/** Ms an attempt. */
async function floor(attempts: number): Promise<number> {
  using clock = new VirtualClock({ startMs: epochMs })
  let seen = 0
  const users = Array.from({ length: 60 }, async () => {
    const anthropic = new Anthropic({
      apiKey: 'floor',
      fetch: async () => {
        seen++
        return new Response(body, {
          status: 529,
          headers: { 'content-type': 'application/json', 'request-id': 'req_1' },
        })
      },
    })
    while (seen < attempts) {
      await clock.sleep(1_000)
      await anthropic.messages
        .create({ model: 'claude-sonnet-5-5', max_tokens: 512, messages: [{ role: 'user', content: 'A question?' }] })
        .catch(() => {})
    }
  })
  const started = nativeNow()
  await clock.drive(Promise.all(users))
  return (nativeNow() - started) / seen
}
