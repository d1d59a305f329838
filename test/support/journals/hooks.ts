import type { AppReport } from '../../../src/journal/event.ts'
import type { Json, Scenario } from '../../../src/model/scenario.ts'
import { failedTask, healthyTask, JournalBuilder, minute, second, type TaskBuilder } from '../journal-builder.ts'
import { turnedAway } from './breakers.ts'
import type { OracleJournal } from './oracle-journal.ts'

export function hookJournals(): readonly OracleJournal[] {
  return [
    { oracle: 'breaker-does-not-flap', expected: 'pass', journal: flapping(3) },
    { oracle: 'breaker-does-not-flap', expected: 'warn', journal: flapping(4) },
    { oracle: 'breaker-does-not-flap', expected: 'fail', journal: flapping(5), params: { severity: 'fail' } },
    { oracle: 'cache-holds-only-answers', expected: 'pass', journal: stores('complete') },
    { oracle: 'cache-holds-only-answers', expected: 'fail', journal: stores('truncated') },
    { oracle: 'retries-are-visible', expected: 'pass', journal: tellsRetries(3) },
    { oracle: 'retries-are-visible', expected: 'warn', journal: tellsRetries(2) },
    { oracle: 'retries-are-visible', expected: 'fail', journal: tellsRetries(1), params: { severity: 'fail' } },
    { oracle: 'health-tells-the-truth', expected: 'pass', journal: feels([75, false, true], [640, true, true]) },
    { oracle: 'health-tells-the-truth', expected: 'warn', journal: feels() },
    { oracle: 'health-tells-the-truth', expected: 'fail', journal: feels([60, false, false], [610, true, true]) },
    { oracle: 'tool-runs-once', expected: 'pass', journal: charges('charge-t1', 'mail-t1') },
    { oracle: 'tool-runs-once', expected: 'warn', journal: charges(undefined, undefined) },
    { oracle: 'tool-runs-once', expected: 'fail', journal: charges('charge-t1', 'charge-t1') },
    { oracle: 'credentials-survive', expected: 'pass', journal: signsIn({ isBack: true, atOnce: 10 }) },
    { oracle: 'credentials-survive', expected: 'warn', journal: signsIn({ isBack: true, atOnce: 11 }) },
    { oracle: 'credentials-survive', expected: 'fail', journal: signsIn({ isBack: false, atOnce: 1 }) },
    { oracle: 'model-comes-back', expected: 'pass', journal: struckOff(true) },
    { oracle: 'model-comes-back', expected: 'fail', journal: struckOff(false) },
    { oracle: 'queue-survives-restart', expected: 'pass', journal: crashes(true) },
    { oracle: 'queue-survives-restart', expected: 'fail', journal: crashes(false) },
    { oracle: 'queue-is-fair', expected: 'pass', journal: drains(2 * second) },
    { oracle: 'queue-is-fair', expected: 'fail', journal: drains(3 * minute), params: { progress: 10 * minute } },
    { oracle: 'expired-work-not-run', expected: 'pass', journal: expires(false) },
    { oracle: 'expired-work-not-run', expected: 'fail', journal: expires(true) },
  ]
}

/** A line that a hook of the app writes, in the context of this task. */
export function told(
  journal: JournalBuilder,
  t: number,
  hook: AppReport['hook'],
  detail: Readonly<Record<string, Json>>,
  task?: TaskBuilder,
): void {
  const owner = task && { task: task.started.task }
  journal.add({ type: 'app-report', t, hook, instance: task?.started.instance ?? 0, ...owner, detail })
}

/** One request in seven fails, and the breaker opens for ten seconds so often in a minute and a half. */
export function flapping(times: number, state = 'open'): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < times; i++) {
    const t = minute + i * 20 * second
    for (let n = 0; n < 6; n++) healthyTask(journal, t - 8 * second + n * second)
    failedTask(journal, t - 300)
    told(journal, t, 'breaker', { key: 'claude', state })
    turnedAway(journal, t + 5 * second)
    told(journal, t + 10 * second, 'breaker', { key: 'claude', state: 'half-open' })
    told(journal, t + 11 * second, 'breaker', { key: 'claude', state: 'closed' })
  }
  return journal
}

