import { outageStretches, type Plan } from '../model/timeline.ts'
import { asksModel, succeeded, surfaceOf } from './attempts.ts'
import { evidenceOf, sayCount, sayMs, worstFirst } from './finding.ts'
import { meets, offlineSpans } from './offline.ts'
import { defineOracle, type Finding, vacuous } from './oracle.ts'
import type { AttemptRecord, JournalView, TaskRecord } from './view.ts'

const fewest = 5
const fewestOfUser = 2

const advice =
  'The provider is well, the key is good, and the app does not use it: somebody has to sign in by hand, or restart it. Only a definite answer ' +
  '(`invalid_grant`) may throw credentials away; a 5xx, a timeout, an empty or an HTML answer of the token service may not, nor may a 401 in ' +
  'the middle of an outage. Keep the old pair until the new one is stored, and try again with backoff.'

const stormAdvice =
  'Every task that finds the token too old asks for a new one. Let the first ask and the others wait for its result (one promise for all), ' +
  'renew a while before the token runs out, with jitter, and back off when that fails: a refresh token that is used twice at once is revoked ' +
  'by many services, and a token service that comes back is swamped.'

/** Told by the wire: the credential store itself is out of sight, what becomes of its owners is not. */
export const credentialsSurvive = defineOracle({
  id: 'credentials-survive',
  code: 'F14',
  says: 'An outage of the way in costs nobody his credentials.',
  kind: 'liveness',
  byDefault: true,
  params: {
    within: { kind: 'duration', says: 'time to be signed in again after the last outage', default: 120_000 },
    at_once: {
      kind: 'number',
      says: 'sign-ins of an instance under way at one time',
      default: 10,
      min: 1,
      integer: true,
    },
  },
  notes: {
    needs: 'the wire',
    judges:
      'Instances of which a sign-in failed, or whose good key was turned down (401 or 403), in an outage. Tasks begun after the time that fail ' +
      'with nothing but rejected credentials, or with no attempt where the last one before was such: all of those of a user, in five ' +
      'tasks or more, fail the run. An instance that lost the answer to a sign-in is excused: a refresh token may be gone with it. More ' +
      'sign-ins than `at_once` under way at one time, with the same key, are worth a warning.',
    vacuous: 'no sign-in failed and no key was turned down in an outage, or nothing came after it',
    source:
      'Twice a circuit breaker’s usual 30 s, and a backoff of 60 s. One refresh at a time is what rotating tokens ask for (RFC 6819, 5.2.2.3).',
    change: `${advice} ${stormAdvice}`,
  },
  judge(view, params, plan) {
    const withinMs = params.number('within')
    const groups = [...Map.groupBy(view.attempts, ({ started }) => started.instance)]
    const judged = groups.flatMap(([instance, attempts]) => {
      const trouble = attempts.filter(isTrouble)
      const isLost = attempts.some(attempt => isSignIn(attempt) && attempt.started.processed === 'lost')
      const healedMs = lastHeal(trouble, plan)
      if (healedMs === undefined || isLost) return []
      const later = laterTasks(view, instance, healedMs + withinMs, withinMs)
      return later.length < fewest ? [] : [{ instance, attempts, healedMs, later }]
    })
    const storms = groups.flatMap(([, attempts]) => stormsOf(attempts, params.number('at_once')))
    if (judged.length === 0 && storms.length === 0)
      return vacuous('no sign-in failed and no key was turned down in an outage, or nothing came after it')
    const out = judged.flatMap(({ instance, attempts, healedMs, later }) => {
      const cases = lockedOut(later, attempts, healedMs + withinMs)
      const tries = attempts.filter(one => isSignIn(one) && one.startMs >= healedMs).length
      return cases.length < fewest ? [] : cases.map(task => ({ task, instance, healedMs, tries }))
    })
    return {
      examined: judged.reduce((sum, { later }) => sum + later.length, 0) + storms.length,
      findings: [
        // One story, whatever phases it goes through.
        ...tellLockedOut(worstFirst(out.map(one => ({ ...one, ...caseOf(one.task) })))),
        ...tellStorms(storms),
      ],
    }
  },
})

type Found = Omit<Finding, 'oracle'>

interface LockedOut {
  readonly id: string
  readonly phase: string
  readonly weight: number
  readonly task: TaskRecord
  readonly instance: number
  readonly healedMs: number
  readonly tries: number
}

