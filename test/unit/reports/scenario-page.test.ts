import { expect, test } from 'vitest'
import type { Scenario } from '../../../src/model/scenario.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { scenarioPage } from '../../../src/reports/scenario-page.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { parseScenario } from '../../../src/scenario/index.ts'
import { fakeScenario } from '../../support/fake-result.ts'

const page = (scenario: Scenario, width = 80) =>
  scenarioPage(compilePlan(scenario, catalogue.faults), { color: false, width, catalogue })

test('a scenario is drawn per surface, with its phases and what it expects', () => {
  const { scenario, diagnostics } = parseScenario(
    `blackstart: 1
id: staged
title: Staged restore
provider: anthropic
basis: { precedent: claude-2025-09-10, facts: [It was down.], assumed: [shares of failing attempts] }
tags: [ci]
phases:
  - { name: blackout, for: 9m, faults: [{ surface: [chat, api], fault: overloaded }] }
  - name: trickle
    for: 18m
    faults:
      - { surface: chat, fault: overloaded, share: { from: 90%, to: 10% } }
      - { surface: api, mix: [{ fault: unavailable, share: 70% }, { fault: { bad-gateway: { body: html } }, share: 30% }] }
  - name: limited
    for: 15m
    limits: [{ surface: api, requests: { from: 6/m, to: 60/m }, per: key }]
faults:
  - { from: trickle + 5m, until: limited + 5m, surface: login, fault: { slow-first-byte: { by: 15s } } }
status_page:
  - { at: blackout + 4m, incident: investigating, components: { chat: major_outage, api: major_outage } }
  - { at: trickle, incident: monitoring, components: { chat: partial_outage, api: partial_outage } }
expect:
  - settles: { within: 60s }
  - answers: { at_least: 95%, within: 10s, during: limited, of: { class: critical } }
`,
    { catalogue },
  )
  expect(diagnostics).toEqual([])

  expect(scenario && page(scenario)).toMatchInlineSnapshot(`
    "Staged restore (staged)
    42 m, precedent claude-2025-09-10, tags ci
    facts:
      - It was down.
    assumed:
      - shares of failing attempts

    chat         AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
                 ██████████████▓▓▓▓▓▓▓▓▓▓▓▒▒▒▒▒▒▒▒▒▒▒▒▒░░░░░░
    api          AAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBB
    login                              CCCCCCCCCCCCCCCCCCCCCCCCCCCCCC
    limit api                                               ▁▂▂▂▃▃▃▄▄▄▅▅▅▅▆▆▆▇▇▇████
    status page  ······MMMMMMMMppppppppppppppppppppppppppppppppppppppppppppppppppppp
                 ├─────────────┼────────────────────────────┼───────────────────────
                 blackout      trickle                      limited
                 0              10m             20m             30m             40m
    A=overloaded, B=unavailable|bad-gateway, C=slow-first-byte, *=several
    limit: the bar is the rate
    status page: M=major outage, p=partial, d=degraded, m=maintenance,
    ·=operational, x=unreachable

    phase     start  length  what fails
    blackout  0s     9m      chat, api: overloaded
    trickle   9m     18m     chat 90% to 10%: overloaded
                             api: 70% unavailable, 30% bad-gateway (body html)
    limited   27m    15m     api: limit of 6 to 60 requests a minute, per key

    across phases:
      - trickle + 5m to limited + 5m: login: slow-first-byte (by 15s)

    status page:
      - blackout + 4m: investigating; chat major outage, api major outage
      - trickle: monitoring; chat partial outage, api partial outage

    expected:
      - settles: within 1m
      - answers: at least 95%, within 10s; during limited; of class critical
    "
  `)
})

test('a repeated block stands once in the table and as often as it happens in the drawing', () => {
  const scenario: Scenario = {
    ...fakeScenario,
    phases: [
      {
        repeat: {
          times: 4,
          phases: [
            { name: 'down', for: 60_000, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] },
            { name: 'up', for: 120_000 },
          ],
        },
      },
    ],
  }

  expect(page(scenario, 60)).toMatchInlineSnapshot(`
    "A small outage (small-outage)
    12 m

    api          AAAA       AAAAA       AAAAA       AAAAA
                 ├──┼───────┼───┼───────┼───┼───────┼───┼───────
                 down       down        down        down
                    └ up        └ up        └ up        └ up
                 0      2m      4m      6m      8m      10m
    A=overloaded

    phase  start  length        what fails
    down   0s     1m (4 times)  api: overloaded
    up     1m     2m (4 times)  nothing fails
    "
  `)
})

