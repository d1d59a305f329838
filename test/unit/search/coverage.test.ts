import { expect, test } from 'vitest'
import { Coverage, coverageReport } from '../../../src/search/coverage.ts'
import { seenIn } from '../../../src/search/seen.ts'
import { JournalBuilder, second } from '../../support/journal-builder.ts'

function coverageOf(write: (journal: JournalBuilder) => void): Coverage {
  const journal = new JournalBuilder().warmUp(1)
  write(journal)
  const coverage = new Coverage()
  coverage.add(seenIn({ journal: journal.events(), plan: journal.plan }))
  return coverage
}

const hit = (fault: string, streaming = false) =>
  coverageOf(journal => {
    journal.task(second, { streaming }).call().attempt(second, { status: 529, fault })
  })

test('a fault is counted by the surface, the manner and the place in the client’s life that it struck', () => {
  expect(hit('overloaded').cells).toEqual({ 'overloaded anthropic.api.messages whole steady': 1 })
})

test('what breaks a stream is expected of streams alone', () => {
  const rows = (streaming: boolean) =>
    coverageReport(hit('overloaded', streaming)).faults.find(({ fault }) => fault === 'no-message-stop')?.of

  expect([rows(false), rows(true)]).toEqual([0, 1])
})

test('what was never reached is told: by fault, and by stretches of the client’s life', () => {
  const { faults, livesNeverSeen, reached } = coverageReport(hit('overloaded'))

  expect(reached).toBe(1)
  expect(faults.find(({ fault }) => fault === 'dns')?.left).toEqual([
    { surface: 'anthropic.api.messages', streaming: false, life: 'steady' },
  ])
  expect(livesNeverSeen.map(({ life }) => life)).toEqual(['probe', 'retry', 'first', 'restored', 'turn'])
})

test('the coverage of two shards is that of both', () => {
  const one = hit('overloaded')
  one.merge(hit('dns'))
  one.merge(hit('dns'))

  expect(one.cells).toMatchObject({ 'dns anthropic.api.messages whole steady': 2 })
  expect(one.places).toEqual({ 'anthropic.api.messages whole steady': 3 })
})
