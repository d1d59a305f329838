import { expect, test } from 'vitest'
import { LiveTimeline } from '../../../src/drill/live-timeline.ts'
import { scaleScenario } from '../../../src/model/scale.ts'
import { compilePlan, instantMs, type Plan } from '../../../src/model/timeline.ts'
import { catalogueWith } from '../../../src/run/catalogue.ts'
import { parseScenario } from '../../../src/scenario/index.ts'
import { minute } from '../../support/journal-builder.ts'

const catalogue = catalogueWith({})

const { scenario } = parseScenario(
  `blackstart: 1
id: day
phases: [{ name: a, for: 10m }, { name: b, for: 10m }]
game_day:
  injects: [{ at: a + 4m, chat: one }, { at: b + 2m, chat: two }]
  actions: [{ says: Declare, by: b + 4m }, { says: Write it down }]
`,
  { catalogue },
)
if (!scenario) throw new Error('the scenario is invalid')

const timesOf = ({ scenario: { game_day: day }, phases, lengthMs }: Plan) =>
  [...(day?.injects ?? []).map(({ at }) => at), ...(day?.actions ?? []).flatMap(({ by }) => by ?? [])].map(
    at => instantMs(at, phases, lengthMs) / minute,
  )

test('what people are told and hoped to do moves with the phases', () => {
  const timeline = new LiveTimeline(compilePlan(scenario, catalogue.faults))
  timeline.delay(10 * minute, 5 * minute)

  expect(timesOf(timeline.plan())).toEqual([4, 17, 19])
})

test('--duration stretches it with them', () => {
  expect(timesOf(compilePlan(scaleScenario(scenario, 2), catalogue.faults))).toEqual([8, 24, 28])
})
