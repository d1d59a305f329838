import { describe, expect, test } from 'vitest'
import { parseScenario, renderCheck } from '../../../src/scenario/index.ts'
import { catalogue, toyCatalogue } from './support/catalogue.ts'
import { chatBeforeApi } from './support/chat-before-api.ts'

const head = 'blackstart: 1\nid: example\n'
const parse = (text: string) => parseScenario(text, { catalogue, file: 'x.yaml' })
const valid = (text: string) => {
  const { scenario, diagnostics } = parse(text)
  expect(renderCheck('x.yaml', diagnostics, text)).toBe('')
  return scenario
}
const codes = (text: string) => parse(text).diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)

describe('a good scenario', () => {
  test('the example of the format parses without a diagnostic, in milliseconds, shares and rates per minute', () => {
    expect(valid(chatBeforeApi)).toEqual({
      blackstart: 1,
      id: 'chat-before-api',
      title: 'Chat is back, the API is not',
      provider: 'anthropic',
      seed: 1,
      basis: { precedent: 'claude-2025-09-10', assumed: ['shares of failing attempts'] },
      tags: ['staged-restore', 'ci'],
      phases: [
        {
          name: 'blackout',
          for: 540_000,
          faults: [{ surface: ['chat', 'api'], fault: { id: 'overloaded', params: {} } }],
        },
        {
          name: 'chat-trickle',
          for: 1_080_000,
          faults: [
            { surface: ['chat'], fault: { id: 'overloaded', params: {} }, share: 0.5 },
            {
              surface: ['api'],
              mix: [
                { fault: { id: 'unavailable', params: {} }, share: 0.7 },
                { fault: { id: 'bad-gateway', params: { body: 'html' } }, share: 0.3 },
              ],
            },
          ],
        },
        {
          name: 'chat-up',
          for: 1_200_000,
          faults: [
            {
              surface: ['api'],
              fault: { id: 'stream-error', params: { after: { events: 3 }, error: 'overloaded_error' } },
              share: 0.3,
              when: { streaming: true },
            },
            { surface: ['api'], fault: { id: 'overloaded', params: {} }, share: 0.5 },
          ],
        },
        {
          name: 'rate-limited',
          for: 900_000,
          limits: [{ surface: ['api'], requests: { from: 6, to: 60 }, per: 'key', retry_after: { as: 'seconds' } }],
        },
      ],
      faults: [
        {
          from: { phase: 'chat-up', offset: 300_000 },
          until: { phase: 'rate-limited', offset: 300_000 },
          surface: ['login'],
          fault: { id: 'slow-first-byte', params: { by: 15_000 } },
        },
      ],
      status_page: [
        {
          at: { phase: 'blackout', offset: 240_000 },
          incident: 'investigating',
          components: { chat: 'major_outage', api: 'major_outage' },
        },
        {
          at: { phase: 'chat-trickle', offset: 0 },
          incident: 'monitoring',
          components: { chat: 'partial_outage' },
          says: 'A fix has been implemented.',
        },
      ],
      expect: [
        { oracle: 'settles', params: { within: 60_000 } },
        {
          oracle: 'answers',
          params: { at_least: 0.95, within: 10_000 },
          during: ['rate-limited'],
          of: { class: ['critical'] },
        },
        { oracle: 'recovers', params: { surface: ['api'], within: 120_000 } },
      ],
    })
  })

  test('no phases at all means all healthy, for the default provider', () => {
    expect(valid(`${head}phases: []\n`)).toEqual({ blackstart: 1, id: 'example', provider: 'anthropic', phases: [] })
  })

  test('instants name ends, laps and offsets before and after', () => {
    const scenario = valid(`${head}
phases:
  - repeat: { times: 3, phases: [{ name: up, for: 1m }, { name: down, for: 30s }] }
status_page:
  - { at: start }
  - { at: end + 5m }
  - { at: up - 30s }
  - { at: down#3 + 1m30s }
  - { at: up#1 }
`)
    expect(scenario?.status_page?.map(update => update.at)).toEqual([
      { phase: 'start', offset: 0 },
      { phase: 'end', offset: 300_000 },
      { phase: 'up', offset: -30_000 },
      { phase: 'down#3', offset: 90_000 },
      { phase: 'up', offset: 0 },
    ])
  })

  test('rates are per minute whatever their unit, shares percent or number', () => {
    const scenario = valid(`${head}
phases:
  - name: limited
    for: 1m
    limits:
      - { surface: api, requests: 2/s, input_tokens: 30000/m, output_tokens: 100/h }
    faults:
      - { surface: api, fault: overloaded, share: 12.5% }
      - { surface: api, fault: overloaded, share: { from: 0.5, to: 1 } }
`)
    expect(scenario?.phases[0]).toMatchObject({
      limits: [{ requests: 120, input_tokens: 30_000, output_tokens: 100 / 60 }],
      faults: [{ share: 0.125 }, { share: { from: 0.5, to: 1 } }],
    })
  })

  test('client events are told apart by their one verb', () => {
    const scenario = valid(`${head}
phases: [{ name: down, for: 1m }]
events:
  - { at: down, restart: true }
  - { at: down, restart: { instances: 2, apart: 30s } }
  - { at: down, crash: { instances: 1 } }
  - { at: down, offline: 20s }
  - { at: down, scale: { instances: 5 } }
  - { at: down, traffic: 3x }
`)
    const at = { phase: 'down', offset: 0 }
    expect(scenario?.events).toEqual([
      { at, restart: true },
      { at, restart: { instances: 2, apart: 30_000 } },
      { at, crash: { instances: 1 } },
      { at, offline: 20_000 },
      { at, scale: { instances: 5 } },
      { at, traffic: 3 },
    ])
  })

  test('an expectation is an id, an id that is off, or an id with what it asks for', () => {
    const scenario = valid(`${head}
phases: [{ name: down, for: 1m }, { name: up, for: 1m }]
expect:
  - settles
  - settles: off
  - answers: { during: [down, up], of: { surface: [api, chat], tenant: acme, streaming: false } }
`)
    expect(scenario?.expect).toEqual([
      { oracle: 'settles' },
      { oracle: 'settles', off: true },
      {
        oracle: 'answers',
        during: ['down', 'up'],
        of: { surface: ['api', 'chat'], tenant: ['acme'], streaming: false },
      },
    ])
  })

  test('own surfaces and those of other providers may be named', () => {
    const text = `${head}
surfaces: { vector-store: { tcp: 'db.local:6333' }, search: { http: { path: /v1/search } } }
phases:
  - { name: down, for: 1m, faults: [{ surface: [vector-store, search, openai.api, anthropic.api], fault: plain }] }
`
    const { scenario, diagnostics } = parseScenario(text, { catalogue: toyCatalogue })

    expect(diagnostics).toEqual([])
    expect(scenario?.phases[0]).toMatchObject({
      faults: [{ surface: ['vector-store', 'search', 'openai.api', 'anthropic.api'] }],
    })
  })

  test('merge keys and aliases are followed; what is written beside them wins', () => {
    const scenario = valid(`${head}
phases:
  - &base
    name: down
    for: 1m
    faults: &outage [{ surface: api, fault: overloaded }]
  - { <<: *base, name: still-down }
  - { name: worse, for: 2m, faults: *outage }
`)
    const faults = [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }]
    expect(scenario?.phases).toEqual([
      { name: 'down', for: 60_000, faults },
      { name: 'still-down', for: 60_000, faults },
      { name: 'worse', for: 120_000, faults },
    ])
  })

  test('a retry-after longer than any timer is kept: clients are tested with it', () => {
    const limit = '{ surface: api, requests: 1/m, retry_after: { as: ms, value: 60d } }'
    const scenario = valid(`${head}phases: [{ name: down, for: 1m, limits: [${limit}] }]\n`)
    expect(scenario?.phases[0]).toMatchObject({ limits: [{ retry_after: { as: 'ms', value: 5_184_000_000 } }] })
  })

  test('a byte order mark and Windows line ends change nothing', () => {
    expect(valid(`\uFEFF${chatBeforeApi.replaceAll('\n', '\r\n')}`)).toEqual(valid(chatBeforeApi))
  })
})

