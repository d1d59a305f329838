import { expect, test } from 'vitest'
import { isFair } from '../../../src/arbitraries/fair.ts'
import { faultKinds } from '../../../src/arbitraries/kinds.ts'
import { makeOutage } from '../../../src/arbitraries/outage.ts'
import { drawOutage } from '../../../src/arbitraries/outage-arbitrary.ts'
import { phasesOf } from '../../../src/arbitraries/parts.ts'
import { shipped } from '../../../src/arbitraries/valid.ts'
import { randomStream } from '../../../src/lib/draw.ts'
import { scenarioLengthMs } from '../../../src/model/scale.ts'
import type { Scenario } from '../../../src/model/scenario.ts'
import { compilePlan, outageStretches } from '../../../src/model/timeline.ts'
import { outOfRun, parseScenario, printScenario } from '../../../src/scenario/index.ts'
import { planWorkload } from '../../../src/workload/workload.ts'
import { plainFrame, richFrame } from './frames.ts'

const count = 250
const outages = Array.from({ length: count }, (_, i) => makeOutage(richFrame, randomStream(7, i)))

test('every outage reads back from its own text as itself, and all of it happens in the run', () => {
  for (const outage of outages) {
    const { scenario, diagnostics } = parseScenario(printScenario(outage, shipped), { catalogue: shipped })
    expect(diagnostics).toEqual([])
    expect(scenario).toEqual(outage)
    expect(outOfRun(outage)).toEqual([])
  }
})

test('every fault of the catalogue comes up', () => {
  const ids = new Set(
    Array.from({ length: 1_500 }, (_, i) => makeOutage(richFrame, randomStream(8, i))).flatMap(outage =>
      [...phasesOf(outage), { faults: outage.faults ?? [] }].flatMap(({ faults = [] }) =>
        faults.flatMap(({ fault, mix }) => [fault?.id, ...(mix ?? []).map(part => part.fault.id)]),
      ),
    ),
  )
  const missing = [...shipped.faults.keys()].filter(id => !ids.has(id))
  expect(missing).toEqual([])
  expect(faultKinds.every(({ id }) => shipped.faults.has(id))).toBe(true)
})

const share = (is: (outage: Scenario) => boolean) => outages.filter(is).length / count

test('surfaces come back at different times, fail again, flap, and fail one after the other', () => {
  const stretchesOf = (outage: Scenario, surface: string) =>
    outageStretches(compilePlan(outage, shipped.faults), surface, { limits: false })
  const [first, second] = ['anthropic.api.messages', 'openai.api.chat-completions']
  const isStaged = (outage: Scenario) => {
    const [a, b] = [stretchesOf(outage, first).at(-1), stretchesOf(outage, second).at(-1)]
    return a !== undefined && b !== undefined && a.endMs !== b.endMs
  }
  expect(share(isStaged)).toBeGreaterThan(0.02)
  expect(share(outage => stretchesOf(outage, first).length > 1)).toBeGreaterThan(0.05)
  expect(share(({ phases }) => phases.some(item => 'repeat' in item))).toBeGreaterThan(0.05)
})

test('limits, capacity, tracks, status pages and what happens to the app all come up, none of them always', () => {
  const shares = {
    limits: share(outage => phasesOf(outage).some(({ limits }) => limits)),
    capacity: share(outage => phasesOf(outage).some(({ capacity }) => capacity)),
    tracks: share(({ faults }) => faults !== undefined),
    status: share(({ status_page }) => status_page !== undefined),
    events: share(({ events }) => events !== undefined),
  }
  for (const value of Object.values(shares)) {
    expect(value).toBeGreaterThan(0.02)
    expect(value).toBeLessThan(0.8)
  }
})

test('a run has as many requests as its budget allows, about; a crowd has three times as many', () => {
  const requests = outages.map(outage => {
    const plan = compilePlan(outage, shipped.faults)
    const { users, thinkMs } = planWorkload(plan)
    return (users * (scenarioLengthMs(outage) + plan.tailMs) * richFrame.attemptsPerTask) / (thinkMs + 1_000)
  })
  expect(requests.filter(number => number > 400).length / count).toBeLessThan(0.3)
  expect(requests.filter(number => number > 1_500).length / count).toBeLessThan(0.05)
  expect(requests.filter(number => number < 15).length / count).toBeLessThan(0.1)
})

test('nobody asks all at once shortly before a surface comes back', () => {
  const made = Array.from({ length: 300 }, (_, i) => makeOutage(plainFrame, randomStream(9, i)))
  expect(made.every(isFair)).toBe(true)
  expect(made.filter(({ workload }) => workload?.spikes).length).toBeGreaterThan(5)
})

test('an app with a queue is asked no more than one worker can do', () => {
  for (const { workload, events = [] } of outages) {
    expect((60_000 * (workload?.users ?? 60)) / (workload?.think ?? 1)).toBeLessThanOrEqual(15)
    expect(events.some(event => 'traffic' in event && event.traffic > 1)).toBe(false)
  }
})

test('what the app is stands in every outage', () => {
  for (const { provider, surfaces, workload, expect: expected } of outages) {
    expect(provider).toBe('anthropic')
    expect(surfaces).toEqual(richFrame.app.surfaces)
    expect(workload?.jobs).toEqual({ share: 0.5 })
    expect(expected).toEqual([{ oracle: 'order' }])
  }
})

test('the same numbers make the same outage, others another', () => {
  const outage = (i: number) => makeOutage(plainFrame, randomStream(1, i))
  expect(outage(3)).toEqual(outage(3))
  expect(new Set(Array.from({ length: 50 }, (_, i) => JSON.stringify(outage(i)))).size).toBe(50)
})

test('an outage of an app that streams nothing has no fault that strikes streams alone', () => {
  const [only] = plainFrame.surfaces
  const frame = { ...plainFrame, surfaces: only ? [{ ...only, streams: false }] : [] }
  for (let i = 0; i < 200; i++)
    for (const { faults = [] } of phasesOf(makeOutage(frame, randomStream(2, i))))
      for (const { fault } of faults) expect(shipped.faults.get(fault?.id ?? '')?.streamingOnly).not.toBe(true)
})

test('variations of a base keep most of it, and are valid', () => {
  const base: Scenario = {
    blackstart: 1,
    id: 'two-hours',
    provider: 'anthropic',
    phases: [
      { name: 'blackout', for: 3_600_000, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] },
      { name: 'shaky', for: 3_600_000, faults: [{ surface: ['api'], fault: { id: 'reset', params: {} }, share: 0.3 }] },
    ],
    faults: [
      {
        from: { phase: 'blackout', offset: 600_000 },
        until: { phase: 'shaky', offset: 0 },
        surface: ['login'],
        fault: { id: 'refused', params: {} },
      },
    ],
    expect: [{ oracle: 'answers', during: ['blackout'] }],
  }
  const made = Array.from({ length: 200 }, (_, i) => drawOutage(plainFrame, randomStream(3, i), { base }))
  const varied = made.filter(({ id }) => id === 'two-hours')
  expect(varied.length).toBeGreaterThan(60)
  expect(varied.filter(outage => phasesOf(outage).some(({ name }) => name === 'blackout')).length).toBeGreaterThan(40)
  for (const outage of made) expect(outage.expect).toBeUndefined()
})
