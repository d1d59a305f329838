import { expect, test } from 'vitest'
import type { Outcome } from '../../../src/journal/event.ts'
import { draw } from '../../../src/lib/draw.ts'
import type { Phase, Scenario } from '../../../src/model/scenario.ts'
import { chancePeak } from '../../../src/oracles/herd-at-restore.ts'
import { failedTask, healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'
import { judge, severities } from './support.ts'

const down = (name: string, length: number, surface: string): Phase => ({
  ...{ name, for: length },
  faults: [{ surface: [surface], fault: { id: 'overloaded', params: {} } }],
})

function scenarioOf(...phases: readonly Phase[]): Scenario {
  return { blackstart: 1, id: 'hand-made', provider: 'anthropic', phases }
}

/** Tasks that all end alike, without an attempt: as behind a breaker. */
function shut(journal: JournalBuilder, from: number, count: number, outcome: Outcome): void {
  for (let i = 0; i < count; i++) {
    const t = from + i * 10 * second
    journal.task(t).settle(t + 5, outcome, { claimed: true })
  }
}

test.each(['failed', 'degraded', 'queued'] as const)(
  'a client whose tasks all end %s two minutes after the heal has not recovered',
  outcome => {
    const journal = new JournalBuilder()
    failedTask(journal, second)
    shut(journal, 12 * minute, 6, outcome)

    expect(judge('recovers', journal).findings).toMatchObject([
      { severity: 'fail', phase: 'healed', message: expect.stringContaining(`0% settled ok, not 95% (6 ${outcome})`) },
    ])
  },
)

test('fewer than five later tasks are too few to judge', () => {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  shut(journal, 12 * minute, 4, 'failed')

  expect(judge('recovers', journal)).toMatchObject({
    examined: 0,
    vacuous: expect.stringContaining('only 4 tasks began 2m'),
  })
})

test('a client is given its time, and no more', () => {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  shut(journal, 10 * minute, 12, 'failed')
  for (let i = 0; i < 6; i++) healthyTask(journal, 12 * minute + i * 10 * second)

  expect(severities(judge('recovers', journal))).toEqual([])
  expect(judge('recovers', journal, { within: 30 * second }).findings[0]?.message).toMatch(
    /40% settled ok.*\(9 failed\).*had it 2m2s after/,
  )
})

test('a fallback nobody can reach is no excuse for leaving a healed primary alone', () => {
  const journal = new JournalBuilder(
    {
      ...scenarioOf(down('both', 5 * minute, 'api'), { name: 'primary back', for: 6 * minute }),
      faults: [
        {
          ...{ from: { phase: 'start', offset: 0 }, until: { phase: 'end', offset: 0 } },
          ...{ surface: ['openai.api'], fault: { id: 'overloaded', params: {} } },
        },
      ],
    },
    '',
  )
  const onSecondary = (t: number, isFirst: boolean) => {
    const task = journal.task(t)
    if (isFirst) task.call(t).overloaded(t)
    task.call(t + 300, { provider: 'openai', surface: 'api.chat' }).overloaded(t + 300)
    task.settle(t + 600, 'failed')
  }
  onSecondary(second, true)
  for (let i = 0; i < 6; i++) onSecondary(7 * minute + i * 10 * second, false)

  expect(judge('recovers', journal).findings).toMatchObject([
    { message: expect.stringContaining('anthropic.api.messages was healthy from 5m on') },
  ])
})

test.each([
  [400, 0],
  [529, 1],
])('a fallback is not expected to help with a %i of a primary that is still down', (status, accused) => {
  const journal = new JournalBuilder(
    scenarioOf(down('both', 2 * minute, 'openai.api'), down('primary', 10 * minute, 'api')),
    '',
  )
  const both = journal.task(second)
  both.call(second).overloaded(second)
  both.call(2 * second, { provider: 'openai', surface: 'api.chat' }).overloaded(2 * second)
  both.settle(3 * second, 'failed')
  for (let i = 0; i < 6; i++) {
    const t = 5 * minute + i * 10 * second
    const task = journal.task(t)
    task.call(t, { provider: 'openai', surface: 'api.chat' }).answered(t)
    task.settle(t + 1_500, 'ok')
    const turnedDown = journal.task(t + second)
    turnedDown.call(t + second).attempt(t + second, { status })
    turnedDown.settle(t + second + 300, 'failed')
  }

  expect(severities(judge('recovers', journal))).toHaveLength(accused)
})

test('another provider’s own outage is not held against a healed one', () => {
  const journal = new JournalBuilder(
    scenarioOf(down('ours', 2 * minute, 'api'), down('theirs', 10 * minute, 'openai.api')),
    '',
  )
  failedTask(journal, second)
  for (let i = 0; i < 6; i++) {
    const t = 5 * minute + i * 10 * second
    healthyTask(journal, t)
    const task = journal.task(t)
    task.call(t, { provider: 'openai', surface: 'api.chat' }).overloaded(t)
    task.settle(t + 300, 'failed')
  }

  expect(judge('recovers', journal)).toMatchObject({ examined: 6, findings: [] })
})

test('an app that never got to call anything is judged on all its tasks', () => {
  const journal = new JournalBuilder()
  shut(journal, 12 * minute, 6, 'failed')

  expect(severities(judge('recovers', journal))).toEqual(['fail'])
})

test('an outage of a surface that the app does not use is vacuous', () => {
  const journal = new JournalBuilder(scenarioOf(down('login', 10 * minute, 'login')), '')
  for (let i = 0; i < 10; i++) healthyTask(journal, 12 * minute + i * second)

  expect(judge('recovers', journal)).toMatchObject({
    examined: 0,
    vacuous: 'no surface that the app uses had an outage',
  })
})

test('a surface named in the scenario is the one that is judged', () => {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  shut(journal, 12 * minute, 6, 'failed')

  expect(judge('recovers', journal, { surface: ['anthropic.api'] }).findings[0]?.message).toContain(
    'anthropic.api was healthy',
  )
  expect(judge('recovers', journal, { surface: ['anthropic.login'] }).examined).toBe(0)
})

/** Ours fails for two minutes, theirs for the ten after it. */
function twoOutages(): JournalBuilder {
  return new JournalBuilder(scenarioOf(down('ours', 2 * minute, 'api'), down('theirs', 10 * minute, 'openai.api')), '')
}

test('a breaker open for another provider alone says nothing of ours', () => {
  const journal = twoOutages()
  failedTask(journal, second)
  const theirs = journal.task(3 * minute)
  theirs.call(3 * minute, { provider: 'openai', surface: 'api.chat' }).overloaded(3 * minute)
  theirs.settle(3 * minute + 300, 'failed')
  shut(journal, 5 * minute, 6, 'failed')

  expect(judge('recovers', journal)).toMatchObject({ examined: 0, findings: [] })
})

test('a task that got what it wanted from us and failed at another provider is not held against us', () => {
  const journal = twoOutages()
  failedTask(journal, second)
  for (let i = 0; i < 6; i++) {
    const t = 5 * minute + i * 10 * second
    healthyTask(journal, t)
    const task = journal.task(t)
    task.call(t).answered(t)
    task.call(t + 2_000, { provider: 'openai', surface: 'api.chat' }).overloaded(t + 2_000)
    task.settle(t + 2_500, 'failed')
  }

  expect(judge('recovers', journal)).toMatchObject({ examined: 6, findings: [] })
})

test('a task that is young at the end of the run is not held against recovery, an old open one is', () => {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  for (let i = 0; i < 6; i++) healthyTask(journal, 12 * minute + i * second)
  journal.task(14.5 * minute)

  expect(judge('recovers', journal)).toMatchObject({ examined: 6, findings: [] })

  journal.task(12 * minute)
  expect(judge('recovers', journal).findings[0]?.message).toContain('(1 still open)')
})

/** Calls that fail shortly before the heal at ten minutes and come back `delayMs` after it. */
function waiting(count: number, delayMs: (i: number) => number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < count; i++)
    journal
      .call(9.5 * minute)
      .overloaded(9.5 * minute + i)
      .answered(Math.round(10 * minute + delayMs(i)))
  return journal
}

