import { expect, test } from 'vitest'
import { seenIn } from '../../../src/search/seen.ts'
import { sometimes } from '../../../src/search/sometimes.ts'
import { JournalBuilder, outage, outageText, second } from '../../support/journal-builder.ts'

type Write = (journal: JournalBuilder) => void

function happenedIn(write: Write, scenario = outage): readonly string[] {
  const journal = new JournalBuilder(scenario, outageText).warmUp(1)
  write(journal)
  const seen = seenIn({ journal: journal.events(), plan: journal.plan })
  return sometimes.filter(one => one.seen(seen)).map(({ id }) => id)
}

/** For each, the journal of a run in which it happens. */
const examples: Readonly<Record<string, Write>> = {
  retried: j => j.task(0).call().overloaded(0).answered(second),
  'retry-after-obeyed': j =>
    j
      .task(0)
      .call()
      .attempt(0, { status: 429, retryAfterMs: 2_000 })
      .answered(3 * second),
  'waited-long': j =>
    j
      .task(0)
      .call()
      .overloaded(0)
      .answered(40 * second),
  'gave-up': j => j.task(0).settle(second, 'failed'),
  'timed-out': j => j.task(0).call().attempt(0, { outcome: 'aborted', endAfter: 9_000 }),
  'rate-limited': j => j.task(0).call().attempt(0, { status: 429 }),
  'breaker-opened': j =>
    j.add({ type: 'app-report', t: 1, hook: 'breaker', instance: 0, detail: { key: 'a', state: 'open' } }),
  'breaker-probed': j => {
    for (let i = 0; i < 3; i++) j.task(i).call().overloaded(i)
    j.task(second).settle(second, 'failed')
    j.task(9 * second)
      .call()
      .answered(9 * second)
  },
  'fallback-used': j => {
    const task = j.task(0).settle(5 * second, 'ok')
    task.call().overloaded(0)
    task.call(second, { provider: 'openai' }).answered(second)
  },
  'cache-answered': j => j.task(0).settle(1, 'degraded', { source: 'cache' }),
  degraded: j => j.task(0).settle(1, 'degraded'),
  queued: j => j.task(0).settle(1, 'queued'),
  'job-outlived-process': j => {
    j.job(0, { done: 60 * second })
    j.add({ type: 'client-event', t: 30 * second, event: 'crash', instance: 0 })
  },
  'stream-broke-off': j => j.task(0, { streaming: true }).call().attempt(0, { status: 200, outcome: 'cut', bytes: 40 }),
  'tool-json-cut': j =>
    j
      .task(0, { streaming: true })
      .call()
      .attempt(0, { status: 200, outcome: 'cut', bytes: 40, fault: 'stream-cut', entry: 'phases[0].faults[0]' }),
  'response-lost': j => j.task(0).call().attempt(0, { outcome: 'reset', processed: 'lost' }),
  'ended-under-way': j => j.task(0).settle(1, 'failed', { lostTo: 'crash' }),
  restarted: j => j.add({ type: 'client-event', t: 5, event: 'started', instance: 0 }),
  recovered: j => {
    for (let i = 0; i < 3; i++)
      j.task(i * second)
        .call()
        .overloaded(i * second)
    for (const at of [5 * second, 9 * second]) j.task(at).call().answered(at)
  },
  'second-outage-met': j => {
    for (let i = 0; i < 3; i++)
      j.task(i * second)
        .call()
        .overloaded(i * second)
    j.task(5 * second)
      .call()
      .answered(5 * second)
    j.task(9 * second)
      .call()
      .attempt(9 * second, { status: 529, fault: 'overloaded' })
  },
}

const cutInTools = {
  ...outage,
  phases: [
    {
      name: 'blackout',
      for: 600_000,
      faults: [{ surface: ['api'], fault: { id: 'stream-cut', params: { after: { inside: 'tool-json' } } } }],
    },
  ],
} as const

test.for(sometimes.map(({ id }) => id))('%s is seen where it happens, and not on a good day', id => {
  const write = examples[id]
  if (!write) throw new Error(`No journal shows ${id}: add one here.`)

  expect(happenedIn(write, cutInTools)).toContain(id)
  expect(happenedIn(j => j.task(0).settle(second, 'ok').call().answered(0), cutInTools)).toEqual([])
})
