import { expect, test } from 'vitest'
import { rehearsal } from '../../../src/gameday/rehearsal.ts'
import { respondersCopy, runOfShow, tabletop } from '../../../src/gameday/run-of-show.ts'
import { defineIntegration } from '../../../src/model/integration.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { catalogueWith } from '../../../src/run/catalogue.ts'
import { runScenario } from '../../../src/run/run-scenario.ts'
import { parseScenario } from '../../../src/scenario/index.ts'

const catalogue = catalogueWith({})

const text = `
blackstart: 1
id: quiet-monday
title: A quiet Monday | until it is not
phases:
  - { name: blackout, for: 20m, note: Nobody says anything., faults: [{ surface: api, fault: overloaded, share: 80% }] }
  - name: trickle
    for: 40m
    limits: [{ surface: api, requests: 6/m, per: key }]
faults:
  - { from: trickle + 10m, until: trickle + 20m, surface: login, fault: unavailable }
status_page:
  - { at: blackout + 15m, incident: investigating, says: "We look into <it>." }
events: [{ at: trickle + 5m, restart: true }]
stop_when: [{ outcome: failed, above: 60%, over: 5m }]
game_day:
  objectives: [See whether on-call notices before customers do]
  hypothesis: Users get an old answer, labelled as such, within 10 s.
  environment: staging
  roles: { facilitator: Ada, responders: [Grace, Katherine], excluded: Alan }
  checks: [{ test: caps, owner: owner }, { says: Support knows }]
  injects:
    - { at: blackout + 3m, ticket: Answers hang, from: a customer, to: support, expect: Support links it to the incident }
    - { at: blackout + 10m, question: When is it fixed?, from: the CEO, subject: Status }
  actions:
    - { says: Declare an incident, by: blackout + 10m, owner: on-call, mark: declared }
    - { says: Keep a log, owner: scribe }
  measures: [{ says: We know first, mark: detected, within: 5m }]
  slo: { availability: 99.5% }
`

function planOf() {
  const { scenario, diagnostics } = parseScenario(text, { catalogue })
  if (!scenario) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return { scenario, plan: compilePlan(scenario, catalogue.faults) }
}

test('the run-of-show has every cue at its time, with who does what and what is hoped for', () => {
  expect(runOfShow(planOf().plan, catalogue)).toMatchInlineSnapshot(`
    "# Run-of-show: A quiet Monday | until it is not

    Facilitator's copy: it tells what responders are not to know.

    Scenario \`quiet-monday\`. It takes 2m of healthy time, 1h of outage and 5m after it. T is the first phase's begin.

    ## Objectives

    - See whether on-call notices before customers do

    ## Hypothesis

    Users get an old answer, labelled as such, within 10 s.

    Held in: staging.

    ## Roles

    | Role | Who |
    |---|---|
    | facilitator | Ada |
    | responders | Grace, Katherine |
    | excluded | Alan |

    ## Go or no-go

    - [ ] time, requests and blast radius are capped (looked at, not taken on trust) (owner)
    - [ ] Support knows

    ## Show

    | T | Phase | Surface | Fault | Inject | Owner | Expected action |
    |---|---|---|---|---|---|---|
    | T+0:00 | blackout |  | *begins, for 20m: Nobody says anything.* |  |  |  |
    | T+0:00 | blackout | api 80% | overloaded |  |  |  |
    | T+0:03 | blackout |  |  | ticket from a customer to support: Answers hang | facilitator | Support links it to the incident |
    | T+0:10 | blackout |  |  | question from the CEO to responders: "Status": When is it fixed? | facilitator |  |
    | T+0:10 | blackout |  |  |  | on-call | Declare an incident (mark: declared) |
    | T+0:15 | blackout |  |  | status page: investigating; "We look into &lt;it>." |  |  |
    | T+0:20 | trickle |  | *begins, for 40m* |  |  |  |
    | T+0:20 | trickle | api | limit of 6 requests a minute, per key |  |  |  |
    | T+0:25 | trickle |  | app: restart |  |  |  |
    | T+0:30 | trickle | login | unavailable, for 10m |  |  |  |
    | T+1:00 | healed |  | *every fault is over* |  |  |  |

    Expected at any time:

    - Keep a log (scribe)

    ## Measures of success

    - We know first (detected within 5m)
    - 99.5 % of tasks end well, as users were promised

    ## It stops by itself when

    - more than 60 % of tasks failed over 5m
    "
  `)
})

test('the responders’ copy tells nothing of what will happen', () => {
  const copy = respondersCopy(planOf().plan)

  for (const secret of [
    'quiet',
    'blackout',
    'overloaded',
    'Monday',
    'CEO',
    'hang',
    '20m',
    'Alan',
    'labelled',
    'staging',
  ])
    expect(copy).not.toContain(secret)
  expect(copy).toContain('| responders | Grace, Katherine |')
  expect(copy).toContain('- See whether on-call notices before customers do')
  expect(copy).toContain('It takes about 1h5m.')
})

test('the tabletop has what people are told, in order, and no fault', () => {
  const story = tabletop(planOf().plan, catalogue)

  expect(story).not.toContain('overloaded')
  expect(story.match(/^### .*$/gm)).toEqual(['### T+0:03', '### T+0:10', '### T+0:10', '### T+0:15'])
  expect(story).toContain('*Listen for: Support links it to the incident*')
})

test('a rehearsal plays the show on virtual time, and counts what users got between the cues', async () => {
  const always = defineIntegration({ name: 'always', perform: (_, { prompt }) => fetchAnswer(prompt) })
  const { stop_when: _, ...scenario } = planOf().scenario

  const paper = rehearsal(await runScenario({ scenario, integration: always, users: 10 }), catalogue)

  const rows = [...paper.matchAll(/^\| T\+0:(?:00|03|10|15) \|.*\| (\d+) \| (\d+) \| 0 \| (\d+) \| 0 \|$/gm)]
  const sum = (i: number) => rows.reduce((total, row) => total + Number(row[i]), 0)
  expect(rows).toHaveLength(4)
  expect(sum(1)).toBeGreaterThan(20)
  expect(sum(3) / sum(1)).toBeGreaterThan(0.6)
  expect(sum(2) + sum(3)).toBe(sum(1))
  expect(paper).toContain('**healed** every fault is over')
})

async function fetchAnswer(prompt: string): Promise<Response> {
  return fetch('https://api.anthropic.com/v1/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'x' },
    body: JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user', content: prompt }] }),
  })
}