describe('positions', () => {
  const { positions } = parse(chatBeforeApi)

  test('each part of the scenario is found on its line', () => {
    expect(positions.of('phases[1].faults[1]')).toEqual({ line: 15, column: 9 })
    expect(positions.of('phases[1].faults[1].mix[1].share')).toEqual({ line: 15, column: 116 })
    expect(positions.of('phases[3].limits[0]')).toEqual({ line: 24, column: 9 })
    expect(positions.of('faults[0]')).toEqual({ line: 26, column: 5 })
  })

  test('what is not written stands where its nearest part does', () => {
    expect(positions.of('phases[1].faults[1].when')).toEqual(positions.of('phases[1].faults[1]'))
    expect(positions.of('workload.users')).toEqual({ line: 2, column: 1 })
  })

  test('an aliased entry is found where it is used, and repeats have places too', () => {
    const { positions } = parse(`${head}phases:
  - name: down
    for: 1m
    faults: [&x { surface: api, fault: overloaded }]
  - repeat:
      times: 2
      phases:
        - name: flap
          for: 1m
          faults:
            - *x
`)
    expect(positions.of('phases[1].repeat.phases[0].faults[0]')).toEqual({ line: 13, column: 15 })
    expect(positions.of('phases[1].repeat.phases[0].faults[0].fault')).toEqual({ line: 6, column: 40 })
  })
})