test.each([1, 2, 3, 4, 5])('full jitter comes back without a herd, whatever the draw (%i)', seed => {
  for (const count of [50, 200, 1_000])
    expect(
      severities(
        judge(
          'herd-at-restore',
          waiting(count, i => draw(seed, i) * 60 * second),
        ),
      ),
    ).toEqual([])
})

test.each([
  ['all in one instant', () => 5_000, ['fail']],
  ['all within a second that no whole second holds', (i: number) => 5_500 + i * 4, ['fail']],
  ['a fifth of them together', (i: number) => (i % 5 === 0 ? 5_000 : 6_000 + i * 200), ['warn']],
  ['evenly over a minute', (i: number) => i * 300, []],
  ['all together, but after the minute', () => 61_000, []],
])('of 200 waiting calls, %s', (_, delayMs, expected) => {
  expect(severities(judge('herd-at-restore', waiting(200, delayMs)))).toEqual(expected)
})

test('fewer than 50 waiting calls are too few to judge', () => {
  expect(
    judge(
      'herd-at-restore',
      waiting(49, () => 5_000),
    ),
  ).toMatchObject({
    examined: 0,
    vacuous: 'at most 49 calls waited when the provider came back; 50 are needed',
  })
})

test('a client that gives up at once leaves no herd behind', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 100; i++) failedTask(journal, 9 * minute + i * 500)
  for (let i = 0; i < 100; i++) healthyTask(journal, 10 * minute + 5 * second)

  expect(judge('herd-at-restore', journal).examined).toBe(0)
})

