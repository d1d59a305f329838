import { randomStream } from '../../src/lib/draw.ts'
import type { JournalView } from '../../src/oracles/view.ts'
import { JournalBuilder } from '../../test/support/journal-builder.ts'
import type { Policy } from './policies.ts'

/** How long the builder's own outage lasts, ms. */
const outageMs = 600_000
const answerMs = 200
/** Nobody tries for longer than this after the provider is back. */
const patienceMs = 300_000

/** Callers who all fail in the first second of ten minutes of outage, and retry until they are answered. */
export function waitingCallers(policy: Policy, callers: number, seed: number) {
  const journal = new JournalBuilder()
  const draw = randomStream(seed, 'calibration', policy.name)
  for (let caller = 0; caller < callers; caller++) {
    const startMs = Math.round(draw() * 1_000)
    const task = journal.task(startMs, { user: caller })
    const call = task.call()
    let t = startMs
    let previous = 0
    for (let k = 1; t < outageMs + patienceMs; k++) {
      if (t >= outageMs) {
        call.attempt(t, { status: 200, headersAfter: answerMs })
        task.settle(t + answerMs, 'ok')
        break
      }
      call.attempt(t, { status: 529, headersAfter: answerMs })
      previous = policy.delay(k, previous, draw)
      t = Math.round(t + answerMs + previous)
    }
  }
  return { view: journal.view(), plan: journal.plan }
}

/** Tasks of tenants who ask alike; each is answered in time with the chance that its tenant is given. */
export function answeredTasks(chances: readonly number[], tasks: number, seed: number) {
  const journal = new JournalBuilder()
  const draw = randomStream(seed, 'calibration', 'answers')
  for (let i = 0; i < tasks; i++) {
    const tenant = i % chances.length
    const t = Math.round((i / tasks) * outageMs)
    const task = journal.task(t, { user: i, tenant: `tenant-${tenant}` })
    const isGood = draw() < (chances[tenant] ?? 1)
    task.call().attempt(t, { status: isGood ? 200 : 529, headersAfter: answerMs })
    task.settle(t + answerMs, isGood ? 'ok' : 'failed')
  }
  return { view: journal.view(), plan: journal.plan }
}

export type Made = { readonly view: JournalView; readonly plan: JournalBuilder['plan'] }
