import { attemptsOf, count, median, run } from './support.ts'

/** Wall time against simulated time: one caller, 10 s of thought between questions, two hours of outage. Aim: 10,000. */
export async function* oneCaller(): AsyncGenerator<string> {
  yield 'One caller, 10 s think time, 2 h of total outage (and its warm-up and healed stretch)'
  await run({ users: 1, thinkMs: 10_000 })
  const ratios: number[] = []
  for (let round = 0; round < 7; round++) {
    const result = await run({ users: 1, thinkMs: 10_000 })
    ratios.push(result.simulatedMs / result.wallMs)
    if (round === 0) yield `  ${count(result.simulatedMs / 1_000)} s simulated, ${attemptsOf(result)} attempts`
  }
  yield `  ${count(median(ratios))} times real time (median of 7; ${count(Math.min(...ratios))} to ${count(Math.max(...ratios))}; aim 10,000)`
}
