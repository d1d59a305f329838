import { nativeNow } from '../src/clock/native.ts'
import { faults } from '../src/faults/index.ts'
import type { Arrival } from '../src/model/arrival.ts'
import { decide } from '../src/model/decide.ts'
import type { Scenario } from '../src/model/scenario.ts'
import { compilePlan } from '../src/model/timeline.ts'
import { createWorld } from '../src/model/world.ts'
import { count, median } from './support.ts'

const minute = 60_000
const arrivals = 200_000

/** What one decision costs when 10,000 instances share a rate limit or a queue, beside 100 instances and beside no limit. */
export async function* world(): AsyncGenerator<string> {
  yield `One decision (${count(arrivals)} arrivals a round, each instance with a key of its own), taking turns; ratio to the first row`
  const rows: readonly Row[] = [
    { what: 'nothing in force', more: {}, instances: 10_000 },
    { what: 'token bucket per key', more: { limits: bucket }, instances: 100 },
    { what: 'token bucket per key', more: { limits: bucket }, instances: 10_000 },
    { what: 'capacity, 200 slots', more: { capacity: slots(200) }, instances: 10_000 },
    { what: 'capacity, 10,000 slots', more: { capacity: slots(10_000) }, instances: 10_000 },
  ]
  const costs = rows.map((): number[] => [])
  for (let round = 0; round < 6; round++)
    for (const [i, { more, instances }] of rows.entries()) {
      const cost = decisions(more, instances)
      if (round > 0) costs[i]?.push(cost)
    }
  const first = median(costs[0] ?? [])
  for (const [i, { what, instances }] of rows.entries()) {
    const cost = median(costs[i] ?? [])
    yield `  ${what.padEnd(24)} ${count(instances).padStart(6)} instances: ${(cost * 1_000).toFixed(2)} µs (${(cost / first).toFixed(1)}), median of 5`
  }
}

type Phase = Pick<Extract<Scenario['phases'][number], { name: string }>, 'limits' | 'capacity'>

interface Row {
  readonly what: string
  readonly more: Phase
  readonly instances: number
}

const bucket: NonNullable<Phase['limits']> = [{ surface: ['api'], requests: 60, per: 'key' }]

function slots(number: number): NonNullable<Phase['capacity']> {
  return [{ surface: ['api'], slots: number, service: 2_000, cv: 1, max_wait: 10_000 }]
}

/** Ms a decision. */
function decisions(more: Phase, instances: number): number {
  const scenario: Scenario = {
    blackstart: 1,
    id: 'bench',
    provider: 'anthropic',
    phases: [{ name: 'busy', for: 60 * minute, ...more }],
  }
  const plan = compilePlan(scenario, faults)
  const state = createWorld()
  const all = Array.from({ length: instances }, (_, instance) => arrivalOf(instance))
  const started = nativeNow()
  for (let n = 0; n < arrivals; n++) {
    const arrival = all[n % instances]
    if (arrival) decide(plan, state, arrival, n, 1)
  }
  return (nativeNow() - started) / arrivals
}

function arrivalOf(instance: number): Arrival {
  return {
    provider: 'anthropic',
    surface: 'api.messages',
    model: 'claude-sonnet-5-5',
    streaming: false,
    key: `key-${instance}`,
    tenant: undefined,
    region: undefined,
    session: undefined,
    inputTokens: 100,
    maxOutputTokens: 512,
    instance,
    user: 0,
    taskNumber: 1,
    attemptNumber: 1,
    call: `c${instance}`,
    callNumber: 1,
  }
}
