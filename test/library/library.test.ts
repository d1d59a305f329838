import { describe, expect, test } from 'vitest'
import { library, runShipped } from '../support/library.ts'

const timeout = 120_000
const hashes = new Map<string, string>()

// Another seventh each day is run a second time with all its users; `LIBRARY_FULL=1` takes all of them.
const day = Math.floor(Date.now() / 86_400_000) % 7
const again = library.filter((_, i) => process.env['LIBRARY_FULL'] === '1' || i % 7 === day)

describe('with the default workload every fault lands that can', () => {
  test.for(library.map(shipped => ({ id: shipped.scenario.id, shipped })))(
    '$id',
    { timeout },
    async ({ id, shipped }) => {
      const result = await runShipped(shipped)
      hashes.set(id, result.journalHash)

      expect([0, 1], result.reason).toContain(result.exitCode)
      const short = result.faults.filter(({ status }) => status === 'missed' || status === 'thin')
      expect(short).toEqual([])
      expect(result.faults.some(({ status }) => status === 'landed')).toBe(true)
      expect(result.notices.filter(says => says.includes('is no surface'))).toEqual([])
    },
  )
})

describe('a second run gives the same journal', () => {
  test.for(again.map(shipped => ({ id: shipped.scenario.id, shipped })))(
    '$id',
    { timeout },
    async ({ id, shipped }) => {
      const { journalHash } = await runShipped(shipped)

      expect(journalHash).toBe(hashes.get(id))
    },
  )
})
