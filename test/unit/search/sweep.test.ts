import { beforeAll, expect, test } from 'vitest'
import acceptsTruncatedStream from '../../../fixtures/clients/accepts-truncated-stream.ts'
import breakerCountsBadRequests from '../../../fixtures/clients/catalogue/breaker-counts-bad-requests.ts'
import servesItsBestCustomer from '../../../fixtures/clients/catalogue/serves-its-best-customer.ts'
import type { Frame } from '../../../src/arbitraries/frame.ts'
import { phasesOf } from '../../../src/arbitraries/parts.ts'
import type { Integration } from '../../../src/model/integration.ts'
import type { WorkloadSpec } from '../../../src/model/scenario.ts'
import { frameOf } from '../../../src/search/explore.ts'
import { split, whole } from '../../../src/search/shard.ts'
import { crowdsOf } from '../../../src/search/stretches.ts'
import { type SweepOptions, type SweepReport, sweep } from '../../../src/search/sweep.ts'
import { Tally } from '../../../src/search/tally.ts'
import { createTry } from '../../../src/search/try.ts'
import type { Tried } from '../../../src/search/types.ts'

const integration = acceptsTruncatedStream
let frame: Frame

beforeAll(async () => {
  frame = await frameOf(integration)
})

async function swept(
  options: Partial<SweepOptions> = {},
): Promise<{ tried: Tried[]; report: SweepReport | undefined }> {
  let report: SweepReport | undefined
  const onProgress = (so: SweepReport) => {
    report = so
  }
  const tried: Tried[] = []
  const alone = { stretchesAtMost: 0, pairsAtMost: 0 }
  for await (const one of sweep({ frame, attempt: createTry({ integration }), ...alone, onProgress, ...options }))
    tried.push(one)
  return { tried, report }
}

const strikesOf = ({ scenario }: Tried) => phasesOf(scenario).flatMap(({ faults = [] }) => faults)

const named = (tried: Tried) =>
  strikesOf(tried)
    .map(({ fault, when }) => [fault?.id, JSON.stringify(fault?.params), ...Object.values(when ?? {})].join(' '))
    .join(', ')

test('one fault at one request finds a client that takes a broken stream for an answer', async () => {
  const { tried, report } = await swept()
  const broken = tried.filter(({ failed }) => failed.includes('truncated-is-not-success'))

  expect(report).toMatchObject({ kinds: 2, ran: tried.length - 1 })
  expect(report?.alike).toBe((report?.planned ?? 0) - (report?.own ?? 0))
  expect(broken.map(named)).toContain('stream-cut {"by":"clean","after":{"events":6}} true 1')
  expect(broken.every(one => strikesOf(one).every(({ when }) => when?.streaming))).toBe(true)
  // Every strike lands, and on one request alone.
  const hits = tried.slice(1).map(({ result }) => result.journal.filter(e => 'fault' in e && e.fault).length)
  expect(hits.filter(n => n !== 1)).toEqual([])

  const tally = new Tally()
  for (const one of tried) tally.add(one)
  expect(tally.data.traces.sweep.length).toBeGreaterThan(3)
  expect(tally.data.traces.sweep.length).toBeLessThan(tried.length / 2)
}, 60_000)

test('the second fault of a pair strikes just so many requests after the first', async () => {
  const all = await plansOf({ pairsAtMost: 8 })
  const { tried } = await swept({ pairsAtMost: 8, shard: { index: all.length, of: all.length } })
  const [pair] = tried.filter(({ origin }) => origin === 'pairs')

  expect(pair).toBeDefined()
  if (!pair) return
  const [first, second] = strikesOf(pair)
  const at = first?.when?.nth ?? 0
  // Its entry does not count what the first has taken.
  expect(numbersHit(pair, first?.when?.streaming ?? false)).toEqual([at, (second?.when?.nth ?? 0) + 1])
})

/** The how-manieth requests of their sort were struck. */
function numbersHit({ result }: Tried, streaming: boolean): readonly number[] {
  const asked = result.journal.flatMap(e =>
    e.type === 'attempt-started' && e.t >= 0 && e.streaming === streaming ? [e] : [],
  )
  return asked.flatMap(({ fault }, i) => (fault === undefined ? [] : [i + 1]))
}

test('a fault that lasts for one tenant finds a breaker that its bad requests open for all', async () => {
  const client = breakerCountsBadRequests as Integration
  const own = { frame: await frameOf(client), stretchesAtMost: 1_000 }
  const all = await plansOf(own)
  const isSpared = (name: string) => name.startsWith('bad-request {} tenant-1')
  const number = all.findIndex(isSpared)
  const shard = { index: number + 1, of: all.length }
  const { tried } = await swept({ ...own, attempt: createTry({ integration: client }), shard })

  expect(tried.slice(1).map(one => [named(one), one.failed])).toEqual([
    ['bad-request {} tenant-1', ['breaker-spares-others']],
  ])
  // No single request does it, nor what befalls all alike.
  expect(all.filter(isSpared)).toHaveLength(1)
})

test('a crowd finds a client that serves the last of its customers never, and comes before what lasts', async () => {
  const client = servesItsBestCustomer as Integration
  const own = { frame: await frameOf(client), stretchesAtMost: 7 }
  const all = await plansOf(own)
  const late = all.indexOf('slow-first-byte {"by":10000}')
  const shard = { index: late + 1, of: all.length }
  const { tried } = await swept({ ...own, attempt: createTry({ integration: client }), shard })

  expect(all.slice(-7)).toEqual([
    ...['overloaded {}', 'overloaded {}', '', 'slow-first-byte {"by":10000}', 'black-hole {}'],
    ...['overloaded {}', 'overloaded {"retry_after":20000}'],
  ])
  expect(tried.slice(1).map(({ scenario, failed }) => [scenario.workload?.users, failed])).toEqual([[60, ['fairness']]])
})

test('an app of few users is met by no crowd', () => {
  const crowds = (workload: WorkloadSpec) => crowdsOf({ ...frame, app: { ...frame.app, workload } })

  expect(crowds({ users: 5 })).toEqual([])
  expect(crowds({ users: 200 })).not.toEqual([])
})

test('a sweep goes on where another left it', async () => {
  const all = await plansOf({ pairsAtMost: 6 })

  expect(await plansOf({ pairsAtMost: 6, from: 10 })).toEqual(all.slice(10))
})

test('shards sweep disjoint parts, together the whole', async () => {
  const all = await plansOf({ pairsAtMost: 6 })
  const parts: string[][] = []
  for (const shard of split(whole, 3)) parts.push(await plansOf({ pairsAtMost: 6, shard }))

  expect(parts.flat().toSorted()).toEqual(all.toSorted())
})

/** What a sweep would run, without running any of it but the clean run. */
async function plansOf(options: Partial<SweepOptions>): Promise<string[]> {
  const { tried } = await swept({
    ...options,
    attempt: async (scenario, origin) => ({ ...(await cleanRun()), scenario, origin }),
  })
  return tried.slice(1).map(named)
}

let clean: Tried | undefined
async function cleanRun(): Promise<Tried> {
  clean ??= (await swept({ isOver: () => true })).tried[0]
  if (!clean) throw new Error('The clean run was not well.')
  return clean
}
