import { expect, test } from 'vitest'
import { breakNotices, isBreak } from '../../../src/journal/breaks.ts'
import type { AttemptStarted, CallStarted, JournalEvent, Mark } from '../../../src/journal/event.ts'
import { viewJournal } from '../../../src/oracles/view.ts'

const lost = { tasks: 2, attempts: 1, jobs: 0 }
const mark = (name: string, t: number, detail?: Mark['detail']): Mark => ({
  ...{ type: 'mark', t, mark: name },
  ...(detail !== undefined && { detail }),
})
const call = (id: string, t: number): CallStarted => ({
  ...{ type: 'call-started', t, call: id, provider: 'anthropic', surface: 'api.messages', streaming: false },
  bodyHash: id,
})
const attempt = (id: string, of: string, t: number): AttemptStarted => ({
  ...{ type: 'attempt-started', t, attempt: id, call: of, n: 1, instance: 0, provider: 'anthropic' },
  ...{ surface: 'api.messages', streaming: false, key: 'canary', bodyHash: of, attributedBy: 'none' },
  ...{ phase: 'down', effect: 'pass' },
})

test('what an app sends while it comes up again for a tool that had died is not judged', () => {
  const events: JournalEvent[] = [
    ...[call('c1', 10), attempt('a1', 'c1', 10), mark('interrupted', 20, lost)],
    ...[call('c2', 20), attempt('a2', 'c2', 20), call('c3', 20), attempt('a3', 'c3', 20)],
    ...[mark('resumed', 20, lost), attempt('a4', 'c3', 30), call('c4', 40), attempt('a5', 'c4', 40)],
  ]

  const { attempts, calls } = viewJournal(events)

  expect(attempts.map(({ id }) => id)).toEqual(['a1', 'a4', 'a5'])
  expect(calls.map(({ id }) => id)).toEqual(['c1', 'c3', 'c4'])
})

test('a mark that somebody made under such a name is none, and hides nothing', () => {
  const byHand = mark('interrupted', 5)

  expect(isBreak(byHand)).toBe(false)
  expect(breakNotices([byHand, mark('interrupted', 90_000, lost)])).toEqual([
    'blackstart itself was ended at 1m30s of the scenario, and another process went on from there: what was under way was lost with it.',
  ])
  expect(viewJournal([byHand, call('c1', 10), attempt('a1', 'c1', 10)]).attempts).toHaveLength(1)
})
