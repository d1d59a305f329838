import { expect, test } from 'vitest'
import type { Outcome } from '../../../src/journal/event.ts'
import { type AttemptOptions, JournalBuilder, second } from '../../support/journal-builder.ts'
import { keyed, secondTry, tickets } from '../../support/journals/effects.ts'
import { judge, severities } from './support.ts'

const cut = { status: 200, endAfter: 900, outcome: 'cut', bytes: 240 } as const

/** A tool used after a good turn, and one after this turn. */
function toolAfter(turn: AttemptOptions, outcome: Outcome = 'ok'): JournalBuilder {
  const journal = new JournalBuilder()
  for (const [i, options] of [{ status: 200 }, turn].entries()) {
    const t = (1 + i * 10) * second
    const task = journal.task(t)
    task.call().attempt(t, options)
    task
      .call(t + 3_000, tickets)
      .attempt(t + 3_000, { status: 200 })
      .changed(t + 3_000)
    task.settle(t + 4_000, i === 0 ? 'ok' : outcome)
  }
  return journal
}

test.each<[string, AttemptOptions, Outcome, string[]]>([
  ['cut in the middle', cut, 'ok', ['fail']],
  ['ended by an error event', { ...cut, outcome: 'stream-error' }, 'ok', ['fail']],
  ['whole', { status: 200 }, 'ok', []],
  ['refused before its first byte', { status: 529 }, 'ok', []],
  ['cut, in a task that says that it failed', cut, 'failed', []],
  ['cut, in a task that a human will look at', cut, 'queued', []],
])('partial-tool-call-not-executed: after an answer that was %s', (_, turn, outcome, expected) => {
  expect(severities(judge('partial-tool-call-not-executed', toolAfter(turn, outcome)))).toEqual(expected)
})

test('a service that is only called after failures is told of them, and is no tool', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const t = i * 10 * second
    const task = journal.task(t)
    task.call().attempt(t, cut)
    task
      .call(t + 2_000, { ...tickets, surface: 'reports' })
      .attempt(t + 2_000, { status: 200 })
      .changed(t + 2_000)
    task.settle(t + 3_000, 'ok')
  }

  expect(judge('partial-tool-call-not-executed', journal).examined).toBe(0)
})

test.each([
  [1, 1, []],
  [2, 1, ['fail']],
  // An app that shows the question above the answer.
  [2, 2, []],
  [3, 2, ['fail']],
])('no-stitching: a text that begins %i times where %i is usual', (openings, usual, expected) => {
  expect(severities(judge('no-stitching', secondTry(openings, usual)))).toEqual(expected)
})

test('no-stitching has nothing to say where every answer came at once', () => {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  task.call().answered(0)
  task.settle(2_000, 'ok', { openings: 3 })

  expect(judge('no-stitching', journal).vacuous).toBe('no task was answered on a second attempt')
})

function stalled(options: AttemptOptions): JournalBuilder {
  const journal = new JournalBuilder()
  const task = journal.task(0, { streaming: true })
  task.call().attempt(0, { status: 200, effect: 'stall', fault: 'stream-stall', outcome: 'aborted', ...options })
  task.settle(10 * second, 'failed')
  return journal
}

test.each([
  [61_200, []],
  [61_201, ['warn']],
])('idle-timeout: a silent stream that is held until %i ms', (endAfter, expected) => {
  expect(severities(judge('idle-timeout', stalled({ endAfter })))).toEqual(expected)
})

test('idle-timeout: a stream that went on is none, pings are told apart, and one left open counts to the end', () => {
  expect(judge('idle-timeout', stalled({ endAfter: 90_000, outcome: 'ok' })).examined).toBe(0)
  expect(judge('idle-timeout', stalled({ endAfter: 90_000, fault: 'ping-only' })).examined).toBe(0)
  expect(severities(judge('idle-timeout', stalled({ endAfter: 90_000, fault: 'ping-only' }), { pings: true }))).toEqual(
    ['warn'],
  )
  expect(judge('idle-timeout', stalled({ endAfter: null })).findings[0]?.message).toContain('a1 for 15m')
})

/** A ticket, then this attempt at a model, then the same ticket again. */
function ticketTwice(first: AttemptOptions, between: AttemptOptions | undefined, again = true): JournalBuilder {
  const journal = new JournalBuilder()
  const task = journal.task(0)
  task.call().answered(0)
  const ticket = task.call(2_000, tickets).attempt(2_000, first).changed(2_000)
  if (between) task.call(4_000, { bodyHash: 'next' }).attempt(4_000, between)
  if (again) ticket.attempt(8_000, { status: 200 }).changed(8_000, { times: 2 })
  task.settle(10_000, 'ok')
  return journal
}

test.each<[string, AttemptOptions, AttemptOptions | undefined, string[]]>([
  ['the whole run is done again after a failed turn', { status: 200 }, { status: 529 }, ['fail']],
  ['the confirmation is lost', { outcome: 'reset' }, undefined, ['fail']],
  ['nothing has failed', { status: 200 }, { status: 200 }, []],
  ['nothing came in between', { status: 200 }, undefined, []],
])('side-effects-once: a ticket opened twice where %s', (_, first, between, expected) => {
  expect(severities(judge('side-effects-once', ticketTwice(first, between)))).toEqual(expected)
})

test('side-effects-once: one ticket that met trouble is examined', () => {
  expect(judge('side-effects-once', ticketTwice({ status: 200 }, { status: 529 }, false))).toMatchObject({
    examined: 1,
    findings: [],
  })
})

test('side-effects-once: a repetition that the service knows by its key changes nothing', () => {
  expect(judge('side-effects-once', keyed('k1', 'k1'))).toMatchObject({ examined: 1, findings: [] })
})

test.each<[string, string, string, string, string[]]>([
  ['the same key for the same request', 'k1', 'k1', 'ticket', []],
  ['a new key for the same request', 'k1', 'k2', 'ticket', ['fail']],
  ['the same key for another request', 'k1', 'k1', 'other', ['fail']],
  ['a new key for another request', 'k1', 'k2', 'other', []],
])('key-discipline: %s', (_, before, after, body, expected) => {
  expect(severities(judge('key-discipline', keyed(before, after, body)))).toEqual(expected)
})

/** Thirty calls, so many of them with a further good answer that the client did not wait for. */
function twicePaid(count: number, first: AttemptOptions): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 30; i++) {
    const t = i * 30 * second
    const task = journal.task(t)
    const call = task.call()
    if (i < count) call.attempt(t, { processed: 'answered', headersAfter: 5_000, ...first })
    call.attempt(t + 6_000, { status: 200, processed: 'answered' })
    task.settle(t + 7_000, 'ok')
  }
  return journal
}

test.each<[string, number, AttemptOptions, string[]]>([
  ['3 of 30 answers hung up on', 3, { outcome: 'aborted' }, []],
  ['4 of 30 answers hung up on', 4, { outcome: 'aborted' }, ['warn']],
  ['4 of 30 answers asked for again though they had come', 4, { status: 200 }, ['warn']],
  ['30 of 30 lost on their way', 30, { outcome: 'reset', processed: 'lost' }, []],
  ['30 of 30 cut by the provider', 30, { ...cut, processed: 'broken' }, []],
])('cost-ceiling: %s', (_, count, first, expected) => {
  expect(severities(judge('cost-ceiling', twicePaid(count, first)))).toEqual(expected)
})
