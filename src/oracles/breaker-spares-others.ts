import { succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord, JournalView, TaskRecord } from './view.ts'
import { isWithheld } from './withheld.ts'

const fewest = 3

const advice =
  'One tenant’s bad requests, or its own rate limit, have shut the door for all. A breaker must count only what says that the provider ' +
  'is in trouble: 5xx, 529, connection errors, timeouts. Tell it so (`errorFilter` in opossum, `handleWhen` in cockatiel), and where ' +
  'tenants have keys of their own, give each key its own breaker.'

/** A 400 says something of the request, and a 429 of one key: neither of what others may send. */
export const breakerSparesOthers = defineOracle({
  id: 'breaker-spares-others',
  code: 'C4',
  says: 'The bad requests or the spent limit of one tenant turn nobody else away.',
  kind: 'safety',
  byDefault: true,
  params: { severity: severityParam },
  notes: {
    needs: 'the wire',
    judges:
      'Tasks of other tenants that an instance turned away while all that had failed on it so far were 400, 404, 413 and 422 answers, or ' +
      `401, 403 and 429 ones to a key of its own, to one single tenant, and others got good answers meanwhile; ${fewest} such tasks are needed.`,
    vacuous: 'no instance whose only failures were one tenant’s own',
    source: 'No tolerance: what is one request’s or one key’s fault is no reason to refuse others.',
    change: advice,
  },
  judge(view, params) {
    let examined = 0
    const instances = new Set(view.tasks.map(({ started }) => started.instance))
    const cases = [...instances].flatMap(instance => {
      const only = onlyCulprit(view, instance)
      // That others are well served shows that nothing ails but this tenant.
      if (!only || servedOthers(view, instance, only) < fewest) return []
      examined++
      return view.tasks
        .filter(task => task.started.instance === instance && isTurnedAway(task, only))
        .map(({ id, phase, startMs }) => ({
          id,
          phase,
          weight: -startMs,
          tenant: only.tenant,
          statuses: only.statuses,
        }))
    })
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no instance whose only failures were one tenant’s own' }),
      findings: (cases.length < fewest ? [] : byPhase(cases)).map(group => ({
        severity: severityOf(params),
        phase: group[0].phase,
        message:
          `${sayCount(group.length, 'task')} of other tenants ${group.length === 1 ? 'was' : 'were'} turned away though nothing but ` +
          `requests of ${group[0].tenant} had failed (${group[0].statuses})`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})

interface Culprit {
  readonly tenant: string
  readonly statuses: string
  /** From its first failure to the first of another kind. */
  readonly fromMs: number
  readonly untilMs: number
}

const ofRequest: ReadonlySet<number> = new Set([400, 404, 413, 422])
const ofKey: ReadonlySet<number> = new Set([401, 403, 429])

/** The tenant whose own faults are all that failed on an instance until something else did. */
function onlyCulprit(view: JournalView, instance: number): Culprit | undefined {
  const keys = new Map<string, Set<string>>()
  for (const { task, started } of view.attempts) {
    const tenants = keys.get(started.key) ?? new Set()
    keys.set(started.key, tenants)
    if (task) tenants.add(task.started.tenant)
  }
  // With one key for all, its trouble is everybody's.
  const isOwnKey = (key: string) => keys.get(key)?.size === 1 && keys.size > 1
  const isOwn = ({ headers, started }: AttemptRecord) =>
    ofRequest.has(headers?.status ?? 0) || (ofKey.has(headers?.status ?? 0) && isOwnKey(started.key))
  const failed = view.attempts.filter(
    attempt => attempt.started.instance === instance && attempt.ended && !succeeded(attempt),
  )
  const [first] = failed
  const tenant = first?.task?.started.tenant
  if (!first || tenant === undefined || !isOwn(first)) return undefined
  const other = failed.find(attempt => !isOwn(attempt) || attempt.task?.started.tenant !== tenant)
  const own = failed.filter(({ startMs }) => !other || startMs < other.startMs)
  return {
    tenant,
    statuses: [...new Set(own.map(({ headers }) => headers?.status ?? 0))].join(', '),
    fromMs: first.endMs ?? first.startMs,
    untilMs: other?.startMs ?? Number.POSITIVE_INFINITY,
  }
}

/** Good answers that other tenants got on the instance after the first failure. */
function servedOthers(view: JournalView, instance: number, { tenant, fromMs, untilMs }: Culprit): number {
  return view.attempts.filter(
    attempt =>
      attempt.started.instance === instance &&
      attempt.task !== undefined &&
      attempt.task.started.tenant !== tenant &&
      succeeded(attempt) &&
      attempt.startMs >= fromMs &&
      attempt.startMs < untilMs,
  ).length
}

function isTurnedAway(task: TaskRecord, { tenant, fromMs, untilMs }: Culprit): boolean {
  const endMs = task.settledMs ?? Number.POSITIVE_INFINITY
  return task.started.tenant !== tenant && isWithheld(task) && task.startMs >= fromMs && endMs <= untilMs
}