/** Three answers are stored whole; what a broken stream has brought is stored, or not, and read by the next. */
export function stores(answer: 'complete' | 'truncated' | 'empty' | 'unmarked'): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const task = journal.task((1 + i) * second)
    task.call().answered((1 + i) * second)
    told(journal, (2.5 + i) * second, 'cache', { op: 'write', key: `k${i}`, answer: 'complete' }, task)
    task.settle((2.5 + i) * second, 'ok')
  }
  const cut = journal.task(minute, { streaming: true, question: 'q9' })
  cut.call().attempt(minute, { status: 200, endAfter: 900, outcome: 'cut', bytes: 240 })
  if (answer !== 'complete') told(journal, minute + 900, 'cache', { op: 'write', key: 'k9', answer }, cut)
  cut.settle(minute + 900, 'failed', { error: 'APIError' })
  const next = journal.task(11 * minute, { question: 'q9' })
  if (answer === 'complete') next.call().answered(11 * minute)
  else told(journal, 11 * minute, 'cache', { op: 'hit', key: 'k9', answer }, next)
  next.settle(11 * minute + 1_500, 'degraded', { claimed: true, answer, source: 'cache', labelled: true })
  return journal
}

/** Three calls that are sent twice each, with a word about so many of the retries. */
function tellsRetries(count: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 3; i++) {
    const t = (1 + i * 10) * second
    const task = journal.task(t)
    task
      .call()
      .overloaded(t)
      .overloaded(t + 2_000)
    if (i < count) told(journal, t + 200, 'retry', { cause: '529', delayMs: 1_800, attempt: 2 }, task)
    task.settle(t + 2_200, 'failed', { error: 'APIError' })
  }
  return journal
}

/** A task every ten seconds through the outage; health is good until these changes, at seconds: ready, live. */
export function feels(...changes: readonly (readonly [number, boolean, boolean])[]): JournalBuilder {
  const journal = new JournalBuilder()
  told(journal, -minute, 'health', { ready: true, live: true })
  for (let t = second; t < 10 * minute; t += 10 * second) failedTask(journal, t)
  for (let t = 10 * minute; t < 14 * minute; t += 10 * second) healthyTask(journal, t)
  for (const [at, ready, live] of changes) told(journal, at * second, 'health', { ready, live })
  return journal
}

/** A task charges, its next turn fails and is asked again, and a tool is run once more. */
export function charges(
  before: string | undefined,
  after: string | undefined,
  options: { readonly effect?: 'none' | 'once'; readonly id?: string } = { effect: 'once' },
): JournalBuilder {
  const journal = new JournalBuilder()
  const { effect, id = 'call-2' } = options
  const runs = (callId: string, key: string | undefined) => ({
    ...{ id: callId, name: 'charge' },
    ...(effect && { effect }),
    ...(key !== undefined && { key }),
  })
  const task = journal.task(second)
  task.call().answered(second)
  told(journal, 3 * second, 'tool', runs('call-1', before), task)
  task.call(4 * second, { bodyHash: 'turn-2' }).overloaded(4 * second)
  told(journal, 7 * second, 'tool', runs(id, after), task)
  task.call(8 * second, { bodyHash: 'turn-3' }).answered(8 * second)
  task.settle(10 * second, 'ok')
  return journal
}

/** Signing in fails for ten minutes, with the API well. */
export const wayIn: Scenario = {
  ...{ blackstart: 1, id: 'way-in', provider: 'anthropic' },
  phases: [
    {
      ...{ name: 'locked', for: 10 * minute },
      faults: [{ surface: ['login'], fault: { id: 'internal-error', params: {} } }],
    },
  ],
}

const wayInText = `blackstart: 1
id: way-in
provider: anthropic
phases:
  - { name: locked, for: 10m, faults: [{ surface: login, fault: internal-error }] }
`

export interface SigningIn {
  /** Whether it signs in again once it can. */
  readonly isBack: boolean
  /** How many sign-ins are under way together. */
  readonly atOnce: number
}

