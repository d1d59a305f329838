import { expect, test } from 'vitest'
import { scaleScenario, scenarioLengthMs } from '../../../src/model/scale.ts'
import {
  compilePlan,
  instantMs,
  levelAt,
  minuteMs,
  outageStretches,
  phaseAt,
  phaseNameAt,
} from '../../../src/model/timeline.ts'
import { fault, phase, planOf, scenario, toys } from './support.ts'

const flapping = { repeat: { times: 3, phases: [phase('down', [fault('down')]), phase('up')] } }

test('laps follow one another, the first under the bare name', () => {
  const plan = planOf([phase('before'), flapping, phase('after')])

  expect(plan.phases.map(p => `${p.name} ${p.startMs / minuteMs}`)).toEqual([
    'before 0',
    'down 1',
    'up 2',
    'down#2 3',
    'up#2 4',
    'down#3 5',
    'up#3 6',
    'after 7',
  ])
  expect(plan.lengthMs).toBe(8 * minuteMs)
  expect(plan.phases.flatMap(p => p.faults).map(f => [f.path, f.phase])).toEqual([
    ['phases[1].repeat.phases[0].faults[0]', 'down'],
    ['phases[1].repeat.phases[0].faults[0]', 'down#2'],
    ['phases[1].repeat.phases[0].faults[0]', 'down#3'],
  ])
})

test('an instant is the start of a phase or of a lap, plus its offset', () => {
  const { phases, lengthMs } = planOf([phase('before'), flapping])
  const at = (name: string, offset = 0) => instantMs({ phase: name, offset }, phases, lengthMs) / minuteMs

  expect(at('down')).toBe(1)
  expect(at('down#3', -30_000)).toBe(4.5)
  expect(at('up#2', 6 * minuteMs)).toBe(10)
  expect(at('start', 90_000)).toBe(1.5)
  expect(at('end', -minuteMs)).toBe(6)
  expect(() => at('nowhere')).toThrow('unknown phase nowhere')
})

test('where phases touch, the later one holds', () => {
  const { phases, lengthMs } = planOf([phase('one'), phase('two')])

  expect(phaseAt(phases, 0)?.name).toBe('one')
  expect(phaseAt(phases, minuteMs - 1)?.name).toBe('one')
  expect(phaseAt(phases, minuteMs)?.name).toBe('two')
  expect(phaseAt(phases, 2 * minuteMs)).toBeUndefined()
  expect([-1, 0, 2 * minuteMs].map(t => phaseNameAt(phases, t, lengthMs))).toEqual(['steady-state', 'one', 'healed'])
})

test('every instant of many phases is found', () => {
  const { phases } = planOf([{ repeat: { times: 50, phases: [phase('a'), { ...phase('b'), for: 1 }] } }])

  for (const { name, startMs, endMs } of phases)
    expect([phaseAt(phases, startMs)?.name, phaseAt(phases, endMs - 1)?.name]).toEqual([name, name])
})

test('a ramp goes from its start to its end, and no further', () => {
  const span = { startMs: 1_000, endMs: 3_000 }
  const ramp = { from: 0.2, to: 0.6 }

  expect([0, 1_000, 2_000, 3_000, 9_000].map(t => levelAt(ramp, span, t))).toEqual([0.2, 0.2, 0.4, 0.6, 0.6])
  expect(levelAt(0.5, span, 99)).toBe(0.5)
})

test('a track spans phases and stays inside the outage', () => {
  const track = (from: string, offset: number, until: string, later: number) => ({
    ...fault('slow', { surface: ['login'] }),
    from: { phase: from, offset },
    until: { phase: until, offset: later },
  })
  const plan = planOf([phase('one'), phase('two')], {
    faults: [track('one', 30_000, 'two', 30_000), track('start', -minuteMs, 'end', minuteMs)],
  })

  expect(
    plan.tracks.map(({ path, phase, startMs, endMs, surfaces }) => ({ path, phase, startMs, endMs, surfaces })),
  ).toEqual([
    { path: 'faults[0]', phase: 'one', startMs: 30_000, endMs: 90_000, surfaces: ['anthropic.login'] },
    { path: 'faults[1]', phase: 'one', startMs: 0, endMs: 120_000, surfaces: ['anthropic.login'] },
  ])
})

