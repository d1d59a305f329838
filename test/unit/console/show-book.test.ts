import { expect, test } from 'vitest'
import { ChartBook } from '../../../src/console/chart-book.ts'
import { ConsoleShow } from '../../../src/console/show.ts'
import { ShowBook } from '../../../src/console/show-book.ts'
import { LiveTimeline } from '../../../src/drill/live-timeline.ts'
import type { AttemptOutcome, JournalEvent } from '../../../src/journal/event.ts'
import { landings } from '../../../src/model/landing.ts'
import { createWorld } from '../../../src/model/world.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { planOf, ShownDrill, tasks } from './visiting.ts'

const minute = 60_000
const plan = planOf()

function attempt(t: number, id: string, { n = 1, effect = 'pass', outcome = 'ok' as AttemptOutcome } = {}) {
  const call = `c${id}`
  const on = { provider: 'anthropic', surface: 'api', streaming: false, bodyHash: 'h' }
  return [
    ...(n === 1 ? [{ type: 'call-started', t, call, ...on } as const] : []),
    {
      ...{ type: 'attempt-started', t, attempt: `${id}.${n}`, call, n, instance: 0, key: 'k', ...on },
      ...{ attributedBy: 'context', phase: 'blaze', effect },
    } as const,
    { type: 'attempt-ended', t, attempt: `${id}.${n}`, outcome, bytes: 0 } as const,
  ] satisfies JournalEvent[]
}

test('the charts are what the journal says, bin by bin', () => {
  const charts = new ChartBook({ startMs: -2 * minute, endMs: 298 * minute })
  for (const event of [
    ...tasks(-minute, ['ok'], 400),
    ...attempt(-minute, 'a'),
    ...tasks(minute, ['ok', 'failed', 'failed'], 2_000),
    ...attempt(minute, 'b', { outcome: 'error' }),
    ...attempt(minute + 1, 'b', { n: 2, effect: 'limited', outcome: 'error' }),
    { type: 'job-submitted', t: 2 * minute, job: 'j1' } as const,
    { type: 'job-submitted', t: 2 * minute, job: 'j2' } as const,
    { type: 'job-done', t: 4 * minute, job: 'j1' } as const,
  ])
    charts.take(event)
  charts.advance(12 * minute)

  const { widthMs, startMs, rows } = charts.rows(0, plan)
  expect([widthMs, startMs, rows.length]).toEqual([minute, -2 * minute, 15])
  const empty = { tasks: {}, attempts: {}, calls: 0, retries: 0, backlog: 0, providers: {}, limited: 0 }
  expect(rows[0]).toEqual(empty)
  expect(rows[1]).toMatchObject({ tasks: { ok: 1 }, attempts: { ok: 1 }, calls: 1, providers: { anthropic: 1 } })
  expect(rows[3]).toMatchObject({
    ...{ tasks: { ok: 1, failed: 2 }, attempts: { error: 2 }, calls: 1, retries: 1, limited: 1, backlog: 0 },
    providers: { anthropic: 2 },
  })
  for (const name of ['p50Ms', 'p95Ms'] as const) expect(Math.abs((rows[3]?.[name] ?? 0) - 2_000)).toBeLessThan(100)
  expect(rows.slice(4).map(({ backlog }) => backlog)).toEqual([2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1])
  // The second phase, ten minutes in, lets 30 through.
  expect(rows.map(({ limitPerMinute }) => limitPerMinute).slice(10)).toEqual([undefined, undefined, 30, 30, 30])
})

test('a fault that lasts over several phases is listed with the first and the last of them', () => {
  const links = { facilitator: '', responder: '', observer: '' }
  const long = planOf(`blackstart: 1
id: long
phases: [{ name: one, for: 5m }, { name: two, for: 5m }, { name: three, for: 5m }, { name: four, for: 5m }]
faults: [{ from: one, until: four, surface: api, fault: overloaded }]
`)
  const show = new ConsoleShow({ plan: long, catalogue, speed: 1, checks: [], links })
  const drill = new ShownDrill(long)
  const [fault] = landings({ plan: long, world: createWorld(), users: 1, tasksOpenIn: () => false, lineOf: () => 1 })
  if (!fault) throw new Error('The plan has no fault.')
  drill.now = { ...drill.now, faults: [fault] }
  show.attach(drill, { onLog: () => {}, failed: () => {} })

  expect(show.view('facilitator', { facilitator: 1, responder: 0, observer: 0 })).toMatchObject({
    faults: [{ entry: 'faults[0]', phase: 'one to three' }],
  })
})

