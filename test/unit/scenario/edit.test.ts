import { describe, expect, test } from 'vitest'
import { editScenario, parseScenario } from '../../../src/scenario/index.ts'
import { catalogue } from './support/catalogue.ts'
import { chatBeforeApi } from './support/chat-before-api.ts'

describe('editScenario', () => {
  test('a new scalar touches nothing but the old one', () => {
    const edited = editScenario(chatBeforeApi, [
      { path: ['seed'], value: 42 },
      { path: ['phases', 0, 'for'], value: '2m30s' },
      { path: ['title'], value: 'Chat: back, [almost]' },
    ])

    expect(edited).toBe(
      chatBeforeApi
        .replace('seed: 1  ', 'seed: 42  ')
        .replace('for: 9m', 'for: 2m30s')
        .replace('Chat is back, the API is not', '"Chat: back, [almost]"'),
    )
  })

  test('comments and order survive a larger change', () => {
    const text = `# at the top
blackstart: 1
id: example # the name
# before phases
phases:
  # the first
  - { name: down, for: 1m } # one minute
  - name: up # healthy
    for: 5m
tags: [ci]
`
    const edited = editScenario(text, [
      { path: ['phases', 1, 'faults'], value: [{ surface: 'api', fault: 'overloaded' }] },
      { path: ['tags'], value: undefined },
      { path: ['title'], value: 'Added' },
    ])

    expect(edited).toBe(`# at the top
blackstart: 1
id: example # the name
# before phases
phases:
  # the first
  - { name: down, for: 1m } # one minute
  - name: up # healthy
    for: 5m
    faults:
      - surface: api
        fault: overloaded
title: Added
`)
    expect(parseScenario(edited, { catalogue }).diagnostics).toEqual([])
  })

  test('a text that is not YAML, or a path to nowhere, is refused', () => {
    expect(() => editScenario('a: [', [{ path: ['a'], value: 1 }])).toThrow('it is not valid YAML')
    expect(() => editScenario('a: 1', [{ path: ['a', 'b', 'c'], value: 1 }])).toThrow('there is no ["a","b"] in it')
  })
})
