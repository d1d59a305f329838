import { expect, test } from 'vitest'
import { RealClock } from '../../../src/clock/real.ts'
import { Agenda } from '../../../src/drill/agenda.ts'
import { itemsOf } from '../../../src/drill/items.ts'
import { JournalFile } from '../../../src/drill/journal-file.ts'
import { LiveTimeline } from '../../../src/drill/live-timeline.ts'
import { Steering } from '../../../src/drill/steering.ts'
import { phaseNameAt } from '../../../src/model/timeline.ts'
import { providersFor } from '../../../src/providers/for-run.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { Injections } from '../../../src/run/injections.ts'
import { Stage } from '../../../src/run/stage.ts'
import { planOf } from './support.ts'

const scenario = `
phases:
  - { name: a, for: 10m, faults: [{ surface: api, fault: overloaded }] }
  - { name: b, for: 10m }
  - { name: c, for: 10m, faults: [{ surface: api, fault: unavailable }] }
status_page: [{ at: b + 1m, incident: monitoring }]
events: [{ at: b + 2m, offline: 1m }]
`

/** A drill of three phases, in the first of them; nobody asks anything. */
class Steered implements Disposable {
  readonly steering: Steering
  readonly stage: Stage<RealClock>
  /** How often the wire was brought to what is in force. */
  applied = 0
  private readonly journal = new JournalFile(undefined)
  private readonly agenda: Agenda

  constructor({ warmUpMs = 0 } = {}) {
    const written = { ...planOf(scenario), warmUpMs }
    const tracks = [...written.tracks]
    const clock = new RealClock()
    this.stage = new Stage({
      ...{
        plan: { ...written, tracks },
        seed: 1,
        providers: providersFor(written.scenario),
        clock,
        journal: this.journal,
      },
    })
    this.stage.beginWarmUp()
    const timeline = new LiveTimeline(written)
    const apply = () => {
      this.applied++
    }
    this.agenda = new Agenda(
      itemsOf({
        ...{ stage: this.stage, written, apply, targets: () => undefined },
        isSkipped: s => timeline.isSkipped(s),
      }),
      { clock, t: () => this.stage.t(), live: s => timeline.live(s) },
    )
    this.steering = new Steering({
      ...{ stage: this.stage, journal: this.journal, timeline, agenda: this.agenda, apply, ownTracks: tracks.length },
      injections: new Injections(this.stage, tracks, catalogue),
    })
    this.agenda.proceed()
  }

  phase(inMs = 0): string {
    const { phases, lengthMs } = this.stage.plan
    return phaseNameAt(phases, this.stage.t() + inMs, lengthMs)
  }

  /** `held`, `moved-on: c`, `phase a`: what the journal tells. */
  lines(): readonly string[] {
    return this.journal.events.flatMap(event => {
      if (event.type === 'mark') return [event.says === undefined ? event.mark : `${event.mark}: ${event.says}`]
      if (event.type === 'phase-entered') return [`phase ${event.phase}`]
      return event.type === 'status-changed' ? ['status'] : []
    })
  }

  /** Faults in force so much later, ms. */
  faults(inMs = 0): readonly string[] {
    const t = this.stage.t() + inMs
    const { tracks, phases } = this.stage.plan
    return [...tracks, ...phases.flatMap(({ faults }) => faults)]
      .filter(({ startMs, endMs }) => startMs <= t && t < endMs)
      .map(({ options: [option] }) => option?.fault.id ?? '')
  }

  [Symbol.dispose](): void {
    this.agenda[Symbol.dispose]()
    this.stage[Symbol.dispose]()
  }
}

const minuteMs = 60_000

test('a phase that is held goes on until it is let go, and each is a line of the journal', () => {
  using drill = new Steered()
  drill.steering.hold()
  expect(drill.phase(1_000 * minuteMs)).toBe('a')
  expect(() => drill.steering.hold()).toThrow('The phase is held already.')
  drill.steering.release()

  expect(drill.phase(11 * minuteMs)).toBe('b')
  expect(() => drill.steering.release()).toThrow('No phase is held.')
  expect(drill.lines()).toEqual(['phase a', 'held', 'released'])
})

