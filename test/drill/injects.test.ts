import { afterEach, expect, test } from 'vitest'
import { type OpenDrill, openDrill } from '../../src/drill/open-drill.ts'
import { defineIntegration } from '../../src/model/integration.ts'
import { catalogueWith } from '../../src/run/catalogue.ts'
import { parseScenario } from '../../src/scenario/index.ts'

const { scenario } = parseScenario(
  `blackstart: 1
id: show
steady_state: { for: 300ms, at_least: 0% }
workload: { users: 1, think: 100ms, streaming: 0 }
phases: [{ name: one, for: 1s }, { name: two, for: 10m }, { name: three, for: 500ms }]
game_day:
  injects:
    - { at: one - 100ms, mail: early }
    - { at: one + 300ms, ticket: It hangs, from: a customer, subject: Help, expect: nothing of this is told }
    - { at: two + 2m, chat: in what is skipped }
    - { at: three + 100ms, question: "Is it over?", to: lead }
`,
  { catalogue: catalogueWith({}) },
)

const answers = defineIntegration({
  name: 'answers',
  perform: () => 'Yes.',
  settle: () => ({ outcome: 'ok' }),
})

let open: OpenDrill | undefined

afterEach(async () => {
  open?.session.interrupt()
  await open?.session.result
  open = undefined
})

async function drill(tellsInjects: boolean): Promise<OpenDrill> {
  if (!scenario) throw new Error('the scenario is invalid')
  open = await openDrill({
    ...{ scenario, integration: answers, engine: 'loopback', speed: 1, healedMs: 300, tellsInjects },
  })
  return open
}

test('people are told at their times, wherever these have moved to; what is skipped is never told', async () => {
  const { session } = await drill(true)
  session.subscribe(event => {
    if (event.type === 'phase-entered' && event.phase === 'two') session.skip()
  })

  const { journal, plan } = await session.result

  const told = journal.flatMap(event => (event.type === 'mark' && event.mark === 'inject' ? [event] : []))
  expect(told.map(({ says }) => says)).toEqual([
    'mail to responders: early',
    'ticket from a customer to responders: "Help": It hangs',
    'question to lead: Is it over?',
  ])
  expect(told[1]?.detail).toEqual({
    ...{ inject: 1, kind: 'ticket', to: 'responders', text: 'It hangs', from: 'a customer', subject: 'Help' },
  })
  expect(told[0]?.t).toBeLessThan(0)
  const threeMs = plan.phases.find(({ name }) => name === 'three')?.startMs ?? 0
  expect(threeMs).toBeLessThan(60_000)
  expect(told[2]?.t).toBeGreaterThanOrEqual(threeMs + 100)
  expect(JSON.stringify(told)).not.toContain('nothing of this')
})

test('a drill without a show tells nobody', async () => {
  const { session } = await drill(false)
  session.subscribe(event => {
    if (event.type === 'phase-entered' && event.phase === 'two') session.skip()
  })

  const { journal } = await session.result

  expect(journal.filter(event => event.type === 'mark').map(({ mark }) => mark)).toEqual(['skipped'])
})