test('what goes on beside the faults is drawn and told: capacity, the status page, what befalls the app', () => {
  const { scenario, diagnostics } = parseScenario(
    `blackstart: 1
id: beside
title: Beside the faults
needs: { client: signs-in }
surfaces: { tools: { http: { host: tools.local, path: /v1 } } }
capacity:
  - { surface: api, slots: 20, service: 800ms, max_wait: 10s, reject_cost: 0.1 }
phases:
  - name: slow
    for: 10m
    note: It serves half.
    faults: [{ surface: tools, fault: unavailable }]
    capacity: [{ surface: api, slots: 20, speed: { from: 50%, to: 100% } }]
  - { name: clear, for: 10m }
status_page:
  - { at: start, page: unreachable }
  - { at: slow + 5m, page: up, incident: investigating, impact: minor, says: We look into it., components: { api: partial_outage } }
  - { at: clear, incident: resolved, says_at: slow + 8m, components: { api: operational } }
events:
  - { at: slow + 2m, restart: { instances: 1, apart: 5s } }
  - { at: slow + 6m, offline: 30s }
  - { at: clear, traffic: 3x }
`,
    { catalogue },
  )
  expect(diagnostics).toEqual([])

  expect(scenario && page(scenario)).toMatchInlineSnapshot(`
    "Beside the faults (beside)
    20 m, needs the client signs-in

    http.tools    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
    capacity api  ▅▅▅▅▅▅▅▅▆▆▆▆▆▆▆▆▆▇▇▇▇▇▇▇▇█████████████████████████████████████████
    status page   xxxxxxxxxxxxxxxxppppppppppppppppp·································
    app                 r            ooo           t
                  ├────────────────────────────────┼────────────────────────────────
                  slow                             clear
                  0               5m               10m             15m
    A=unavailable
    capacity: the bar is how much can be served
    status page: M=major outage, p=partial, d=degraded, m=maintenance,
    ·=operational, x=unreachable
    app: r=restart, c=crash, o=offline, s=scale, t=traffic, *=several

    phase  start  length  what fails
    slow   0s     10m     tools: unavailable
                          api: capacity of 20 slots, speed 50% to 100%
                          # It serves half.
    clear  10m    10m     nothing fails

    in every phase:
      - api: capacity of 20 slots, 800ms each, waits up to 10s, a refusal costs 0.1
        of that
    own surfaces:
      - tools: HTTP at tools.local/v1
    status page:
      - start: the page is unreachable
      - slow + 5m: the page is up; investigating (minor); api partial outage; "We
        look into it."
      - clear: resolved; api operational; dated slow + 8m
    on the client side:
      - slow + 2m: restart instances 1, apart 5s
      - slow + 6m: offline for 30s
      - clear: traffic 3x
    "
  `)
})

test('what is asked of the app, what ends the run and what varies is told', () => {
  const { scenario } = parseScenario(
    `blackstart: 1
id: asked
phases:
  - { name: down, for: 10m, faults: [{ surface: api, fault: overloaded }] }
workload: { users: 20, think: 30s, jobs: { share: 30% }, sessions: { turns: 3 }, spikes: [{ at: down + 2m, tasks: 50 }] }
stop_when: [{ outcome: failed, above: 20%, over: 1m }]
matrix: { "phases[0].for": [1m, 3m], workload.users: [20, 40] }
`,
    { catalogue },
  )

  const lines = scenario && page(scenario).split('\n')
  expect(lines?.slice(lines.indexOf('asked of the app:'))).toEqual([
    'asked of the app:',
    '  - users 20, 30s of thought before each task, 30% are jobs, conversations of 3',
    '    turns',
    '  - down + 2m: 50 tasks at once',
    'the run stops at:',
    '  - more than 20% of tasks failed within 1m',
    'a run for each of:',
    '  - phases[0].for: 1m | 3m',
    '  - workload.users: 20 | 40',
    '',
  ])
})
