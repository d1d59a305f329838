import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calibrated, thresholds } from '../../tools/calibration/page.ts'
import { tally, trials } from '../../tools/calibration/trials.ts'

const page = readFileSync(resolve(import.meta.dirname, '../../docs/calibration.md'), 'utf8')
// Other seeds every day: what is promised is a chance, not a constant.
const day = Math.floor(Date.now() / 86_400_000)
const seeds = 4

test('the figures are for the thresholds of today', () => {
  expect(page.includes(thresholds()), 'a threshold is another: npm run calibrate').toBe(true)
})

test('both kinds of client are asked about for every oracle that is calibrated', () => {
  for (const id of calibrated) {
    const about = trials.filter(trial => trial.oracles.includes(id))
    expect(
      about.some(({ caughtBy }) => caughtBy.includes(id)),
      id,
    ).toBe(true)
    expect(
      about.some(({ caughtBy }) => caughtBy.length === 0),
      id,
    ).toBe(true)
  }
})

describe('a sound policy is never failed, an unsound one always caught', () => {
  test.for(trials)('$group: $name', trial => {
    for (const [id, counts] of tally(trial, seeds, 1 + day * seeds)) {
      if (trial.caughtBy.length === 0) expect(counts.fail, id).toBe(0)
      if (trial.caughtBy.includes(id)) expect(counts.fail + counts.warn, id).toBe(seeds)
    }
  })
})
