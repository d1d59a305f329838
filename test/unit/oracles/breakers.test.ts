import { expect, test } from 'vitest'
import { failedTask, healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { badTenant, chatIsBack, halfOpen, turnedAway } from '../../support/journals/breakers.ts'
import { judge, severities } from './support.ts'

test('an app without a breaker is not asked to be quiet unless it is named; where it is, it fails', () => {
  const journal = new JournalBuilder()
  for (let t = 0; t < 10 * minute; t += 2 * second) failedTask(journal, t)

  expect(judge('quiet-while-down', journal)).toMatchObject({
    examined: 1,
    findings: [{ severity: 'fail', message: expect.stringMatching(/^instance 0 sent 285 attempts/) }],
  })
})

test('quiet-while-down allows the probes of each instance, and some more', () => {
  const journal = (every: number) => {
    const made = new JournalBuilder()
    for (let i = 0; i < 20; i++) failedTask(made, i * second)
    for (let t = 40 * second; t < 10 * minute; t += every) failedTask(made, t)
    return made
  }

  expect(judge('quiet-while-down', journal(28 * second)).findings).toEqual([])
  expect(severities(judge('quiet-while-down', journal(5 * second)))).toEqual(['fail'])
  expect(
    severities(judge('quiet-while-down', journal(28 * second), { every: 600_000, burst: 0, of_tasks: 0 })),
  ).toEqual(['fail'])
})

test('an outage in which some things work says nothing of breakers', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 100; i++) {
    if (i % 5 === 0) healthyTask(journal, i * second)
    else failedTask(journal, i * second)
  }

  expect(judge('quiet-while-down', journal).vacuous).toMatch(/in no outage/)
})

test.each([
  [19, 0],
  [20, 1],
])('breaker-opens looks after %i failures in a row: %i times', (count, examined) => {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++) failedTask(journal, i * 500)

  expect(judge('breaker-opens', journal).examined).toBe(examined)
})

test('breaker-opens allows one probe, and what was on its way', () => {
  const journal = (late: readonly number[]) => {
    const made = new JournalBuilder()
    for (let i = 0; i < 20; i++) failedTask(made, i * 500)
    for (const t of late) failedTask(made, 9_700 + t)
    return made
  }

  expect(judge('breaker-opens', journal([3_000])).findings).toEqual([])
  expect(judge('breaker-opens', journal([-100, -50, 3_000])).findings).toEqual([])
  expect(judge('breaker-opens', journal([5_001, 5_100, 5_200])).findings).toEqual([])
  expect(severities(judge('breaker-opens', journal([3_000, 4_000])))).toEqual(['fail'])
  expect(severities(judge('breaker-opens', journal([3_000]), { probes: 0 }))).toEqual(['fail'])
})

test('an answer in between starts the count of failures anew, a 429 does not count', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 40; i++) {
    if (i === 15 || i === 30) healthyTask(journal, i * 2_000)
    else failedTask(journal, i * 2_000)
  }
  for (let i = 0; i < 30; i++) journal.call(3 * minute + i * 100).attempt(3 * minute + i * 100, { status: 429 })

  expect(judge('breaker-opens', journal).examined).toBe(0)
})

test.each([
  [1, []],
  [10, []],
  [11, ['warn']],
])('bounded-half-open-probes: %i attempts at once after a silence', (probes, expected) => {
  const judgement = judge('bounded-half-open-probes', halfOpen(probes))

  expect(judgement.examined).toBe(1)
  expect(severities(judgement)).toEqual(expected)
})

test('a silence in which nobody asked is no open breaker', () => {
  expect(judge('bounded-half-open-probes', halfOpen(20, 2))).toMatchObject({
    examined: 0,
    vacuous: 'no breaker was seen to open',
  })
})

test('what comes after the first probe was answered is no flood', () => {
  const journal = halfOpen(1)
  for (let i = 0; i < 30; i++) failedTask(journal, 34 * second + i * 10)

  expect(judge('bounded-half-open-probes', journal).findings).toEqual([])
})

test('tasks of others turned away for the bad requests of one tenant are a finding, once there are three', () => {
  expect(severities(judge('breaker-spares-others', badTenant(false)))).toEqual(['warn'])
  expect(judge('breaker-spares-others', badTenant(true))).toMatchObject({ examined: 1, findings: [] })
})

test.each<[string, (journal: JournalBuilder) => void]>([
  ['a provider that has failed others, too', journal => failedTask(journal, 6 * second, { tenant: 'tenant-2' })],
  [
    'bad requests of two tenants',
    journal =>
      journal
        .task(6 * second, { tenant: 'tenant-3' })
        .call()
        .attempt(6 * second, { status: 400 }),
  ],
])('breaker-spares-others takes %s for a reason', (_, play) => {
  const journal = badTenant(false)
  play(journal)

  expect(judge('breaker-spares-others', journal).findings).toEqual([])
})

test.each([
  ['of its own', 'key-2', 1],
  ['that all share', 'canary', 0],
])('the spent limit of a key %s', (_, otherKey, examined) => {
  const journal = new JournalBuilder()
  const limited = journal.task(second, { tenant: 'tenant-1' })
  limited.call().attempt(second, { status: 429 })
  limited.settle(2 * second, 'failed')
  for (let i = 0; i < 3; i++) {
    const t = (4 + i) * second
    const served = journal.task(t, { tenant: 'tenant-2' })
    served.call().attempt(t, { status: 200, key: otherKey })
    served.settle(t + 300, 'ok')
  }
  for (let i = 0; i < 4; i++) turnedAway(journal, (10 + i) * second, 'tenant-2')

  const judgement = judge('breaker-spares-others', journal)

  expect(judgement.examined).toBe(examined)
  expect(judgement.findings).toHaveLength(examined)
})

test.each([
  [20, []],
  [21, ['warn']],
])('right-blast-radius: %i attempts at the API in the minute after the chat is back', (attempts, expected) => {
  // One of the app's own looks at the chat stands in every minute.
  expect(severities(judge('right-blast-radius', chatIsBack(attempts - 1)))).toEqual(expected)
})

test('an app that looks at nothing else has nothing to be misled by', () => {
  const journal = chatIsBack(40)
  const alone = new JournalBuilder()
  failedTask(alone, second)

  expect(judge('right-blast-radius', journal).examined).toBeGreaterThan(40)
  expect(judge('right-blast-radius', alone).vacuous).toMatch(/came back while another/)
})

/** A failure each second; from then on old answers. */
function turnsAfter(ms: number, everyMs = second): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 40; i++) failedTask(journal, i * everyMs)
  journal.task(ms).settle(ms + 5, 'degraded', { claimed: true, answer: 'complete', source: 'cache', labelled: true })
  return journal
}

test.each([
  ['within half a minute', 30 * second, []],
  ['later', 31 * second, ['warn']],
])('time-to-detect: an app that turns to its cache %s', (_, ms, expected) => {
  expect(severities(judge('time-to-detect', turnsAfter(ms)))).toEqual(expected)
})

test('a quiet app has until it has seen twenty failures', () => {
  expect(severities(judge('time-to-detect', turnsAfter(3 * minute, 10 * second)))).toEqual([])
  expect(severities(judge('time-to-detect', turnsAfter(4 * minute, 10 * second)))).toEqual(['warn'])
})

test('an app that turns to nothing else is honest, and not slow', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 40; i++) failedTask(journal, i * second)

  expect(judge('time-to-detect', journal)).toMatchObject({ examined: 0, vacuous: 'the app turned to nothing else' })
})
