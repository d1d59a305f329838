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

test('the scenarios that were promised are all there, each id once', () => {
  expect(files.map(({ scenario }) => scenario?.id).toSorted()).toEqual([
    'auth-errors-on-good-keys',
    'brownout-ten-percent',
    'chat-before-api',
    'claude-2025-09-10',
    'claude-2026-03-02',
    'flapping',
    'global-down',
    'openai-2023-11-08',
    'rate-limited-recovery',
    'stream-error-in-200',
    'truncated-stream',
  ])
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
    const healedMs = outageStretches(plan, 'anthropic.api.messages').at(-1)?.endMs ?? 0
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
