import { expect, test } from 'vitest'
import { RealClock } from '../../../src/clock/real.ts'
import { itemsOf } from '../../../src/drill/items.ts'
import { providersFor } from '../../../src/providers/for-run.ts'
import { Instances } from '../../../src/run/instances.ts'
import { Stage } from '../../../src/run/stage.ts'
import { Traffic } from '../../../src/workload/traffic.ts'
import { planOf } from './support.ts'

/** A stage at t = 0, and its items in the order of their times. */
function itemsAt(text: string, isSkipped = (_: number) => false) {
  const written = { ...planOf(text), warmUpMs: 0 }
  const clock = new RealClock()
  const stage = new Stage({ plan: written, seed: 1, providers: providersFor(written.scenario), clock })
  stage.beginWarmUp()
  const applied: number[] = []
  const instances = new Instances({ stage, integrations: [{ name: 'none', perform: () => undefined }], env: {} })
  const traffic = new Traffic(clock, stage.stopper.signal)
  const items = itemsOf({
    ...{ stage, written, isSkipped },
    targets: () => ({ instances, traffic }),
    apply: () => applied.push(stage.t()),
  })
  return {
    ...{ stage, applied, items: items.toSorted((a, b) => a.s - b.s) },
    [Symbol.dispose]() {
      instances[Symbol.dispose]()
      stage[Symbol.dispose]()
    },
  }
}

test('the wire is looked at wherever a fault begins or ends, and a phase does', () => {
  using all = itemsAt(`
phases: [{ name: a, for: 1m, faults: [{ surface: api, fault: overloaded }] }, { name: b, for: 1m }]
faults: [{ from: a + 20s, until: b + 10s, surface: login, fault: refused }]
`)
  const looked = new Map<number, number>()
  for (const { s, run } of all.items) {
    const before = all.applied.length
    run(s)
    looked.set(s, (looked.get(s) ?? 0) + all.applied.length - before)
  }

  expect([...looked.keys()]).toEqual([0, 20_000, 60_000, 70_000, 120_000])
  expect([...looked.values()].every(times => times >= 1)).toBe(true)
  const entered = all.stage.journal.events.flatMap(event =>
    event.type === 'phase-entered' ? [`${event.phase} ${event.t}`] : [],
  )
  expect(entered).toEqual(['a 0', 'b 60000', 'healed 120000'])
})

test('the app’s network is gone for as long as an event says, and the wire is looked at as it comes back', async () => {
  using all = itemsAt('phases: [{ name: a, for: 1m }]\nevents: [{ at: a + 1s, offline: 50ms }]')
  const offline = all.items.find(({ s }) => s === 1_000)
  offline?.run(1_000)
  expect(all.stage.network.isDown).toBe(true)
  expect(all.applied).toHaveLength(1)

  await all.stage.clock.sleep(80)
  expect(all.stage.network.isDown).toBe(false)
  expect(all.applied).toHaveLength(2)
})

test('events and whole phases that were moved over never happen; the end and the status page do', () => {
  using all = itemsAt(
    `
phases: [{ name: a, for: 1m }, { name: b, for: 1m }, { name: c, for: 1m }]
events: [{ at: b + 1s, offline: 5s }]
status_page: [{ at: b + 2s, incident: monitoring }]
`,
    s => s > 30_000 && s < 150_000,
  )

  expect(all.items.map(({ s, isMoot }) => `${s / 1_000} ${isMoot?.() === true ? 'never' : 'comes'}`)).toEqual([
    ...['0 comes', '60 never', '61 never', '62 comes', '120 comes', '180 comes'],
  ])
})
