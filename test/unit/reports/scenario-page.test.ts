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
    status page: M=major outage, p=partial, d=degraded, m=maintenance, ·=operational

    phase     start  length  what fails
    blackout  0s     9m      chat, api: overloaded
    trickle   9m     18m     chat 90% to 10%: overloaded
                             api: 70% unavailable, 30% bad-gateway (body html)
    limited   27m    15m     api: limit of 6 to 60 requests a minute, per key

    across phases:
      - trickle + 5m to limited + 5m: login: slow-first-byte (by 15s)

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
