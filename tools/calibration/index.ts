/** `npm run calibrate [-- SEEDS]`: asks the statistical oracles about clients whose policy is known, and writes docs/calibration.md. */
import { writeFileSync } from 'node:fs'
import { calibrationPage } from './page.ts'
import { tally, trials } from './trials.ts'

const seeds = Number(process.argv[2] ?? 2_000)
const tallies = new Map(
  trials.map(trial => {
    const counts = tally(trial, seeds)
    process.stdout.write(`${trial.name}: ${JSON.stringify(Object.fromEntries(counts))}\n`)
    return [trial, counts]
  }),
)
writeFileSync(new URL('../../docs/calibration.md', import.meta.url), calibrationPage(tallies, seeds))
