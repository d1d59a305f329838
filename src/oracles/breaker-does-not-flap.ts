import { quantile } from '../lib/quantile.ts'
import { outageStretches, type Plan } from '../model/timeline.ts'
import { succeeded, surfacesUsed } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs, sayShare } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord, JournalView } from './view.ts'

// A window of so many times the breaker stays open.
const windowTimes = 10
/** Where every second attempt fails, any breaker opens again and again. */
const excusedShare = 0.5

const advice =
  'A breaker that opens on a single failure turns a small error rate into an outage of its own: everybody is turned away for half a minute ' +
  'because one request in twenty failed. Let it look at a share of many calls (half of twenty or more) or at five failures in a row, and ' +
  'give it a minimum of calls: opossum’s `volumeThreshold` is 0 unless you set it, so that its first failure is 100 %.'

export const breakerDoesNotFlap = defineOracle({
  id: 'breaker-does-not-flap',
  code: 'C6',
  says: 'A breaker opens when a service is down, and not at every failure of one that mostly works.',
  kind: 'safety',
  byDefault: true,
  params: {
    at_most: {
      kind: 'number',
      says: 'openings in a window of ten times its open time',
      default: 3,
      min: 1,
      integer: true,
    },
    severity: severityParam,
  },
  notes: {
    needs: 'the hook `report.breaker`',
    judges:
      `For each instance and key: how often it went from closed to open within ${windowTimes} times the time that it usually stays open. Each ` +
      'outage that begins in the window allows one more. Windows in which half of the attempts or more failed are not judged: any breaker ' +
      'opens there, and its probes close it by chance.',
    vacuous: 'no breaker was told of that opened and closed again',
    source: 'Engineering judgement. resilience4j looks at 100 calls before it decides, Polly at 10 a second.',
    change: advice,
  },
  judge(view, params, plan) {
    const limit = params.number('at_most')
    const stories = storiesOf(view)
    const flaps = stories.flatMap(story => {
      const worst = worstWindow(story, limit, view, plan)
      return worst ? [{ ...worst, story }] : []
    })
    return {
      examined: stories.length,
      ...(stories.length === 0 && { vacuous: 'no breaker was told of that opened and closed again' }),
      findings: byPhase(flaps).map(group => {
        const [{ story, openings, share, phase }] = group
        return {
          severity: severityOf(params),
          phase,
          message:
            `the breaker of ${story.key} in instance ${story.instance} opened ${openings.length} times within ` +
            `${sayMs((openings.at(-1) ?? 0) - (openings[0] ?? 0))}, staying open for ${sayMs(story.openMs)} each time, while ${sayShare(share)} of ` +
            `the attempts failed${group.length > 1 ? `; ${sayCount(group.length - 1, 'other breaker')} did alike` : ''}`,
          evidence: evidenceOf(group.flatMap(one => one.evidence)),
          advice,
        }
      }),
    }
  },
})

/** One breaker in one life of its instance. */
interface Story {
  readonly instance: number
  readonly key: string
  /** When it opened out of the closed state. */
  readonly openings: readonly number[]
  /** How long it usually stays open. */
  readonly openMs: number
}

function storiesOf({ reports, clientEvents }: JournalView): readonly Story[] {
  const livesBefore = (instance: number, t: number) =>
    clientEvents.filter(one => one.instance === instance && one.event === 'started' && one.t <= t).length
  const told = reports.breakers.filter(({ t }) => t >= 0)
  const groups = Map.groupBy(told, ({ instance, key, t }) => `${instance} ${livesBefore(instance, t)} ${key}`)
  return [...groups.values()].flatMap(changes => {
    const [first] = changes
    const openings: number[] = []
    const lengths: number[] = []
    let state = 'closed'
    let sinceMs = 0
    for (const change of changes) {
      if (state === 'open' && change.state !== 'open') lengths.push(change.t - sinceMs)
      if (state === 'closed' && change.state === 'open') openings.push(change.t)
      if (state !== change.state) sinceMs = change.t
      state = change.state
    }
    if (!first || openings.length === 0 || lengths.length === 0) return []
    return [{ instance: first.instance, key: first.key, openings, openMs: quantile(lengths, 0.5) }]
  })
}

function worstWindow({ instance, key, openings, openMs }: Story, limit: number, view: JournalView, plan: Plan) {
  const lengthMs = windowTimes * openMs
  const starts = [...surfacesUsed(view)].flatMap(name => outageStretches(plan, name).map(({ startMs }) => startMs))
  const guarded = attemptsOf(view, instance, key)
  return openings
    .flatMap((fromMs, i) => {
      const within = openings.slice(i).filter(t => t <= fromMs + lengthMs)
      const outages = new Set(starts.filter(t => t > fromMs && t <= fromMs + lengthMs)).size
      if (within.length <= limit + outages) return []
      // What made it open the first time counts, too.
      const ended = guarded.filter(({ endMs = 0 }) => endMs >= fromMs - openMs && endMs <= (within.at(-1) ?? fromMs))
      const failed = ended.filter(attempt => !succeeded(attempt))
      const share = ended.length === 0 ? 0 : failed.length / ended.length
      if (share >= excusedShare) return []
      const shown = failed.length > 0 ? failed : guarded.filter(({ startMs }) => startMs <= fromMs).slice(-1)
      return [
        {
          ...{ id: '', phase: view.phaseAt(fromMs), weight: within.length, openings: within, share },
          evidence: shown.map(({ id, startMs }) => ({ id, phase: '', weight: -startMs })),
        },
      ]
    })
    .toSorted((a, b) => b.weight - a.weight)[0]
}

/** Attempts that the breaker guards: those that its key names, by provider, surface, model or tenant, else all of the instance. */
function attemptsOf(view: JournalView, instance: number, key: string): readonly AttemptRecord[] {
  const own = view.attempts.filter(
    ({ started, ended }) => started.instance === instance && ended && ended.outcome !== 'process-gone',
  )
  const named = own.filter(({ started, task }) =>
    [started.provider, started.surface, started.model, task?.started.tenant].some(name => name === key),
  )
  return named.length > 0 ? named : own
}
