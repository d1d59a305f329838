import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { importText } from '../../../src/cli/import-file.ts'
import { draw, drawExponential } from '../../../src/lib/draw.ts'
import { UsageError } from '../../../src/lib/errors.ts'
import type { FaultEntry, Phase, Scenario } from '../../../src/model/scenario.ts'

interface Stretch {
  readonly minutes: number
  readonly perMinute?: number
  /** Share by status; the rest is well. */
  readonly fails?: Readonly<Record<string, number>>
  /** Models whose requests fail; all when absent. */
  readonly model?: string
  readonly slowBy?: number
}

/** A log of such stretches, drawn from a seed. */
function logOf(stretches: readonly Stretch[], seed = 1): string {
  const lines = ['time,status,latency_ms,model,stream']
  let startMs = Date.UTC(2026, 2, 6, 13)
  let n = 0
  for (const { minutes, perMinute = 20, fails = {}, model, slowBy = 0 } of stretches) {
    const endMs = startMs + minutes * 60_000
    for (let t = startMs; perMinute > 0 && t < endMs; t += drawExponential(60_000 / perMinute, draw(seed, 'gap', n))) {
      n++
      const asked = draw(seed, 'model', n) < 0.5 ? 'claude-opus-5-5' : 'claude-haiku-5-5'
      let u = draw(seed, 'status', n)
      const isEligible = model === undefined || model === asked
      const status = Object.entries(isEligible ? fails : {}).find(([, share]) => {
        u -= share
        return u < 0
      })?.[0]
      const latency = 800 + 400 * draw(seed, 'latency', n) + (status === undefined ? slowBy : 0)
      lines.push(
        [new Date(Math.round(t)).toISOString(), status ?? 200, Math.round(latency), asked, n % 3 === 0].join(','),
      )
    }
    startMs = endMs
  }
  return lines.join('\n')
}

const imported = (stretches: readonly Stretch[], seed?: number): Scenario =>
  importText(logOf(stretches, seed), { file: 'friday.csv' }).scenario

/** `outage 600 s: api overloaded`, a line a phase. */
function told(scenario: Scenario): string[] {
  return phasesOf(scenario).map(
    ({ name, for: ms, faults = [] }) => `${name} ${Math.round(ms / 60_000)} m${faults.map(entryText).join()}`,
  )
}

function phasesOf({ phases }: Scenario): readonly Phase[] {
  return phases.flatMap(item => ('repeat' in item ? [] : [item]))
}

function entryText({ surface, fault, mix, share, when }: FaultEntry): string {
  const what = fault?.id ?? mix?.map(part => `${part.fault.id} ${part.share}`).join('+')
  return `: ${surface.join()} ${what} ${typeof share === 'number' ? share : 'all'}${when ? ` ${JSON.stringify(when)}` : ''}`
}

test('phases are where outcomes change, with measured shares', () => {
  const scenario = imported([
    { minutes: 15 },
    { minutes: 12, fails: { 529: 1 } },
    { minutes: 30, fails: { 503: 0.3, ECONNRESET: 0.1 } },
    { minutes: 20 },
  ])

  expect(told(scenario)).toEqual([
    'healthy 10 m',
    'outage 12 m: api overloaded all',
    'partial 30 m: api unavailable 0.7+reset 0.3 0.42',
    'clear 20 m',
  ])
})

test('answers that come later are a delay: the same for all, or spread', () => {
  const even = imported([{ minutes: 15 }, { minutes: 15, slowBy: 8000 }, { minutes: 15 }])
  const [slow] = phasesOf(even)[1]?.faults ?? []

  expect(told(even)).toEqual(['healthy 10 m', 'slow 15 m: api slow-first-byte all', 'clear 15 m'])
  expect(slow?.fault?.params).toEqual({ by: 8000 })
})

test('a fault of one model is told of that model', () => {
  const scenario = imported([
    { minutes: 10 },
    { minutes: 20, fails: { 529: 0.8 }, model: 'claude-opus-5-5' },
    { minutes: 10 },
  ])

  expect(told(scenario)[1]).toBe('partial 20 m: api overloaded 0.8 {"model":["claude-opus-5-5"]}')
})

test('a gap is a phase of which nothing is known', () => {
  const scenario = imported([
    { minutes: 10, fails: { 503: 1 } },
    { minutes: 30, perMinute: 0 },
    { minutes: 10, fails: { 503: 1 } },
    { minutes: 15 },
  ])

  expect(told(scenario)).toEqual([
    'outage 10 m: api unavailable all',
    'gap 30 m',
    'outage-2 10 m: api unavailable all',
    'clear 15 m',
  ])
  expect(scenario.basis?.assumed).toContain('that nothing failed where there are no rows')
})

