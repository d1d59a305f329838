import { expect, test } from 'vitest'
import { LiveCounts } from '../../../src/drill/live-counts.ts'
import type { AttemptOutcome, JournalEvent } from '../../../src/journal/event.ts'

const started = (t: number, attempt: string, n = 1): JournalEvent => ({
  ...{
    type: 'attempt-started',
    t,
    attempt,
    call: 'c1',
    n,
    instance: 0,
    provider: 'anthropic',
    surface: 'api.messages',
  },
  ...{ streaming: false, key: 'canary', bodyHash: 'x', attributedBy: 'none', phase: 'down', effect: 'pass' },
})
const ended = (t: number, attempt: string, outcome: AttemptOutcome): JournalEvent => ({
  ...{ type: 'attempt-ended', t, attempt, outcome, bytes: 1 },
})

function countsOf(...events: readonly JournalEvent[]): LiveCounts {
  const counts = new LiveCounts()
  for (const event of events) counts.take(event)
  return counts
}

test('attempts, retries and outcomes are those from t = 0 on', () => {
  const counts = countsOf(
    ...[started(-9, 'a1'), ended(-8, 'a1', 'ok'), started(-7, 'a2'), ended(-6, 'a2', 'error')],
    ...[started(1, 'a3'), ended(2, 'a3', 'error'), started(3, 'a4', 2), ended(4, 'a4', 'ok'), started(5, 'a5')],
  )

  expect(counts).toMatchObject({ attempts: 3, retries: 1, attemptsOpen: 1, ended: { error: 1, ok: 1 } })
  expect(counts.warmUp).toEqual({ ended: 2, well: 1 })
})

test('what began in the warm-up and ends in the outage belongs to neither', () => {
  const counts = countsOf(started(-1, 'a1'), ended(5, 'a1', 'reset'))

  expect(counts).toMatchObject({ attempts: 0, attemptsOpen: 0, ended: {}, warmUp: { ended: 0, well: 0 } })
})
