import { afterEach, expect, test, vi } from 'vitest'
import { papersOf } from '../../../../src/cli/gameday/papers.ts'
import type { JournalEvent } from '../../../../src/journal/event.ts'
import { noConfig } from '../../../../src/run/config/load-config.ts'
import { fakeResult } from '../../../support/fake-result.ts'

afterEach(() => vi.unstubAllEnvs())

function cardWith(says: string): string {
  const note: JournalEvent = { type: 'mark', t: 1_000, mark: 'note', says, detail: { category: 'decision' } }
  const papers = papersOf(fakeResult({ journal: [note] }), {
    ...{ config: noConfig, speed: 1, journal: undefined, last: undefined },
  })
  return papers['scorecard.md']?.() ?? ''
}

test('a secret in a note stands in no scorecard, not even one that Markdown spells in another way', () => {
  vi.stubEnv('STAGING_PASSWORD', 'horse<battery  staple')

  const card = cardWith('we logged in with horse<battery  staple')

  expect(card).toContain('we logged in with ***')
  expect(card).not.toContain('battery')
})

test('what a terminal would obey in a note is shown, and not obeyed', () => {
  expect(cardWith('all is \u001b[2Jwell')).toContain('all is \ufffd[2Jwell')
})
