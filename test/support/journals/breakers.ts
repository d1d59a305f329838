import type { Scenario } from '../../../src/model/scenario.ts'
import { failedTask, healthyTask, JournalBuilder, minute, second } from '../journal-builder.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function breakerJournals(): readonly OracleJournal[] {
  return [
    { oracle: 'quiet-while-down', expected: 'pass', journal: probing(30 * second) },
    { oracle: 'quiet-while-down', expected: 'fail', journal: probing(4 * second) },
    { oracle: 'breaker-opens', expected: 'pass', journal: row(25, 20 * second) },
    { oracle: 'breaker-opens', expected: 'fail', journal: row(25, second) },
    { oracle: 'bounded-half-open-probes', expected: 'pass', journal: halfOpen(1) },
    { oracle: 'bounded-half-open-probes', expected: 'warn', journal: halfOpen(12) },
    {
      ...{ oracle: 'bounded-half-open-probes', expected: 'fail', journal: halfOpen(15) },
      params: { severity: 'fail' },
    },
    { oracle: 'breaker-spares-others', expected: 'pass', journal: badTenant(true) },
    { oracle: 'breaker-spares-others', expected: 'warn', journal: badTenant(false) },
    {
      ...{ oracle: 'breaker-spares-others', expected: 'fail', journal: badTenant(false) },
      params: { severity: 'fail' },
    },
    { oracle: 'right-blast-radius', expected: 'pass', journal: chatIsBack(3) },
    { oracle: 'right-blast-radius', expected: 'warn', journal: chatIsBack(40) },
    { oracle: 'right-blast-radius', expected: 'fail', journal: chatIsBack(60), params: { severity: 'fail' } },
    { oracle: 'time-to-detect', expected: 'pass', journal: notices(10 * second) },
    { oracle: 'time-to-detect', expected: 'warn', journal: notices(3 * minute) },
    { oracle: 'time-to-detect', expected: 'fail', journal: notices(4 * minute), params: { severity: 'fail' } },
  ]
}

/** A task that a breaker turns away. */
export function turnedAway(journal: JournalBuilder, t: number, tenant = 'tenant-1'): void {
  journal.task(t, { tenant }).settle(t + 2, 'failed', { error: 'BreakerOpenError' })
}

/** Twenty failures at the start of the outage, then an attempt so often. */
function probing(everyMs: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 20; i++) failedTask(journal, second + i * second)
  for (let t = 40 * second; t < 10 * minute; t += everyMs) failedTask(journal, t)
  for (let t = 41 * second; t < 10 * minute; t += 30 * second) turnedAway(journal, t)
  return journal
}

function row(count: number, apartMs: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++) failedTask(journal, second + i * apartMs)
  return journal
}

/** A breaker opens for half a minute, and then lets so many through at once. */
export function halfOpen(probes: number, turned = 4): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 5; i++) failedTask(journal, second + i * 400)
  for (let i = 0; i < turned; i++) turnedAway(journal, (5 + i * 5) * second)
  for (let i = 0; i < probes; i++) failedTask(journal, 33 * second + i * 10)
  return journal
}

/** One tenant's requests are bad; the others are answered, or turned away. */
export function badTenant(areOthersServed: boolean): JournalBuilder {
  const journal = new JournalBuilder(nothingWrong, nothingWrongText)
  for (let i = 0; i < 5; i++) {
    const t = second + i * second
    const bad = journal.task(t, { tenant: 'tenant-1' })
    bad.call().attempt(t, { status: 400 })
    bad.settle(t + 200, 'failed', { error: 'BadRequestError' })
  }
  for (let i = 0; i < 3; i++) healthyTask(journal, 2_500 + i * second, { tenant: 'tenant-3' })
  for (let i = 0; i < 4; i++)
    if (areOthersServed) healthyTask(journal, (10 + i) * second, { tenant: 'tenant-2' })
    else turnedAway(journal, (10 + i) * second, 'tenant-2')
  return journal
}

const nothingWrong: Scenario = {
  ...{ blackstart: 1, id: 'all-well', provider: 'anthropic' },
  phases: [{ name: 'all-well', for: 10 * minute }],
}

const nothingWrongText = `blackstart: 1
id: all-well
provider: anthropic
phases:
  - { name: all-well, for: 10m }
`

/** The chat heals after ten minutes, the API after twenty. */
const staged: Scenario = {
  ...{ blackstart: 1, id: 'chat-first', provider: 'anthropic' },
  phases: [
    {
      ...{ name: 'all-down', for: 10 * minute },
      faults: [{ surface: ['chat', 'api'], fault: { id: 'overloaded', params: {} } }],
    },
    {
      ...{ name: 'api-down', for: 10 * minute },
      faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }],
    },
  ],
}

const stagedText = `blackstart: 1
id: chat-first
provider: anthropic
phases:
  - { name: all-down, for: 10m, faults: [{ surface: [chat, api], fault: overloaded }] }
  - { name: api-down, for: 10m, faults: [{ surface: api, fault: overloaded }] }
`

/** An app that looks at the chat every minute, and sends so many attempts to the API in the minute after that is back. */
export function chatIsBack(attempts: number): JournalBuilder {
  const journal = new JournalBuilder(staged, stagedText)
  for (let minutes = 0; minutes < 13; minutes++) {
    const t = minutes * minute + 5_000
    journal.call(t, { surface: 'chat' }).attempt(t, { status: minutes < 10 ? 529 : 200 })
    if (minutes !== 10) failedTask(journal, t + 20_000)
  }
  for (let i = 0; i < attempts; i++) failedTask(journal, 10 * minute + 6_000 + i * 500)
  return journal
}

/** Tasks fail one after another until the app turns to its old answers. */
function notices(afterMs: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let t = second; t < 5 * minute; t += 2 * second) {
    if (t < afterMs) failedTask(journal, t)
    else if (t % (20 * second) === second) failedTask(journal, t)
    else
      journal.task(t).settle(t + 5, 'degraded', {
        ...{ claimed: true, answer: 'complete', source: 'cache', labelled: true, ageMs: 60_000 },
      })
  }
  for (let t = 5 * minute; t < 10 * minute; t += 20 * second) failedTask(journal, t)
  return journal
}
