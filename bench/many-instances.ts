import { journalLines } from '../src/journal/journal.ts'
import { attemptsOf, count, liveHeap, micros, run, totalOutage } from './support.ts'

const options = { users: 1, thinkMs: 20_000, scenario: totalOutage(20 * 60_000) }

/** Whether an attempt costs the same beside 999 other instances: time, and heap kept when the run is over. Aim: flat. */
export async function* manyInstances(): AsyncGenerator<string> {
  yield 'Instances in one run (one user each, 20 min of total outage): time and kept heap an attempt, the journal apart'
  await run({ ...options, instances: 100 })
  let first: number | undefined
  for (const instances of [1, 10, 100, 1_000]) {
    const before = liveHeap()
    // In a function of its own, so that no result outlives it.
    const { attempts, wallMs, journalBytes } = await measure(instances)
    const kept = Math.max(0, liveHeap() - before)
    const cost = wallMs / attempts
    first ??= cost
    yield `  ${String(instances).padStart(5)} instances: ${count(attempts).padStart(7)} attempts, ${micros(cost)} each (${(cost / first).toFixed(2)} of the first row), kept heap ${Math.round(kept / attempts)} B, journal ${Math.round(journalBytes / attempts)} B an attempt`
  }
}

/** Small runs are repeated, so that each row stands on some thousands of attempts. */
async function measure(instances: number) {
  const sum = { attempts: 0, wallMs: 0, journalBytes: 0 }
  for (let i = 0; i < Math.max(1, Math.round(100 / instances)); i++) {
    const result = await run({ ...options, instances, seed: i + 1 })
    sum.attempts += attemptsOf(result)
    sum.wallMs += result.wallMs
    for (const line of journalLines(result.journal)) sum.journalBytes += line.length
  }
  return sum
}
