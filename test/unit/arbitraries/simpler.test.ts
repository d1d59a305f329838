import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeOutage } from '../../../src/arbitraries/outage.ts'
import { outageArbitrary } from '../../../src/arbitraries/outage-arbitrary.ts'
import { phasesOf } from '../../../src/arbitraries/parts.ts'
import { simplerOutages } from '../../../src/arbitraries/simpler.ts'
import { isValid, shipped } from '../../../src/arbitraries/valid.ts'
import { draw, randomStream } from '../../../src/lib/draw.ts'
import type { Scenario } from '../../../src/model/scenario.ts'
import { parseScenario } from '../../../src/scenario/index.ts'
import { plainFrame, richFrame } from './frames.ts'

function read(text: string): Scenario {
  const { scenario, diagnostics } = parseScenario(text, { catalogue: shipped })
  if (!scenario) throw new Error(JSON.stringify(diagnostics))
  return scenario
}

const handWritten = read(`
blackstart: 1
id: by-hand
title: An outage that somebody wrote
tags: [ci]
seed: 9
phases:
  - { name: calm, for: 7m }
  - name: blackout
    for: 23m
    note: everything is gone
    faults:
      - { surface: [api, chat], fault: { overloaded: { retry_after: 40s } }, share: 73%, sticky: user, when: { streaming: true } }
      - { surface: api, fault: reset }
  - { name: blackout-2, for: 4m, faults: [{ surface: api, mix: [{ fault: dns, share: 40% }, { fault: tls, share: 60% }] }] }
  - repeat:
      times: 5
      phases:
        - { name: up, for: 41s }
        - { name: down, for: 3m, limits: [{ surface: api, requests: { from: 3/m, to: 50/m }, retry_after: { as: date, value: 9s } }] }
faults:
  - { from: blackout + 3m, until: "down#4 + 20s", surface: login, fault: { slow-first-byte: { by: 50s } } }
events:
  - { at: blackout + 4m, crash: true }
  - { at: "up#3", offline: 50s }
  - { at: end, traffic: 2x }
status_page:
  - { at: blackout + 9m, incident: investigating, components: { api: major_outage } }
workload: { users: 40, instances: 3, think: 20s, streaming: 30% }
expect: [{ settles: { within: 3m, during: blackout } }]
`)

/** Goes on to the first simpler one of which `holds` is true, for as long as there is one. */
function smallest(start: Scenario, holds: (outage: Scenario) => boolean): { outage: Scenario; asked: number } {
  let asked = 0
  for (let outage = start; ; ) {
    let next: Scenario | undefined
    for (const simpler of simplerOutages(outage)) {
      asked++
      if (!holds(simpler)) continue
      next = simpler
      break
    }
    if (!next) return { outage, asked }
    outage = next
  }
}

const hits = (outage: Scenario, id: string) =>
  phasesOf(outage).some(({ faults = [] }) =>
    faults.some(({ fault, mix }) => fault?.id === id || mix?.some(part => part.fault.id === id)),
  )

test('an outage that anything fails becomes none at all', () => {
  const { outage } = smallest(handWritten, () => true)
  expect(outage).toEqual({
    blackstart: 1,
    id: 'by-hand',
    provider: 'anthropic',
    phases: [],
    workload: { users: 1, think: 30_000 },
  })
})

describe('what matters is what is left', () => {
  test('one fault among many', () => {
    const { outage, asked } = smallest(handWritten, one => hits(one, 'tls'))
    expect(outage.phases).toEqual([
      { name: 'blackout-2', for: 1_000, faults: [{ surface: ['api'], fault: { id: 'tls', params: {} } }] },
    ])
    expect(asked).toBeLessThan(150)
  })

  test('two faults, one after the other', () => {
    const { outage } = smallest(handWritten, one => hits(one, 'overloaded') && hits(one, 'dns'))
    expect(phasesOf(outage)).toHaveLength(2)
    expect(outage.events).toBeUndefined()
  })

  test('a crash that must come three minutes after the fault', () => {
    const { outage } = smallest(handWritten, one => {
      const event = one.events?.find(any => 'crash' in any)
      return hits(one, 'overloaded') && event?.at.phase === 'blackout' && event.at.offset >= 180_000
    })
    expect(outage.events).toEqual([{ at: { phase: 'blackout', offset: 180_000 }, crash: true }])
    expect(phasesOf(outage).map(({ name }) => name)).toEqual(['blackout'])
  })

  test('a length of ten minutes and a share below one', () => {
    const { outage } = smallest(handWritten, one =>
      phasesOf(one).some(
        ({ for: ms, faults = [] }) => ms >= 600_000 && faults.some(({ share }) => share !== undefined),
      ),
    )
    const [phase] = phasesOf(outage)
    expect(phase?.for).toBe(600_000)
    expect(phase?.faults?.[0]?.share).toBe(0.9)
  })

  test('laps, as many as are needed', () => {
    const { outage } = smallest(handWritten, ({ phases }) =>
      phases.some(item => 'repeat' in item && item.repeat.times >= 2),
    )
    expect(outage.phases).toEqual([{ repeat: { times: 2, phases: [{ name: 'up', for: 1_000 }] } }])
  })
})