describe('problems', () => {
  test('all are reported at once, in the order of the file', () => {
    const text = `${head}phases:
  - { name: down, for: 90, faults: [{ surface: apii, fault: overload, share: 50 }] }
expects: []
faults:
  - { from: down, until: donw, surface: api, fault: overloaded }
`
    expect(codes(text)).toEqual([
      '4:24 bad-duration',
      '4:48 unknown-surface',
      '4:61 unknown-fault',
      '4:78 bad-share',
      '5:1 unknown-key',
      '7:26 unknown-phase',
    ])
  })

  test('where nothing is near, what is known is listed', () => {
    const text = `${head}phases: [{ name: down, for: 1m, faults: [{ surface: claude, fault: volcano }] }]\nexpect: [miracles]\n`
    const { diagnostics } = parseScenario(text, { catalogue: toyCatalogue })

    expect(diagnostics.map(({ hint }) => hint)).toEqual([
      'Known surfaces: chat, console, login, code, status, api, api.messages, openai.api, openai.api.responses. ' +
        'Add your own under "surfaces".',
      'Known ids: everything, plain.',
      'Known ids: answers, recovers, settles.',
    ])
  })

  test('rules between keys are checked while other keys are wrong', () => {
    const text = `${head}phases: [{ name: down, for: 1m }]
faults:
  - { from: end, until: start, surface: nowhere, mix: [{ fault: overloaded, share: 80% }, { fault: dns, share: 30% }] }
`
    expect(codes(text)).toEqual(['5:25 track-backwards', '5:41 unknown-surface', '5:55 mix-above-one'])
  })

  test('ten parts of ten percent are not above one', () => {
    const mix = Array.from({ length: 10 }, () => '{ fault: dns, share: 10% }').join(', ')
    expect(codes(`${head}phases: [{ name: a, for: 1m, faults: [{ surface: api, mix: [${mix}] }] }]`)).toEqual([])
  })

  test('an anchor that is wrong is reported once, however often it is used', () => {
    const text = `${head}game_day: { notes: { x: &x { surface: api, fault: overload } } }
phases:
  - { name: a, for: 1m, faults: [*x, *x] }
  - { name: b, for: 1m, faults: [*x] }
`
    expect(codes(text)).toEqual(['3:51 unknown-fault'])
  })

  test('an alias of the wrong kind is reported where it is used', () => {
    const text = `${head}game_day: { notes: { x: &x five } }\nphases: [{ name: a, for: *x }]\n`
    expect(codes(text)).toEqual(['4:26 bad-duration'])
  })

  test('a track over laps is compared lap by lap', () => {
    const text = (from: string, until: string) => `${head}
phases: [{ repeat: { times: 3, phases: [{ name: up, for: 1m }, { name: down, for: 1m }] } }]
faults: [{ from: ${from}, until: ${until}, surface: api, fault: dns }]
`
    expect(codes(text('down#2', 'up#3'))).toEqual([])
    expect(codes(text('up#3', 'down#2'))).toEqual(['5:31 track-backwards'])
  })

  test('with an unreadable length nothing is guessed about times after it', () => {
    const text = `${head}phases: [{ name: a, for: soon }, { name: b, for: 1m }]
faults: [{ from: b, until: a, surface: api, fault: dns }]
`
    expect(codes(text)).toEqual(['3:26 bad-duration'])
  })
})