test('tasks let go together by a breaker are a herd, though they had not asked before', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 60; i++) {
    const task = journal.task(9 * minute + i * 500)
    task.call(10 * minute + 3 * second).answered(10 * minute + 3 * second + i)
    task.settle(10 * minute + 6 * second, 'ok')
  }

  expect(severities(judge('herd-at-restore', journal))).toEqual(['fail'])
})

test('a crowd of users that asked a moment before the heal is no herd of the client’s', () => {
  const asked = (fromMs: number) => {
    const journal = new JournalBuilder()
    for (let i = 0; i < 60; i++) {
      const task = journal.task(fromMs + i * 10)
      const call = task.call().overloaded(fromMs + i * 10)
      call.answered(10 * minute + second + i * 10)
      task.settle(10 * minute + 6 * second, 'ok')
    }
    return severities(judge('herd-at-restore', journal))
  }

  expect(asked(9.5 * minute)).toEqual([])
  expect(asked(8.5 * minute)).toEqual(['fail'])
})

test('a peak that chance explains is never a finding', () => {
  // 13 of 50 is more than a quarter.
  const judged = (together: number) =>
    severities(
      judge(
        'herd-at-restore',
        waiting(50, i => (i < together ? 5_000 : 6_500 + i * 1_000)),
      ),
    )

  expect(judged(13)).toEqual([])
  expect(judged(14)).toEqual(['fail'])
})

test.each([
  [50, 13],
  [200, 25],
  [1_000, 70],
])('of %i waiting, chance puts at most %i into one second', (count, peak) => {
  expect(chancePeak(count)).toBe(peak)
})

test('those who wait and never come back count as waiting', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 100; i++) {
    const task = journal.task(9 * minute)
    // An earlier call of the same task is done with; only the last one waits.
    task.call(9 * minute).overloaded(9 * minute + i)
    const last = task.call(9.5 * minute)
    last.overloaded(9.5 * minute + i)
    if (i < 40) last.answered(10 * minute + 3 * second + i)
    task.settle(i < 40 ? 11 * minute : 20 * minute, i < 40 ? 'ok' : 'failed')
  }

  expect(judge('herd-at-restore', journal).findings[0]?.message).toMatch(/^40 of the 100 calls/)
})

test('a heal into a rate limit is a heal', () => {
  const scenario = scenarioOf(down('blackout', 10 * minute, 'api'), {
    ...{ name: 'limited', for: 10 * minute },
    limits: [{ surface: ['api'], requests: 60 }],
  })
  const journal = new JournalBuilder(scenario, '')
  for (let i = 0; i < 60; i++)
    journal
      .call(9.5 * minute)
      .overloaded(9.5 * minute)
      .answered(10 * minute + second)

  expect(judge('herd-at-restore', journal).findings).toMatchObject([{ severity: 'fail', phase: 'limited' }])
})

test('calls in flight across the heal that are answered do not wait', () => {
  const journal = new JournalBuilder()
  for (let i = 0; i < 60; i++) {
    const task = journal.task(9.9 * minute)
    task.call().answered(9.9 * minute, 20 * second)
    task.settle(11 * minute, 'ok')
  }

  expect(judge('herd-at-restore', journal).examined).toBe(0)
})