/** Ten users of one token, which runs out in the outage. */
export function signsIn({ isBack, atOnce }: SigningIn): JournalBuilder {
  const journal = new JournalBuilder(wayIn, wayInText)
  const login = { surface: 'login', bodyHash: 'grant' } as const
  for (let i = 0; i < atOnce; i++) {
    const t = 5 * minute + i * 100
    const task = journal.task(t, { user: i % 10 })
    task.call(t, login).attempt(t, { status: 500, fault: 'internal-error', headersAfter: 15 * second })
    task.settle(t + 15 * second, 'failed', { error: 'Error' })
  }
  for (let i = 0; i < 20; i++) {
    const t = 12 * minute + (1 + i) * 5 * second
    const task = journal.task(t, { user: i % 10 })
    if (isBack) {
      if (i === 0) task.call(t, login).answered(t, 300)
      task.call(t + 400).answered(t + 400)
      task.settle(t + 2_000, 'ok')
    } else task.settle(t + 3, 'failed', { error: 'SignedOutError' })
  }
  return journal
}

/** A 404 in the outage; the model is asked for after it, or no more. */
export function struckOff(isBack: boolean, status = 404, times = 1): JournalBuilder {
  const journal = new JournalBuilder().warmUp(20)
  for (let i = 0; i < times; i++) {
    const task = journal.task(5 * minute + i * 10 * second)
    task.call().attempt(5 * minute + i * 10 * second, { status, fault: 'model-missing' })
    task.settle(5 * minute + i * 10 * second + 300, 'failed', { error: 'NotFoundError' })
  }
  for (let i = 0; i < 12; i++) {
    const t = 12 * minute + (1 + i) * 5 * second
    if (isBack) healthyTask(journal, t)
    else journal.task(t).settle(t + 3, 'failed', { error: 'Error' })
  }
  return journal
}

/** Jobs that the hook alone tells of; one was taken in before a crash, and is done after it or not. */
export function crashes(isDurable: boolean): JournalBuilder {
  const journal = new JournalBuilder()
  failedTask(journal, second)
  const takenIn = (t: number) => {
    const task = journal.task(t)
    task.settle(t + 5, 'queued', { claimed: true, source: 'queue' })
    told(journal, t + 5, 'queue', { op: 'accepted', job: `job-${task.started.task}` }, task)
    return (doneMs: number) => {
      const job = `job-${task.started.task}`
      told(journal, doneMs - 2_000, 'queue', { op: 'started', job })
      task.call(doneMs - 2_000).answered(doneMs - 2_000)
      told(journal, doneMs, 'queue', { op: 'done', job })
    }
  }
  const first = takenIn(5 * minute)
  journal.add({ type: 'client-event', t: 6 * minute, event: 'crash', instance: 0 })
  journal.add({ type: 'client-event', t: 6 * minute + 5 * second, event: 'started', instance: 0 })
  if (isDurable) first(10 * minute + 5 * second)
  for (let i = 0; i < 3; i++) takenIn(7 * minute + i * 10 * second)(9.5 * minute + i * 5 * second)
  return journal
}

/** Twelve jobs of the outage, half of them critical, which come so long after the others. */
export function drains(laterMs: number): JournalBuilder {
  const journal = new JournalBuilder()
  for (let i = 0; i < 6; i++) {
    const t = 9 * minute + i * 2 * second
    const doneMs = 10 * minute + 10 * second + i * 3 * second
    journal
      .job(t, { done: doneMs })
      .call(doneMs - 2_000)
      .answered(doneMs - 2_000)
    journal
      .job(t + second, { done: doneMs + laterMs }, { class: 'critical' })
      .call(doneMs + laterMs - 2_000)
      .answered(doneMs + laterMs - 2_000)
  }
  return journal
}

/** A job that expires in the outage, and is worked on after it or not. */
export function expires(isRun: boolean, op = 'expired'): JournalBuilder {
  const journal = new JournalBuilder()
  const task = journal.task(minute)
  task.settle(minute + 5, 'queued', { claimed: true, source: 'queue' })
  told(journal, minute + 5, 'queue', { op: 'accepted', job: 'job-1' }, task)
  task.call(minute + second).overloaded(minute + second)
  told(journal, 6 * minute, 'queue', { op, job: 'job-1', reason: 'older than 5m' })
  if (isRun) task.call(11 * minute).answered(11 * minute)
  return journal
}
