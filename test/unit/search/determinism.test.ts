import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { divergence } from '../../../src/search/determinism.ts'

const journal = (...phases: readonly [t: number, phase: string][]) => ({
  journal: phases.map(([t, phase]): JournalEvent => ({ type: 'phase-entered', t, phase })),
})

test('equal journals part nowhere', () => {
  expect(divergence(journal([0, 'a'], [5, 'b']), journal([0, 'a'], [5, 'b']))).toBeUndefined()
})

test('the first line that differs is named, with what is different in it', () => {
  expect(divergence(journal([-9, 'a'], [5, 'b']), journal([-9, 'a'], [5, 'c']))).toBe(
    'line 2 of the journal, at 5 ms: phase-entered with phase "b" in one run, phase-entered with phase "c" in another',
  )
})

test('a journal that ends sooner parts there', () => {
  expect(divergence(journal([-9, 'a']), journal())).toBe(
    'line 1 of the journal, 9 ms before the first phase: phase-entered in one run, nothing in another',
  )
})