test('the noise of every log is no outage', () => {
  expect(() => imported([{ minutes: 300, fails: { 500: 0.002 } }])).toThrow(/There is no outage in these/)
})

test('the basis says what was measured and what was assumed', () => {
  const { basis } = imported([{ minutes: 12 }, { minutes: 10, fails: { 529: 0.6, timeout: 0.4 } }])

  expect(basis?.sources).toEqual(['friday.csv'])
  expect(basis?.facts?.[0]).toMatch(
    /^\d+ rows from 2026-03-06 13:00:0\d UTC to 2026-03-06 13:2[12]:\d\d UTC \(measured\)$/,
  )
  expect(basis?.facts?.[1]).toMatch(/^outcomes - \d+ × ok, \d+ × 529, \d+ × timeout \(measured\)$/)
  expect(basis?.assumed).toContain('that a timeout was a request which is accepted and never answered')
  expect(basis?.assumed).toContain('the healthy time after the log ends, which it does in the outage')
})

test('paths become surfaces where only some of them fail', () => {
  const rows = Array.from({ length: 600 }, (_, i) => {
    const path = i % 2 === 0 ? '/v1/messages' : '/v1/files?limit=5'
    return `${i * 5},${i > 200 && i < 400 && i % 2 === 1 ? 503 : 200},100,${path}`
  })
  const { scenario } = importText(`time,status,latency_ms,path\n${rows.join('\n')}`, { file: 'a b.csv' })

  expect(told(scenario)[1]).toMatch(/: api\.files unavailable all$/)
  expect(scenario.id).toBe('imported-a-b')
})

describe('a known course comes back', () => {
  const kinds = fc.constantFrom('529', '503', '500', '429', 'ECONNRESET', 'timeout')
  const bad = fc.record({
    minutes: fc.integer({ min: 10, max: 40 }),
    kind: kinds,
    share: fc.constantFrom(0.3, 0.5, 0.75, 1),
  })

  test('lengths, faults and shares, whatever the course', () => {
    fc.assert(
      fc.property(fc.array(bad, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 1e6 }), (course, seed) => {
        // A healthy stretch between two keeps neighbours apart that are alike.
        const stretches = course.flatMap(({ minutes, kind, share }) => [
          { minutes, perMinute: 30, fails: { [kind]: share } },
          { minutes: 12, perMinute: 30 },
        ])
        const phases = phasesOf(imported([{ minutes: 12 }, ...stretches], seed)).filter(({ faults }) => faults)

        expect(phases).toHaveLength(course.length)
        for (const [i, { minutes, share }] of course.entries()) {
          const [entry, ...more] = phases[i]?.faults ?? []
          expect(more).toEqual([])
          expect(Math.abs((phases[i]?.for ?? 0) / 60_000 - minutes)).toBeLessThan(1.5)
          expect(Math.abs((typeof entry?.share === 'number' ? entry.share : 1) - share)).toBeLessThan(0.15)
        }
      }),
      // A statement about chance holds nearly always, so the draws are pinned.
      { numRuns: 60, seed: 1 },
    )
  })
})

test('no rows make it crash, and what comes out passes check', () => {
  const row = fc.tuple(
    fc.integer({ min: 0, max: 1e6 }),
    fc.constantFrom('200', '529', '429', 'timeout', '0', '404', '418', 'ok', 'reset'),
    fc.integer({ min: 0, max: 1e5 }),
    fc.constantFrom('a', 'b', ''),
    fc.constantFrom('true', 'false', ''),
    fc.constantFrom('/v1/messages', '/v1/files', 'x', ''),
  )
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), rows => {
      const text = `time,status,latency_ms,model,stream,path\n${rows.map(cells => cells.join(',')).join('\n')}`
      try {
        expect(importText(text, { file: 'x.csv' }).yaml).toContain('phases:')
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
      }
    }),
    { numRuns: 300 },
  )
})

test('a million rows take seconds', { timeout: 60_000 }, () => {
  const lines = ['time,status,latency_ms']
  for (let i = 0; i < 1_000_000; i++)
    lines.push(`${1772449200 + i / 50},${i > 4e5 && i < 6e5 && i % 10 < 7 ? 529 : 200},120`)
  const { scenario } = importText(lines.join('\n'), { file: 'big.csv' })

  expect(told(scenario)[1]).toBe('partial 67 m: api overloaded 0.7')
})