test('an outage in which a crowd asks does not end right after, however short it gets', () => {
  const crowd = read(`
blackstart: 1
id: crowd
phases:
  - { name: down, for: 10m, faults: [{ surface: api, fault: overloaded }] }
workload: { users: 60, think: 1m, spikes: [{ at: down + 1m, tasks: 120 }] }
`)
  const { outage } = smallest(crowd, one => hits(one, 'overloaded') && one.workload?.spikes !== undefined)
  expect(phasesOf(outage)[0]?.for).toBe(1_000)
  expect(outage.workload?.spikes).toEqual([{ at: { phase: 'down', offset: 60_000 }, tasks: 120 }])
  const inside = smallest(crowd, one => phasesOf(one)[0]?.faults !== undefined && (phasesOf(one)[0]?.for ?? 0) > 60_000)
  expect(phasesOf(inside.outage)[0]?.for).toBe(90_000)
})

test('phases get names that are true again, unless somebody named them', () => {
  const made = read(`
blackstart: 1
id: made
phases:
  - { name: overloaded, for: 1s, faults: [{ surface: api, fault: reset }] }
  - { name: storm, for: 1s, faults: [{ surface: api, fault: dns }] }
faults: [{ from: overloaded, until: storm + 1s, surface: chat, fault: tls }]
`)
  const { outage } = smallest(made, one => hits(one, 'reset') && hits(one, 'dns') && one.faults !== undefined)
  expect(phasesOf(outage).map(({ name }) => name)).toEqual(['reset', 'storm'])
  expect(outage.faults?.[0]?.from).toEqual({ phase: 'reset', offset: 0 })
})

/** The item in that place, or the last one before it. */
function oneOf<T>(items: Iterable<T>, place: number): T | undefined {
  let last: T | undefined
  let i = 0
  for (const item of items) {
    last = item
    if (i++ === place) break
  }
  return last
}

test('every step of a generated outage is another one, and the way ends in a valid one', () => {
  for (let i = 0; i < 4; i++) {
    const start = makeOutage(richFrame, randomStream(11, i))
    const seen = new Set([JSON.stringify(start)])
    let outage = start
    for (let step = 0; ; step++) {
      expect(step).toBeLessThan(200)
      // A way of its own each: not always the greatest step.
      const next = oneOf(simplerOutages(outage), Math.floor(draw(i, step) * 6))
      if (!next) break
      expect(seen.has(JSON.stringify(next))).toBe(false)
      seen.add(JSON.stringify(next))
      outage = next
    }
    expect(isValid(outage)).toBe(true)
  }
})

describe('through fast-check', () => {
  test('a scenario written by hand is an example and shrinks', async () => {
    const property = fc.property(outageArbitrary(plainFrame), outage => !hits(outage, 'tls'))
    const { failed, counterexample } = fc.check(property, { examples: [[handWritten]], numRuns: 1 })
    expect(failed).toBe(true)
    expect(counterexample?.[0]?.phases).toEqual([
      { name: 'blackout-2', for: 1_000, faults: [{ surface: ['api'], fault: { id: 'tls', params: {} } }] },
    ])
  })

  test('the same seed and path give the same outage', () => {
    const arbitrary = outageArbitrary(richFrame)
    const sample = () => fc.sample(arbitrary, { seed: 5, numRuns: 20 })
    expect(sample()).toEqual(sample())
    const property = fc.property(arbitrary, outage => !hits(outage, 'black-hole'))
    const found = fc.check(property, { seed: 1, numRuns: 500 })
    expect(found.failed).toBe(true)
    const again = fc.check(property, {
      seed: found.seed,
      path: found.counterexamplePath ?? '',
      endOnFailure: true,
    })
    expect(again.counterexample).toEqual(found.counterexample)
  })
})
