import { slackMs, wasPatient } from './attempts.ts'
import { chainsOf } from './chains.ts'
import { byPhase, evidenceOf, sayCount, sayShare, tally } from './finding.ts'
import { defineOracle, severityOf, severityParam, vacuous } from './oracle.ts'
import type { AttemptRecord, JournalView } from './view.ts'

const advice =
  'Whoever looks at the telemetry sees a slow service where there is one that fails and is asked again, and a user sees a spinner. Most often ' +
  'the SDK retries underneath the app’s own loop, twice by default: set its `maxRetries` to 0 and retry in one place, which logs each retry ' +
  'with its cause, its delay and the provider’s request id, and which tells the user after a few seconds what is being waited for.'

/** Only of an app that tells its retries: then those it does not tell are the ones it does not know of. */
export const retriesAreVisible = defineOracle({
  id: 'retries-are-visible',
  code: 'A13',
  says: 'An app that tells of its retries tells of all of them.',
  kind: 'safety',
  byDefault: true,
  params: { severity: severityParam },
  notes: {
    needs: 'the hook `report.retry`, and the wire',
    judges:
      'Attempts that repeat a failed one of the same call at the same surface and model: a report must have come since that one began, from ' +
      'the same task, or from outside of all tasks on the same instance. One report serves one retry. Jobs, whose queue tells of them, and ' +
      'repetitions after 30 s or more, by another process, or with another key are not judged.',
    vacuous: 'the app told of no retry, or nothing was tried again',
    source: 'No tolerance.',
    change: advice,
  },
  judge(view, params) {
    if (view.reports.retries.length === 0) return vacuous('the app told of no retry')
    const retries = retriesOf(view)
    const silent = silentOf(retries, view)
    const layers = silent.filter(({ started }) => (started.retryCount ?? 0) > 0).length
    return {
      examined: retries.length,
      ...(retries.length === 0 && { vacuous: 'nothing was tried again' }),
      findings: byPhase(silent.map(attempt => caseOf(attempt))).map(group => ({
        severity: severityOf(params),
        phase: group[0].phase,
        message:
          `${sayCount(group.length, 'retry', 'retries')} of which the app told nothing (in all ${silent.length} of ${retries.length}, ` +
          `${sayShare(silent.length / retries.length)}; after ${tally(group.map(({ cause }) => cause))}); ` +
          `${layers > 0 ? `${layers} came from the SDK underneath` : 'none came from the SDK underneath'}`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})

interface Retry {
  readonly before: AttemptRecord
  readonly attempt: AttemptRecord
}

function retriesOf(view: JournalView): readonly Retry[] {
  const jobs = new Set(view.jobs.map(({ task }) => task))
  const ends = view.clientEvents.filter(({ event }) => event === 'crash' || event === 'stopped')
  const isAnew = (before: AttemptRecord, { startMs, started }: AttemptRecord) =>
    ends.some(({ t, instance }) => instance === started.instance && t >= before.startMs && t <= startMs)
  return chainsOf(view)
    .filter(({ call }) => !call.task || !jobs.has(call.task))
    .flatMap(({ attempts }) =>
      attempts.slice(1).flatMap((attempt, i): Retry[] => {
        const before = attempts[i]
        if (!before || wasPatient(before, attempt) || isAnew(before, attempt)) return []
        if (attempt.started.key !== before.started.key) return []
        return [{ before, attempt }]
      }),
    )
    .toSorted((a, b) => a.attempt.startMs - b.attempt.startMs)
}

/** Retries that no report speaks of, each report speaking of one. */
function silentOf(retries: readonly Retry[], { reports }: JournalView): readonly AttemptRecord[] {
  const times = new Map<string, number[]>()
  for (const { t, task, instance } of reports.retries) {
    const owner = task?.id ?? `instance ${instance}`
    const list = times.get(owner)
    if (list) list.push(t)
    else times.set(owner, [t])
  }
  const takes = (owner: string, fromMs: number, toMs: number) => {
    const list = times.get(owner) ?? []
    const at = list.findIndex(t => t >= fromMs && t <= toMs)
    if (at >= 0) list.splice(at, 1)
    return at >= 0
  }
  return retries
    .filter(({ before, attempt: { startMs, started, task } }) => {
      const owners = [...(task ? [task.id] : []), `instance ${started.instance}`]
      return !owners.some(owner => takes(owner, before.startMs, startMs + slackMs))
    })
    .map(({ attempt }) => attempt)
}

function caseOf(attempt: AttemptRecord) {
  const { attempts } = attempt.call
  const before = attempts[attempts.indexOf(attempt) - 1]
  const cause = String(before?.headers?.status ?? before?.ended?.outcome ?? 'a failure')
  return { id: attempt.id, phase: attempt.started.phase, weight: -attempt.startMs, cause }
}