test('a bare surface belongs to the provider of the scenario', () => {
  const plan = compilePlan(
    scenario([phase('p', [fault('down', { surface: ['api', 'openai.api.chat'] })])], { provider: 'gemini' }),
    toys,
  )
  expect(plan.phases[0]?.faults[0]?.surfaces).toEqual(['gemini.api', 'openai.api.chat'])
})

test('stretches of outage merge where they touch and count parts and wholes of a surface', () => {
  const limits = [{ surface: ['api'], requests: 5 }]
  const plan = planOf([
    phase('a', [fault('down', { surface: ['api.messages'] })]),
    phase('b', [fault('down')]),
    phase('c', [fault('down', { surface: ['chat'] })]),
    phase('d', [], limits),
  ])
  const minutes = (surface: string, options = {}) =>
    outageStretches(plan, surface, options).map(s => [s.startMs / minuteMs, s.endMs / minuteMs])

  expect(minutes('anthropic.api')).toEqual([
    [0, 2],
    [3, 4],
  ])
  expect(minutes('anthropic.api.messages', { limits: false })).toEqual([[0, 2]])
  expect(minutes('anthropic.api.models')).toEqual([
    [1, 2],
    [3, 4],
  ])
  expect(minutes('anthropic.login')).toEqual([])
})

test('scaling a scenario stretches lengths and instants, and nothing else', () => {
  const before = scenario(
    [
      { ...phase('one', [fault('down', { share: { from: 0, to: 1 } })]), for: 10 * minuteMs },
      {
        repeat: {
          times: 3,
          phases: [phase('two', [], [{ surface: ['api'], requests: 60, retry_after: { as: 'ms', value: 5_000 } }])],
        },
      },
    ],
    {
      faults: [{ ...fault('slow'), from: { phase: 'one', offset: 4_000 }, until: { phase: 'two#2', offset: -2_000 } }],
      status_page: [{ at: { phase: 'one', offset: 60_000 }, incident: 'monitoring' }],
      events: [{ at: { phase: 'end', offset: -10_000 }, restart: { instances: 1, apart: 5_000 } }],
      workload: { think: 9_000, spikes: [{ at: { phase: 'two', offset: 6_000 }, tasks: 40 }] },
      steady_state: { for: 30_000, within: 4_000 },
      expect: [{ oracle: 'settles', params: { within: 60_000 } }],
    },
  )

  const after = scaleScenario(before, 0.5)

  expect(after).toEqual({
    ...before,
    phases: [
      { ...before.phases[0], for: 5 * minuteMs },
      {
        repeat: {
          times: 3,
          phases: [
            {
              ...phase('two', [], [{ surface: ['api'], requests: 60, retry_after: { as: 'ms', value: 5_000 } }]),
              for: 30_000,
            },
          ],
        },
      },
    ],
    faults: [{ ...fault('slow'), from: { phase: 'one', offset: 2_000 }, until: { phase: 'two#2', offset: -1_000 } }],
    status_page: [{ at: { phase: 'one', offset: 30_000 }, incident: 'monitoring' }],
    events: [{ at: { phase: 'end', offset: -5_000 }, restart: { instances: 1, apart: 5_000 } }],
    workload: { think: 9_000, spikes: [{ at: { phase: 'two', offset: 3_000 }, tasks: 40 }] },
  })
  expect(scenarioLengthMs(before)).toBe(13 * minuteMs)
  expect(scenarioLengthMs(after)).toBe(6.5 * minuteMs)
  expect(scenarioLengthMs(after)).toBe(compilePlan(after, toys).lengthMs)
})

test('what happens before or after the phases keeps its distance from them', () => {
  const before = scenario([{ ...phase('one', []), for: 10 * minuteMs }, phase('two', [])], {
    status_page: [
      { at: { phase: 'start', offset: -minuteMs }, incident: 'investigating' },
      { at: { phase: 'one', offset: -minuteMs }, incident: 'investigating' },
      { at: { phase: 'end', offset: 2 * minuteMs }, incident: 'monitoring' },
      { at: { phase: 'one', offset: 12 * minuteMs }, incident: 'resolved' },
    ],
  })

  const after = scaleScenario(before, 0.5)

  // The phases now end after five and a half minutes.
  expect(after.status_page?.map(({ at }) => at.offset / minuteMs)).toEqual([-1, -1, 2, 6.5])
})