describe('hostile texts', () => {
  const first = (text: string) => {
    const { scenario, diagnostics } = parse(text)
    expect(scenario).toBeUndefined()
    return diagnostics[0]
  }

  test.each([
    ['brackets', '['.repeat(20_000)],
    ['braces', '{a: '.repeat(20_000)],
    ['dashes', '- '.repeat(20_000)],
    ['a million brackets', '['.repeat(999_999)],
    ['indented keys', Array.from({ length: 1_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('deep nesting of %s is one clear diagnostic', (_name, text) => {
    expect(parse(text).diagnostics).toHaveLength(1)
    expect(first(text)).toMatchObject({ code: 'too-deep', message: 'Lists and maps are nested more than 64 deep.' })
  })

  test('a text above the limit is not looked at', () => {
    expect(first(`# ${'x'.repeat(1_000_000)}`)?.message).toBe('The file has 1.0 MB; the limit for a scenario is 1 MB.')
  })

  test('a YAML bomb is refused before it grows', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 26; i++) {
      const [name, before] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)]
      lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`)
    }
    expect(first(lines.join('\n'))?.code).toBe('alias-bomb')
  })

  test('an alias inside its own anchor is refused', () => {
    expect(first('a: &a [*a]')?.message).toBe('The alias *a stands inside itself.')
  })

  test.each([
    ['unknown keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['unknown oracles', `${head}phases: []\nexpect:\n${'- x\n'.repeat(200_000)}`],
    ['duplicate keys', 'a: 1\n'.repeat(150_000)],
  ])('a file of %s alone ends soon, and says that there are more', (_name, text) => {
    const { diagnostics } = parse(text)

    expect(diagnostics).toHaveLength(1_001)
    expect(diagnostics.at(-1)?.message).toBe('There are more problems; the search for them ended here.')
  })

  test('__proto__ pollutes nothing, wherever it stands', () => {
    for (const where of ['__proto__: { a: 1 }', 'matrix: { __proto__: [1] }', 'phases: [{ __proto__: { name: x } }]'])
      expect(parse(`${head}${where}\n`).scenario).toBeUndefined()
    expect(parse(`${head}phases: []\nneeds: { constructor: x, toString: y }`).diagnostics).toHaveLength(2)
    expect(Object.prototype).not.toHaveProperty('a')
  })

  test('no text makes it throw', () => {
    for (const text of [
      '',
      ' ',
      '\0',
      '---',
      '...',
      '*',
      '&',
      '!',
      '%',
      '? ',
      ': ',
      '- - -',
      '"',
      "'",
      '{',
      ']',
      '|',
      '<<: 1',
    ])
      expect(parse(text).diagnostics.length, JSON.stringify(text)).toBeGreaterThan(0)
  })
})
