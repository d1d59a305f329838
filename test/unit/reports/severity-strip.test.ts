import { expect, test } from 'vitest'
import type { Scenario } from '../../../src/model/scenario.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { severityStrip } from '../../../src/reports/severity-strip.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { fakeScenario } from '../../support/fake-result.ts'

const overloaded = { id: 'overloaded', params: {} }
const strip = (scenario: Partial<Scenario>, width?: number) =>
  severityStrip(compilePlan({ ...fakeScenario, ...scenario }, catalogue.faults), width)

test('the higher, the larger the share that fails; a limit is a wave', () => {
  const phases = [
    { name: 'down', for: 60_000, faults: [{ surface: ['api'], fault: overloaded }] },
    { name: 'half', for: 60_000, faults: [{ surface: ['api'], fault: overloaded, share: 0.5 }] },
    { name: 'easing', for: 60_000, faults: [{ surface: ['api'], fault: overloaded, share: { from: 0.5, to: 0 } }] },
    { name: 'limited', for: 60_000, limits: [{ surface: ['api'], requests: 10 }] },
    { name: 'well', for: 60_000 },
  ]

  expect(strip({ phases }, 20)).toBe('████▄▄▄▄▄▃▂▁~~~~····')
})

test('what comes and goes within a column shows as its mean', () => {
  const lap = [
    { name: 'up', for: 60_000 },
    { name: 'down', for: 60_000, faults: [{ surface: ['api'], fault: overloaded }] },
  ]

  expect(strip({ phases: [{ repeat: { times: 32, phases: lap } }] })).toBe('▄'.repeat(16))
})

test('of the surfaces the API counts; others where it has no fault', () => {
  const chat = { surface: ['chat'], fault: overloaded }
  const api = { surface: ['api.messages'], fault: overloaded, share: 0.25 }

  expect(strip({ phases: [{ name: 'a', for: 60_000, faults: [chat, api] }] }, 4)).toBe('▂▂▂▂')
  expect(strip({ phases: [{ name: 'a', for: 60_000, faults: [chat] }] }, 4)).toBe('████')
})
