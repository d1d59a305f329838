import { count, liveHeap, run, totalOutage } from './support.ts'

/** A thousand runs in one process: a search must not grow. Aim: no growth. */
export async function* manyRuns(): AsyncGenerator<string> {
  yield '1,000 runs in one process (5 users, 2 min of total outage each)'
  const options = { users: 5, thinkMs: 20_000, scenario: totalOutage(2 * 60_000) }
  const started = performance.now()
  let attempts = 0
  let early = 0
  for (let i = 1; i <= 1_000; i++) {
    const { journal } = await run({ ...options, seed: i })
    for (const event of journal) if (event.type === 'attempt-started') attempts++
    if (i === 200) early = liveHeap()
  }
  const grown = liveHeap() - early
  const seconds = (performance.now() - started) / 1_000
  yield `  ${seconds.toFixed(1)} s, ${count(attempts / seconds)} attempts a second; live heap grew by ${(grown / 1024).toFixed(0)} KB from run 200 to run 1,000 (${Math.round(grown / 800)} B a run)`
}
