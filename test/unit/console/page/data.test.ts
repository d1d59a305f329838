import { describe, expect, test } from 'vitest'
import { withBins } from '../../../../src/console/page/bin-rows.ts'
import { faultOf } from '../../../../src/console/page/fault-text.ts'
import { placeOf } from '../../../../src/console/page/place.ts'
import { reuse } from '../../../../src/console/page/reuse.ts'
import { chartsOf } from '../../../../src/console/page/series.ts'
import type { Bin } from '../../../../src/console/protocol.ts'

const bin: Bin = { tasks: {}, attempts: {}, calls: 0, retries: 0, backlog: 0, providers: {}, limited: 0 }

describe('what the page makes of what it is told', () => {
  test('what did not change in a view is the same object, and what did is another', () => {
    const last = { t: 1, stops: [{ says: 'a', now: 0.1 }], faults: [{ id: 'x' }, { id: 'y' }], gone: 1 }

    const next = reuse(last, { t: 2, stops: [{ says: 'a', now: 0.1 }], faults: [{ id: 'x' }, { id: 'z' }] })

    expect(next).toEqual({ t: 2, stops: [{ says: 'a', now: 0.1 }], faults: [{ id: 'x' }, { id: 'z' }] })
    expect(next.stops).toBe(last.stops)
    expect(next.faults).not.toBe(last.faults)
    expect(next.faults[0]).toBe(last.faults[0])
    expect(reuse(last.faults, [{ id: 'x' }])).toEqual([{ id: 'x' }])
    expect(reuse([1, 2], { 0: 1, 1: 2 })).toEqual({ 0: 1, 1: 2 })
  })

  test('new bins take the place of older ones from theirs on; bins of another width begin anew', () => {
    const row = (calls: number) => ({ ...bin, calls })
    const first = withBins(undefined, { widthMs: 10, startMs: 0, from: 0, rows: [row(1), row(2)] })

    const second = withBins(first, { widthMs: 10, startMs: 0, from: 1, rows: [row(5), row(6)] })
    const wider = withBins(second, { widthMs: 20, startMs: 0, from: 0, rows: [row(6)] })

    expect(second.rows.map(({ calls }) => calls)).toEqual([1, 5, 6])
    expect(wider).toEqual({ widthMs: 20, startMs: 0, rows: [row(6)] })
  })

  test('charts group the endings of attempts, share out providers, and leave a gap where nobody called', () => {
    const rows = [
      { ...bin, attempts: { ok: 2, 'headers-timeout': 1, 'body-timeout': 2 }, calls: 4, retries: 1, limited: 3 },
      { ...bin, attempts: { novel: 7 }, providers: { anthropic: 3, bedrock: 1 }, p50Ms: 1_500 },
    ]

    const charts = chartsOf({ widthMs: 30_000, startMs: 0, rows })

    expect(charts.map(({ id, series }) => [id, ...series.map(({ name, values }) => [name, ...values])])).toEqual([
      ['attempts', ['ok', 2, 0], ['timeout', 3, 0], ['other', 0, 7]],
      ['retries', ['retries per call', 0.25, null]],
      ['latency', ['p50', null, 1.5], ['p95', null, null]],
      ['backlog', ['open', 0, 0]],
      ['providers', ['anthropic', null, 0.75], ['bedrock', null, 0.25]],
      ['limits', ['limit in force', null, null], ['turned away', 6, 0]],
    ])
  })

  test('a fault is spelled as a scenario spells it, with its options where there are some', () => {
    expect(faultOf('overloaded', ' ')).toBe('overloaded')
    expect(faultOf('slow', 'by: 2.5s, count: 3, always:true,')).toEqual({
      slow: { by: '2.5s', count: 3, always: true },
    })
  })

  test('an address is a place with a role and a token in its fragment alone', () => {
    expect(placeOf({ pathname: '/observer', hash: '#token=a-b_c' })).toEqual({ role: 'observer', token: 'a-b_c' })
    expect(placeOf({ pathname: '/observer', hash: '' })).toBeUndefined()
    expect(placeOf({ pathname: '/director', hash: '#token=x' })).toBeUndefined()
  })
})