test('surfaces to inject into begin with those that were asked, the most asked of them first', () => {
  const links = { facilitator: '', responder: '', observer: '' }
  const show = new ConsoleShow({ plan, catalogue, speed: 1, checks: [], links })
  const drill = new ShownDrill(plan)
  show.attach(drill, { onLog: () => {}, failed: () => {} })
  const offered = () => {
    const view = show.view('facilitator', { facilitator: 1, responder: 0, observer: 0 })
    return view.role === 'responder' ? [] : view.surfaces
  }
  const before = offered()

  const asked = (provider: string, surface: string, id: string) => {
    for (const event of attempt(minute, id)) drill.write('surface' in event ? { ...event, provider, surface } : event)
  }
  asked('openai', 'api.responses', '1')
  asked('anthropic', 'api.messages', '2')
  asked('anthropic', 'api.messages', '3')

  expect(before[0]).toBe('chat')
  expect(offered().slice(0, 3)).toEqual(['api.messages', 'openai.api.responses', 'chat'])
  expect(offered().toSorted()).toEqual(before.toSorted())
})

test('a show has the same id in the process that goes on with it, another show has another, and none tells a token', () => {
  const idWith = (token: string) => {
    const links = { facilitator: `/facilitator#token=${token}`, responder: '', observer: '' }
    const show = new ConsoleShow({ plan, catalogue, speed: 1, checks: [], links })
    return show.view('responder', { facilitator: 0, responder: 1, observer: 0 }).show
  }

  expect(idWith('first-token')).toBe(idWith('first-token'))
  expect(idWith('second-token')).not.toBe(idWith('first-token'))
  expect(idWith('first-token')).not.toContain('first-token')
})

test('a show that lasts longer than planned has wider bins, and no more of them; nothing is lost', () => {
  const charts = new ChartBook({ startMs: 0, endMs: 300_000 })
  for (let t = 0; t < 1_000_000; t += 500) for (const event of tasks(t, ['ok'], 100)) charts.take(event)

  const { widthMs, rows } = charts.rows(0, plan)

  expect(widthMs).toBe(4_000)
  expect(rows.length).toBe(250)
  expect(rows.map(({ tasks }) => tasks.ok)).toEqual(rows.map(() => 8))
})

test('a stop condition is told with how near it is, once enough has settled', () => {
  const book = new ShowBook(plan)
  const near = (t: number) => book.stops.shares(t).map(({ now }) => now)
  tasks(minute, ['failed', 'ok', 'ok', 'ok'], 10).forEach((event, i) => void book.take(event, i))
  expect(near(minute)).toEqual([undefined])
  tasks(2 * minute, ['failed'], 10).forEach((event, i) => void book.take(event, 10 + i))

  expect(near(2 * minute)).toEqual([0.4])
  // Five minutes later the first four are forgotten.
  expect(near(6 * minute + 11)).toEqual([undefined])
})

test('while a phase is held, what comes after it is drawn as if it were let go now', () => {
  const timeline = new LiveTimeline(plan)
  const drill = new ShownDrill(plan)
  drill.plan = () => timeline.plan()
  const links = { facilitator: '', responder: '', observer: '' }
  const show = new ConsoleShow({ plan, catalogue, speed: 1, checks: [], links })
  show.attach(drill, { onLog: () => {}, failed: () => {} })

  timeline.hold(4 * minute)
  drill.write({ type: 'mark', t: 4 * minute, mark: 'held' })
  drill.now = { ...drill.now, t: 7 * minute, held: true }
  const view = show.view('facilitator', { facilitator: 1, responder: 0, observer: 0 })

  if (view.role === 'responder') throw new Error('This is the view of a facilitator.')
  expect(view.phases.map(({ name, startMs, endMs }) => [name, startMs / minute, endMs / minute])).toEqual([
    ['blaze', 0, 13],
    ['embers', 13, 23],
  ])
  expect([view.lengthMs / minute, view.endMs / minute]).toEqual([23, 28])
  expect(view.next.map(({ t, kind }) => [t / minute, kind])).toEqual([
    ...[
      [8, 'status'],
      [8, 'action'],
      [13, 'phase'],
      [13, 'limit'],
      [23, 'phase'],
    ],
  ])
})