test('a phase that is skipped gives way to the next at once, on the wire too', () => {
  using drill = new Steered()
  const before = drill.applied
  drill.steering.skip()

  expect(drill.phase()).toBe('b')
  expect(drill.faults()).toEqual([])
  expect(drill.applied).toBeGreaterThan(before)
  expect(drill.lines()).toEqual(['phase a', 'skipped: a', 'phase b'])
})

test('who moves on enters no phase in between, and has the status page as it is by then', () => {
  using drill = new Steered()
  drill.steering.goto('c + 1m')

  expect(drill.phase()).toBe('c')
  expect(drill.faults()).toEqual(['unavailable'])
  expect(drill.lines()).toEqual(['phase a', 'moved-on: c + 1m', 'status', 'phase c'])
  expect(drill.stage.network.isDown).toBe(false)
  expect(() => drill.steering.goto('b')).toThrow('b has passed: a drill does not go back.')
  expect(() => drill.steering.goto('d')).toThrow(/no instant "d"/)
})

test('a phase that is extended lasts longer by as much', () => {
  using drill = new Steered()
  drill.steering.extend(5 * minuteMs)

  expect(drill.phase(14.5 * minuteMs)).toBe('a')
  expect(drill.phase(15.5 * minuteMs)).toBe('b')
  expect(drill.lines().at(-1)).toBe('extended: a by 300000 ms')
  for (const ms of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    expect(() => drill.steering.extend(ms)).toThrow('A phase is extended by a length of time above zero.')
  expect(() => drill.steering.extend(8 * 24 * 60 * minuteMs)).toThrow('A phase is extended by a week at most.')
  expect(drill.phase(15.5 * minuteMs)).toBe('b')
})

test('after the last phase nothing can be held, skipped or extended', () => {
  using drill = new Steered()
  drill.steering.goto('healed')

  expect(drill.phase()).toBe('healed')
  expect(() => drill.steering.hold()).toThrow('Failed to hold: the last phase is over.')
  expect(() => drill.steering.skip()).toThrow('Failed to skip: the last phase is over.')
  expect(() => drill.steering.extend(1)).toThrow('Failed to extend: the last phase is over.')
  expect(drill.lines().slice(-2)).toEqual(['status', 'phase healed'])
})

test('before the outage nothing can be steered, and after the drill nothing at all', () => {
  using early = new Steered({ warmUpMs: minuteMs })
  expect(() => early.steering.skip()).toThrow('Failed to skip: the outage has not begun.')
  early.steering.mark('detected')
  expect(early.lines()).toEqual(['detected'])

  using late = new Steered()
  late.steering.close()
  expect(() => late.steering.hold()).toThrow('Failed to hold: the drill is over.')
  expect(() => late.steering.mark('late')).toThrow('The drill is over: nothing can be marked any more.')
})

test('a fault that is injected is in force at once, until it is stopped or its time is over', () => {
  using drill = new Steered()
  const { entry } = drill.steering.inject({ surface: 'login', fault: 'refused', for: '2m' })
  const timed = drill.applied
  expect(drill.faults()).toEqual(['refused', 'overloaded'])
  expect(drill.faults(3 * minuteMs)).toEqual(['overloaded'])

  drill.steering.stopInjected(entry)
  expect(drill.faults()).toEqual(['overloaded'])
  expect(drill.applied).toBe(timed + 1)
  expect(() => drill.steering.stopInjected('faults[7]')).toThrow('Nothing was injected as "faults[7]".')
  expect(() => drill.steering.inject({ surface: 'login', fault: 'none-such' })).toThrow(/^Failed to inject: /)
})

test('what is injected until the end ends there, wherever people move that', () => {
  using drill = new Steered()
  drill.steering.hold()
  drill.steering.inject({ surface: 'login', fault: 'refused' })
  drill.steering.release()
  expect(drill.faults(29 * minuteMs)).toContain('refused')
  expect(drill.faults(31 * minuteMs)).toEqual([])

  drill.steering.extend(5 * minuteMs)
  expect(drill.faults(34 * minuteMs)).toContain('refused')
  drill.steering.goto('healed')
  expect(drill.faults()).toEqual([])
})
