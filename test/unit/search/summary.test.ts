import { describe, expect, test } from 'vitest'
import { searchReport } from '../../../src/reports/search.ts'
import { mergeSummaries } from '../../../src/search/merge.ts'
import { type FoundFailure, type SearchSummary, type SummaryFacts, summaryOf } from '../../../src/search/summary.ts'
import type { TallyData } from '../../../src/search/tally.ts'

const tally: TallyData = {
  ...{ runs: { sweep: 12, random: 40 }, attempts: 9_000, simulatedMs: 3_600_000, conclusive: 50, clean: 40, failed: 0 },
  ...{ inconclusive: {}, failures: {}, traces: { sweep: ['00aa'], all: ['00aa', '00bb'] } },
  coverage: {
    places: { 'anthropic.api.messages whole steady': 900 },
    cells: { 'overloaded anthropic.api.messages whole steady': 12 },
    kinds: { 'anthropic.api.messages': 'model' },
  },
  sometimes: { retried: 9 },
}

const failure: FoundFailure = {
  ...{ oracle: 'settles', message: 'one task never settled', origin: 'random', place: [2, 7], text: '', phases: 1 },
  ...{ fileName: 'settles-1.yaml', journalHash: 'ab', runs: 20, shrinkMs: 900, confirmed: true, seenMs: 5, foundMs: 9 },
}

function summary(facts: Partial<SummaryFacts> = {}): SearchSummary {
  return summaryOf({
    ...{ blackstart: '1.0.0', client: 'assistant', base: null, parts: [{ seed: 1, shard: '1/1' }], ms: 60_000, tally },
    ...{ sweep: null, found: [], corpus: [], passing: [], problems: [], notices: [] },
    ...facts,
  })
}

const shard = (name: string, facts: Partial<SummaryFacts> = {}) => ({
  name,
  summary: summary({ parts: [{ seed: 1, shard: name }], ...facts }),
})

const unproven = { ...failure, confirmed: false }
const corpusFile = { file: 'c/settles-1.yaml', oracle: 'settles', expected: 'fail', says: 'It still fails.' } as const

describe('the exit code of a search', () => {
  const cases: readonly (readonly [string, Partial<SummaryFacts>, number])[] = [
    ['nothing failed', {}, 0],
    ['something failed', { found: [failure] }, 1],
    ['something failed that no replay showed again', { found: [unproven] }, 6],
    ['a known failure is there still', { corpus: [{ ...corpusFile, status: 'as-expected' }] }, 1],
    ['what was mended fails again', { corpus: [{ ...corpusFile, status: 'regressed', expected: 'pass' }] }, 1],
    ['a known failure is gone', { corpus: [{ ...corpusFile, status: 'fixed' }] }, 0],
    ['a file of the corpus cannot be read', { corpus: [{ ...corpusFile, status: 'unreadable' }] }, 6],
    ['two clean runs differ', { diverged: 'line 3' }, 6],
    ['the app is not well without any outage', { unwell: 'It is not.', diverged: 'line 3' }, 3],
    ['nothing was tested', { tally: { ...tally, runs: {}, conclusive: 0, clean: 0 } }, 6],
    ['no run came to a verdict', { tally: { ...tally, inconclusive: { 'it is so': 52 }, conclusive: 0, clean: 0 } }, 6],
    ['a part was left', { problems: ['The client’s process was lost.'] }, 6],
    ['it was interrupted, whatever was found', { interrupted: 130, found: [failure] }, 130],
  ]

  test.for(cases)('%s', ([, facts, exitCode]) => {
    expect(summary(facts)).toMatchObject({ exitCode })
  })
})

describe('shards', () => {
  test('are added up, and one claim is made of all clean outages', () => {
    const merged = mergeSummaries([shard('1/2'), shard('2/2')])

    expect(merged.tally.runs).toEqual({ random: 80, sweep: 24 })
    expect(merged.tally.traces.all).toEqual(['00aa', '00bb'])
    expect(merged.proof.below).toBeCloseTo(1 - 0.05 ** (1 / 80))
    expect(merged.exitCode).toBe(0)
  })

  test('of one check’s failures the earliest counts, and a proven one before any other', () => {
    const late = { ...failure, place: [2, 90], fileName: 'late.yaml' } as const
    const early = { ...failure, place: [1, 3], fileName: 'early.yaml' } as const
    const names = (...found: FoundFailure[]) =>
      mergeSummaries(found.map((one, i) => shard(`${i + 1}/9`, { found: [one] }))).found.map(one => one.fileName)

    expect(names(late, early)).toEqual(['early.yaml'])
    expect(names(late, { ...early, confirmed: false })).toEqual(['late.yaml'])
    expect(names(late, { ...early, oracle: 'answers' })).toEqual(['early.yaml', 'late.yaml'])
  })

  test.for([
    ['twice', [shard('1/2'), shard('1/2')], 'are both shard 1/2 of seed 1'],
    ['of two clients', [shard('1/2'), shard('2/2', { client: 'other' })], 'client is other in one and assistant in'],
    ['that are none', [], 'Name the summaries to merge.'],
  ] as const)('%s are refused', ([, given, says]) => {
    expect(() => mergeSummaries(given)).toThrow(says)
  })
})

describe('the report for people', () => {
  const text = (facts: Partial<SummaryFacts> = {}) => searchReport(summary(facts), { color: false, client: './app.ts' })

  test('names what failed, how small it is, and the command that replays it', () => {
    const report = text({ found: [{ ...failure, file: 'found/settles-1.yaml' }] })

    expect(report).toContain('settles  1 phase, met by chance after 5 ms, made smaller in 20 runs (900 ms)')
    expect(report).toContain('replay: npx blackstart replay found/settles-1.yaml --client ./app.ts')
    expect(report).toContain('page: npx blackstart report found/settles-1.yaml --client ./app.ts --html settles-1.html')
    expect(report).toContain('nothing that the clean runs beside it prove')
  })

  test('tells what was never reached and never happened, and what the clean runs prove', () => {
    const report = text()

    expect(report).toMatch(/never struck: .*rate-limited/)
    expect(report).toContain('never seen: retry requests; the client never asked again')
    expect(report).toMatch(/retried +9 {2}a request was tried again/)
    expect(report).toMatch(/never:\n(?: {4}.+\n)* {4}breaker-opened/)
    expect(report).toContain('40 outages at random, and all passed')
  })
})
