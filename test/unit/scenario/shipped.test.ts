import { readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { unsupportedByMsw } from '../../../src/engines/msw-support.ts'
import { type FaultEntry, isRepeat, type Level, type Phase } from '../../../src/model/scenario.ts'
import { compilePlan, outageStretches } from '../../../src/model/timeline.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { parseScenario, printScenario, readScenarioFile } from '../../../src/scenario/index.ts'

const folder = resolve(import.meta.dirname, '../../../scenarios')
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.yaml'))
  .toSorted()
  .map(path => ({ path, ...readScenarioFile(join(folder, path), { catalogue }) }))

const ids = files.map(({ scenario }) => scenario?.id ?? '')

test('each id is there once, and so is every shape that was promised', () => {
  expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted())
  expect(ids).toEqual(
    expect.arrayContaining([
      ...[
        'chat-before-api',
        'api-before-chat',
        'relapse',
        'per-model-stagger',
        'feature-split',
        'correlated-providers',
      ],
      ...['false-recovery', 'silent-quality-failure', 'connect-phase', 'credential-plane', 'lost-responses'],
      ...['second-outage', 'region', 'global-down', 'flapping', 'rate-limited-recovery', 'metastable-storm'],
      ...['auth-errors-on-good-keys', 'brownout-ten-percent', 'stream-error-in-200', 'truncated-stream'],
    ]),
  )
})

describe('precedents', () => {
  const precedents = files.filter(({ path }) => path.startsWith('precedents/'))

  test('there are many, of all providers', () => {
    expect(precedents.length).toBeGreaterThanOrEqual(25)
    expect(new Set(precedents.map(({ scenario }) => scenario?.provider))).toEqual(new Set(catalogue.surfaces.keys()))
  })

  test.for(precedents)('$path says where it is from, and of each phase that fails what is known', ({ scenario }) => {
    const { basis, tags, phases = [], status_page } = scenario ?? {}
    expect(tags).toContain('precedent')
    expect(basis?.precedent).toBeTruthy()
    expect(basis?.sources?.every(url => URL.canParse(url))).toBe(true)
    expect(basis?.facts?.length).toBeGreaterThan(0)
    expect(basis?.assumed?.length).toBeGreaterThan(0)
    const failing = phases
      .flatMap(item => (isRepeat(item) ? item.repeat.phases : [item]))
      .filter(({ faults, limits }) => faults ?? limits)
    expect(failing.filter(({ note }) => note === undefined).map(({ name }) => name)).toEqual([])
    // What a page said when, also where it said nothing: that is a fact then.
    expect(status_page !== undefined || basis?.facts?.some(fact => fact.includes('no incident was posted'))).toBe(true)
  })
})

describe.for(files)('$path', ({ path, scenario, diagnostics, text }) => {
  test('parses without a word, and prints as what it is', () => {
    expect(diagnostics).toEqual([])
    expect(scenario && parseScenario(printScenario(scenario, catalogue), { catalogue }).scenario).toEqual(scenario)
  })

  test('names its schema in the first line, and its title', () => {
    expect(text.split('\n')[0]).toBe(
      `# yaml-language-server: $schema=${'../'.repeat(path.split('/').length)}scenario.schema.json`,
    )
    expect(scenario?.title).toBeTruthy()
  })

  test('is called what its file is called', () => {
    const [shelf, provider] = path.split('/')
    const name = basename(path, '.yaml')
    if (shelf === 'shapes') expect(scenario?.id).toBe(name)
    // Claude is the product of the provider anthropic; a precedent is called by the day it began.
    else expect(scenario?.id).toBe(`${provider === 'anthropic' ? 'claude' : provider}-${name.slice(0, 10)}`)
  })

  test('is something that the engine can perform', () => {
    expect(scenario && unsupportedByMsw(scenario)).toEqual([])
  })

  test('says of every share that it is assumed, unless the provider published it', () => {
    const assumed = (scenario?.basis?.assumed ?? []).join('\n')
    const published = (scenario?.basis?.facts ?? []).join('\n')
    const shares = entriesOf(scenario?.phases.flatMap(item => (isRepeat(item) ? item.repeat.phases : [item])) ?? [])
      .concat(scenario?.faults ?? [])
      .flatMap(({ share, mix }) => [...levels(share), ...(mix ?? []).map(({ share: weight }) => weight)])
    expect(shares.length + assumed.length).toBeGreaterThan(0)
    for (const share of shares.map(value => Math.round(value * 100)))
      expect(speaksOf(assumed, share) || speaksOf(published, share), `${share}% is told nowhere`).toBe(true)
  })

  test('leaves enough healthy time after its last fault to see a recovery', () => {
    if (!scenario) throw new Error('unreadable')
    const plan = compilePlan(scenario, catalogue.faults)
    const healedMs = outageStretches(plan, `${scenario.provider}.api`).at(-1)?.endMs ?? 0
    expect(plan.lengthMs - healedMs).toBeGreaterThanOrEqual(8 * 60_000)
  })
})

const entriesOf = (phases: readonly Phase[]): FaultEntry[] => phases.flatMap(({ faults }) => [...(faults ?? [])])

function levels(share: Level | undefined): readonly number[] {
  if (share === undefined) return []
  return typeof share === 'number' ? [share] : [share.from, share.to]
}

const inWords: Readonly<Record<number, RegExp>> = {
  0: /none|\b0%/,
  50: /50%|half/,
}

function speaksOf(text: string, share: number): boolean {
  return (inWords[share] ?? new RegExp(`\\b${share}%`)).test(text)
}
