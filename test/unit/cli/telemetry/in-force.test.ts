import { expect, test } from 'vitest'
import { InForce } from '../../../../src/cli/telemetry/in-force.ts'
import { momentOfTurn } from '../../../../src/cli/telemetry/moment.ts'
import { LiveTimeline } from '../../../../src/drill/live-timeline.ts'
import { compilePlan, type Plan } from '../../../../src/model/timeline.ts'
import { catalogueWith } from '../../../../src/run/catalogue.ts'
import { parseScenario } from '../../../../src/scenario/index.ts'

const catalogue = catalogueWith({})

function planOf(phases: string): Plan {
  const { scenario } = parseScenario(`blackstart: 1\nid: x\nprovider: anthropic\nphases:\n${phases}`, { catalogue })
  if (!scenario) throw new Error('the scenario is invalid')
  return compilePlan(scenario, catalogue.faults)
}

const plan = planOf(`
  - { name: down, for: 10s, faults: [{ surface: api, mix: [{ fault: unavailable, share: 50% }, { fault: bad-gateway, share: 50% }] }] }
  - { name: tight, for: 10s, limits: [{ surface: api, requests: 60/m }] }
  - { name: up, for: 10s }
`)

const told = (turns: ReturnType<InForce['look']>) => turns.map(turn => `${turn.t} ${momentOfTurn(turn).says}`)

test('a fault that came and went between two looks is told of, with its own times', () => {
  const inForce = new InForce()

  expect(told(inForce.look(plan, -500))).toEqual([])
  expect(told(inForce.look(plan, 25_000))).toEqual([
    '0 unavailable|bad-gateway on anthropic.api began',
    '10000 unavailable|bad-gateway on anthropic.api ended',
    '10000 limit on anthropic.api began',
    '20000 limit on anthropic.api ended',
  ])
  expect(told(inForce.look(plan, 26_000))).toEqual([])
})

test('it lasts as long as people let it: held, ended by hand, or with the drill', () => {
  const timeline = new LiveTimeline(plan)
  const inForce = new InForce()
  inForce.look(timeline.plan(), 0)

  timeline.hold(5_000)
  expect(told(inForce.look(timeline.plan(), 60_000))).toEqual([])
  timeline.skipTo(10_000, 61_000)
  expect(told(inForce.look(timeline.plan(), 61_000))).toEqual([
    '61000 unavailable|bad-gateway on anthropic.api ended',
    '61000 limit on anthropic.api began',
  ])
  expect(told(inForce.finish(62_000))).toEqual(['62000 limit on anthropic.api ended'])
  expect(inForce.finish(63_000)).toEqual([])
})

test('what was moved over was never in force', () => {
  const timeline = new LiveTimeline(plan)
  const inForce = new InForce()
  inForce.look(timeline.plan(), 0)

  timeline.skipTo(20_000, 1_000)

  expect(told(inForce.look(timeline.plan(), 1_100))).toEqual(['1000 unavailable|bad-gateway on anthropic.api ended'])
})