function tellLockedOut(group: readonly LockedOut[]): readonly Found[] {
  const [first] = group
  if (!first) return []
  const { phase, healedMs, instance, tries } = first
  const users = new Set(group.map(({ task }) => task.started.user)).size
  return [
    {
      severity: 'fail',
      phase,
      message:
        `${sayCount(users, 'user')} of instance ${instance} could do nothing any more after the way in had healed at ${sayMs(healedMs)}: ` +
        `${sayCount(group.length, 'task')} failed for want of good credentials; it tried to sign in ${sayCount(tries, 'time')} since`,
      evidence: evidenceOf(group),
      advice,
    },
  ]
}

const isSignIn = ({ started }: AttemptRecord) => started.surface === 'login'
const isRejected = ({ headers }: AttemptRecord) => headers?.status === 401 || headers?.status === 403

/** What an app may take for the end of its credentials, in an outage. */
function isTrouble(attempt: AttemptRecord): boolean {
  if (isSignIn(attempt))
    return attempt.ended !== undefined && !succeeded(attempt) && attempt.started.fault !== undefined
  return asksModel(attempt) && isRejected(attempt) && attempt.started.fault !== undefined
}

function lastHeal(trouble: readonly AttemptRecord[], plan: Plan): number | undefined {
  const spans = [...new Set(trouble.map(surfaceOf))].flatMap(name => outageStretches(plan, name))
  return spans.length === 0 ? undefined : Math.max(...spans.map(({ endMs }) => endMs))
}

function laterTasks(view: JournalView, instance: number, fromMs: number, graceMs: number): readonly TaskRecord[] {
  const offline = offlineSpans(view, graceMs)
  return view.tasks.filter(
    ({ started, startMs, settled, settledMs }) =>
      started.instance === instance &&
      startMs >= fromMs &&
      settled !== undefined &&
      settled.lostTo === undefined &&
      !meets(offline, startMs, settledMs ?? startMs),
  )
}

/** Tasks of users all of whose tasks failed for want of credentials. */
function lockedOut(
  later: readonly TaskRecord[],
  attempts: readonly AttemptRecord[],
  fromMs: number,
): readonly TaskRecord[] {
  const before = attempts.filter(({ startMs, ended }) => startMs < fromMs && ended !== undefined)
  const isLeft = (attempt: AttemptRecord | undefined) =>
    attempt !== undefined && (isSignIn(attempt) || isRejected(attempt)) && !succeeded(attempt)
  const lastOf = new Map<number, AttemptRecord>()
  for (const attempt of before) if (attempt.task) lastOf.set(attempt.task.started.user, attempt)
  // One credential for all: it is gone for all, whoever asked last.
  const isSilent = isLeft(before.at(-1)) && !attempts.some(one => one.startMs >= fromMs && succeeded(one))
  const isOut = (task: TaskRecord) => {
    if (task.settled?.outcome !== 'failed' && task.settled?.outcome !== 'not-an-answer') return false
    if (task.attempts.length === 0) return isSilent || isLeft(lastOf.get(task.started.user))
    return task.attempts.every(attempt => !succeeded(attempt) && (isSignIn(attempt) || isRejected(attempt)))
  }
  if (isSilent && later.every(isOut)) return later
  return [...Map.groupBy(later, ({ started }) => started.user).values()]
    .filter(tasks => tasks.length >= fewestOfUser && tasks.every(isOut))
    .flat()
}

const caseOf = (task: TaskRecord) => ({ id: task.id, phase: task.phase, weight: -task.startMs })

/** The attempts at signing in that were under way when one began too many. */
function stormsOf(attempts: readonly AttemptRecord[], atOnce: number): readonly (readonly AttemptRecord[])[] {
  const signIns = Map.groupBy(attempts.filter(isSignIn), attempt => `${surfaceOf(attempt)} ${attempt.started.key}`)
  return [...signIns.values()].flatMap(some => {
    const worst = some
      .map(last => some.filter(one => one.startMs <= last.startMs && (one.endMs ?? last.startMs + 1) > last.startMs))
      .reduce<readonly AttemptRecord[]>((most, open) => (open.length > most.length ? open : most), [])
    return worst.length > atOnce ? [worst] : []
  })
}

function tellStorms(storms: readonly (readonly AttemptRecord[])[]): readonly Found[] {
  const [worst] = storms.toSorted((a, b) => b.length - a.length)
  const last = worst?.at(-1)
  if (!worst || !last) return []
  return [
    {
      severity: 'warn',
      phase: last.started.phase,
      message: `${worst.length} sign-ins of instance ${last.started.instance} were under way at once, at ${sayMs(last.startMs)}; one would have done`,
      evidence: evidenceOf(worst.map(({ id, startMs }) => ({ id, phase: '', weight: -startMs }))),
      advice: stormAdvice,
    },
  ]
}
