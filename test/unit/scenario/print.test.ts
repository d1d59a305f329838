import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Scenario } from '../../../src/model/scenario.ts'
import { parseScenario, printScenario, renderCheck } from '../../../src/scenario/index.ts'
import * as shipped from './support/catalogue.ts'
import { toyCatalogue as catalogue } from './support/catalogue.ts'
import { chatBeforeApi } from './support/chat-before-api.ts'
import { scenarioArbitrary } from './support/scenario-arbitrary.ts'

const read = (text: string, from = catalogue): Scenario | undefined => {
  const { scenario, diagnostics } = parseScenario(text, { catalogue: from })
  expect(renderCheck('printed.yaml', diagnostics, text)).toBe('')
  return scenario
}

describe('printScenario', () => {
  test('what is printed reads back as the same scenario', () => {
    fc.assert(
      fc.property(scenarioArbitrary, scenario => {
        expect(read(printScenario(scenario, catalogue))).toEqual(scenario)
      }),
      { numRuns: 200 },
    )
  }, 60_000)

  test('printing what was read changes nothing more', () => {
    fc.assert(
      fc.property(scenarioArbitrary, scenario => {
        const text = printScenario(scenario, catalogue)
        const again = read(text)
        expect(again && printScenario(again, catalogue)).toBe(text)
      }),
      { numRuns: 50 },
    )
  }, 60_000)

  test('the page is one a person would have written', () => {
    const scenario = read(chatBeforeApi, shipped.catalogue)

    expect(scenario && printScenario(scenario, shipped.catalogue)).toBe(`\
# yaml-language-server: $schema=./node_modules/blackstart/scenario.schema.json
blackstart: 1
id: chat-before-api
title: Chat is back, the API is not
provider: anthropic
seed: 1
basis:
  precedent: claude-2025-09-10
  assumed:
    - shares of failing attempts
tags: [staged-restore, ci]
phases:
  - name: blackout
    for: 9m
    faults:
      - { surface: [chat, api], fault: overloaded }
  - name: chat-trickle
    for: 18m
    faults:
      - { surface: chat, fault: overloaded, share: 50% }
      - surface: api
        mix: [{ fault: unavailable, share: 70% }, { fault: { bad-gateway: { body: html } }, share: 30% }]
  - name: chat-up
    for: 20m
    faults:
      - surface: api
        fault: { stream-error: { after: 3 events, error: overloaded_error } }
        share: 30%
        when: { streaming: true }
      - { surface: api, fault: overloaded, share: 50% }
  - name: rate-limited
    for: 15m
    limits:
      - { surface: api, requests: { from: 6/m, to: 60/m }, per: key, retry_after: { as: seconds } }
faults:
  - { from: chat-up + 5m, until: rate-limited + 5m, surface: login, fault: { slow-first-byte: { by: 15s } } }
status_page:
  - { at: blackout + 4m, incident: investigating, components: { chat: major_outage, api: major_outage } }
  - { at: chat-trickle, incident: monitoring, components: { chat: partial_outage }, says: A fix has been implemented. }
expect:
  - settles: { within: 1m }
  - answers: { at_least: 95%, within: 10s, during: rate-limited, of: { class: critical } }
  - recovers: { within: 2m, surface: api }
`)
  })

  test('every text survives, however much it looks like something else', () => {
    const says = [
      'off',
      '~',
      '12:30',
      '0x1F',
      '- a',
      '# b',
      'a: b',
      '<<',
      ' a ',
      'a\nb\n',
      "it's",
      '"',
      '',
      '\u0000',
      '\ud83d\ude00',
      '1e3',
    ]
    const scenario: Scenario = {
      blackstart: 1,
      id: 'texts',
      provider: 'anthropic',
      phases: [],
      basis: { facts: says },
      game_day: { notes: Object.fromEntries(says.map(text => [text, text])) },
      status_page: says.map(text => ({ at: { phase: 'start', offset: 0 }, says: text })),
    }

    expect(read(printScenario(scenario, catalogue))).toEqual(scenario)
  })

  test('no line is wider than the page where it can be helped', () => {
    fc.assert(
      fc.property(scenarioArbitrary, scenario => {
        const flow = printScenario(scenario, catalogue)
          .split('\n')
          .filter(line => /^ *- \{/.test(line))
        for (const line of flow) expect(line.length).toBeLessThanOrEqual(120)
      }),
      { numRuns: 50 },
    )
  })
})
