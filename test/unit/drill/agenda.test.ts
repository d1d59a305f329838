import { expect, test } from 'vitest'
import { Agenda, type Item } from '../../../src/drill/agenda.ts'
import { LiveTimeline } from '../../../src/drill/live-timeline.ts'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { HandClock } from '../engines/pass-through/hand-clock.ts'
import { planOf } from './support.ts'

const plan = planOf('phases: [{ name: a, for: 10s }, { name: b, for: 10s }]')

function agendaOf(...items: readonly (Omit<Item, 'run'> & { readonly name: string; run?(): void })[]) {
  const clock = new HandClock()
  const timeline = new LiveTimeline(plan)
  const done: string[] = []
  const agenda = new Agenda(
    items.map(({ name, run, ...item }) => ({
      ...item,
      run(t) {
        done.push(`${name} at ${t}`)
        run?.()
      },
    })),
    { clock, t: () => clock.now(), live: s => timeline.live(s) },
  )
  return { clock, timeline, agenda, done }
}

test('each item is done when its time comes, and those of one instant in the order given', async () => {
  const { clock, agenda, done } = agendaOf(
    ...[
      { name: 'late', s: 9_000 },
      { name: 'one', s: 2_000 },
      { name: 'two', s: 2_000 },
      { name: 'first', s: 0 },
    ],
  )
  agenda.proceed()
  await clock.pass(5_000)
  expect(done).toEqual(['first at 0', 'one at 2000', 'two at 2000'])

  await clock.pass(5_000)
  expect(done.at(-1)).toBe('late at 9000')
})

test('what was put off waits, and what was moved up comes at once', async () => {
  const { clock, timeline, agenda, done } = agendaOf({ name: 'a', s: 5_000 }, { name: 'b', s: 10_000 })
  agenda.proceed()
  await clock.pass(2_000)
  timeline.hold(2_000)
  agenda.proceed()
  await clock.pass(60_000)
  expect(done).toEqual([])

  timeline.release(62_000)
  timeline.skipTo(9_000, 62_000)
  agenda.proceed()
  expect(done).toEqual(['a at 62000'])
  await clock.pass(1_000)
  expect(done.at(-1)).toBe('b at 63000')
})

test('an item over which the timeline has jumped is left out where it says so', async () => {
  const { clock, timeline, agenda, done } = agendaOf(
    { name: 'crash', s: 5_000, isMoot: () => timeline.isSkipped(5_000) },
    { name: 'status', s: 6_000 },
  )
  agenda.proceed()
  await clock.pass(1_000)
  timeline.skipTo(10_000, 1_000)
  agenda.proceed()

  expect(done).toEqual(['status at 1000'])
})

test('one that moves the timeline has what comes next in its new place', async () => {
  const { clock, timeline, agenda, done } = agendaOf(
    {
      name: 'moves',
      s: 1_000,
      run: () => {
        timeline.delay(2_000, 5_000)
        agenda.proceed()
      },
    },
    { name: 'moved', s: 2_000 },
  )
  agenda.proceed()
  await clock.pass(2_000)
  expect(done).toEqual(['moves at 1000'])

  await clock.pass(5_000)
  expect(done.at(-1)).toBe('moved at 7000')
})

test('after it was disposed of nothing comes any more', async () => {
  const { clock, agenda, done } = agendaOf({ name: 'a', s: 1_000 })
  agenda.proceed()
  agenda[Symbol.dispose]()
  agenda.proceed()
  await clock.pass(5_000)

  expect(done).toEqual([])
  expect(clock.waiting).toBe(0)
})

test('what another process has done is left out; what was due and is not told of is still to come', async () => {
  const told = (phase: string) => ({
    isToldBy: (event: JournalEvent) => event.type === 'phase-entered' && event.phase === phase,
  })
  const { clock, agenda, done } = agendaOf(
    { name: 'done', s: 1_000, ...told('done') },
    { name: 'silent', s: 1_500 },
    // Its timer was late, and the process died before it fired.
    { name: 'missed', s: 2_000, ...told('missed') },
    { name: 'next', s: 3_000, ...told('next') },
  )
  await clock.pass(2_001)

  agenda.leaveOutDone([
    { type: 'phase-entered', t: 500, phase: 'missed' },
    { type: 'phase-entered', t: 1_003, phase: 'done' },
  ])
  agenda.proceed()
  await clock.pass(1_000)

  expect(done).toEqual(['missed at 2001', 'next at 3000'])
})
