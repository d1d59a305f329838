import type { FaultParams } from '../model/fault.ts'
import { outageStretches, type Span } from '../model/timeline.ts'
import { asksModel, succeeded, surfacesUsed } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { type HealthSpan, healthSpans, joined } from './health-spans.ts'
import { meets, offlineSpans } from './offline.ts'
import { defineOracle, type Finding, vacuous } from './oracle.ts'
import type { JournalView, TaskRecord } from './view.ts'

// Kubernetes restarts a container after three failed checks, ten seconds apart.
const restartAfterMs = 30_000
const fewestFailures = 5
/** Checks come ten seconds apart. */
const betweenChecksMs = 10_000
/** What one check may ask: once, and once more. */
const mostAsks = 2

const advice = {
  restart:
    'A restart heals no provider: it drops what the app holds, every instance at once, and starts them all against the outage. Let liveness ' +
    'speak of the process alone (its event loop turns, it is not stuck), never of anything it calls. A check that throws or hangs counts as ' +
    'failed: catch, and answer in time.',
  unready:
    'The load balancer sends no traffic to an instance that is not ready, and an app that waits for traffic to notice that its provider is ' +
    'back then waits for ever. Derive readiness from recent results that expire, or from a small probe of its own, and not from the state ' +
    'of a breaker that only a request can close.',
  green:
    'Nobody is woken, and no other region takes over, while every user gets an error. A list of models answers when no model does; let ' +
    'readiness, or at least a metric with an alert, follow what happened to the last generations: nothing good for a minute is not ready. ' +
    'Where all instances share the provider and taking them out would help nobody, say so and leave this oracle off.',
  herd:
    'Ten instances that are checked every ten seconds are a load of their own, and each retry of a check multiplies it just when the ' +
    'provider can bear it least. Ask once, with retries off and a short timeout, keep the answer for a while, and prefer what real traffic shows.',
}

export const healthTellsTheTruth = defineOracle({
  id: 'health-tells-the-truth',
  code: 'T9',
  says: 'The app is not restarted for its provider’s outage, is ready again after it, and does not call itself ready while nothing works.',
  kind: 'safety',
  byDefault: true,
  params: {
    unready_after: {
      kind: 'duration',
      says: 'time of nothing but failures after which it is not ready',
      default: 60_000,
    },
    ready_within: { kind: 'duration', says: 'time to be ready again after the last fault', default: 120_000 },
  },
  notes: {
    needs: 'the hook `health`, which is asked every 10 s',
    judges:
      'Saying `live: false` for 30 s or more that begins in an outage fails the run; so does `ready: false` for 30 s or more later than ' +
      '`ready_within` after the last outage. `ready: true` while nothing but failures came for `unready_after`, in five tasks or more, is ' +
      `worth a warning, and so is a check that makes more than ${mostAsks} requests. A check that throws, or takes longer than 5 s, has failed: ` +
      'neither ready nor live.',
    vacuous: 'the client module has no `health`, or no surface that the app uses had an outage',
    source: 'Kubernetes’ defaults: three failures, ten seconds apart. Twice a circuit breaker’s usual 30 s.',
    change: `${advice.restart} ${advice.unready} ${advice.green} ${advice.herd}`,
  },
  judge(view, params, plan) {
    const spans = healthSpans(view)
    if (spans.length === 0) return vacuous('the client module has no `health`')
    const outages = [...surfacesUsed(view)].flatMap(name => outageStretches(plan, name))
    if (outages.length === 0) return vacuous('no surface that the app uses had an outage')
    return {
      examined: spans.length,
      findings: [
        ...restarted(spans, outages, view),
        ...unready(spans, outages, view, params),
        ...falselyReady(spans, view, params),
        ...herd(spans, view),
      ],
    }
  },
})

type Found = Omit<Finding, 'oracle'>

function restarted(spans: readonly HealthSpan[], outages: readonly Span[], view: JournalView): readonly Found[] {
  const offline = offlineSpans(view)
  const dead = joined(spans, ({ live }) => !live).filter(
    ({ startMs, endMs }) =>
      endMs - startMs >= restartAfterMs &&
      outages.some(outage => startMs >= outage.startMs && startMs <= outage.endMs + betweenChecksMs) &&
      !meets(offline, startMs, endMs),
  )
  return worst(dead, view, 'fail', advice.restart, ({ instance, startMs, endMs, problem }, count) => {
    const why = problem === undefined ? '' : ` (the check ended with ${problem})`
    return (
      `an orchestrator would restart the app in its provider’s outage: instance ${instance} was not live${why} for ` +
      `${sayMs(endMs - startMs)} from ${sayMs(startMs)} on${count > 1 ? `; so it was ${count} times` : ''}`
    )
  })
}

function unready(
  spans: readonly HealthSpan[],
  outages: readonly Span[],
  view: JournalView,
  params: FaultParams,
): readonly Found[] {
  const healedMs = Math.max(...outages.map(({ endMs }) => endMs))
  const graceMs = params.number('ready_within')
  const offline = offlineSpans(view, graceMs)
  const wasReady = new Set(spans.filter(({ ready }) => ready).map(({ instance }) => instance))
  const late = joined(spans, ({ ready }) => !ready)
    .filter(({ instance }) => wasReady.has(instance))
    .map(span => {
      const up = view.clientEvents.findLast(
        ({ event, t, instance }) => event === 'started' && t <= span.endMs && instance === span.instance,
      )
      return { ...span, startMs: Math.max(span.startMs, Math.max(healedMs, up?.t ?? 0) + graceMs) }
    })
    .filter(({ startMs, endMs }) => endMs - startMs >= restartAfterMs && !meets(offline, startMs, endMs))
  return worst(
    late,
    view,
    'fail',
    advice.unready,
    ({ instance, startMs, endMs }, count) =>
      `instance ${instance} was not ready ${sayMs(startMs - healedMs)} after the last outage had ended at ${sayMs(healedMs)}, and for ` +
      `${sayMs(endMs - startMs)} more${count > 1 ? `; so it was ${count} times` : ''}`,
  )
}

function falselyReady(spans: readonly HealthSpan[], view: JournalView, params: FaultParams): readonly Found[] {
  const dueMs = params.number('unready_after') + betweenChecksMs
  // An app that the scenario cut off from everything is told so by nobody.
  const offline = offlineSpans(view)
  const stretches = failingStretches(view).filter(({ startMs, endMs }) => !meets(offline, startMs, endMs))
  const lies = stretches.flatMap(({ instance, startMs, endMs, count }) => {
    const ready = joined(spans, span => span.ready).find(
      span =>
        span.instance === instance &&
        Math.min(span.endMs, endMs) - Math.max(span.startMs, startMs + dueMs) >= betweenChecksMs,
    )
    return ready ? [{ ...ready, startMs, endMs, count }] : []
  })
  return worst(
    lies,
    view,
    'warn',
    advice.green,
    ({ instance, startMs, endMs, count }) =>
      `instance ${instance} called itself ready while all of its ${count} tasks from ${sayMs(startMs)} to ${sayMs(endMs)} failed`,
  )
}

function herd(spans: readonly HealthSpan[], view: JournalView): readonly Found[] {
  const greedy = spans.filter(({ asks }) => asks > mostAsks).toSorted((a, b) => b.asks - a.asks)
  return worst(
    greedy.slice(0, 1),
    view,
    'warn',
    advice.herd,
    ({ instance, asks, startMs }) =>
      `one health check of instance ${instance} made ${sayCount(asks, 'request')}, at ${sayMs(startMs)} or before`,
  )
}

interface Failing extends Span {
  readonly instance: number
  readonly count: number
}

/** From the first failure of an instance to its last before anything good: nothing answered, nothing served otherwise. */
function failingStretches({ tasks, attempts }: JournalView): readonly Failing[] {
  const goods = Map.groupBy(
    attempts.filter(attempt => asksModel(attempt) && succeeded(attempt)),
    ({ started }) => started.instance,
  )
  const settled = tasks.filter(({ settledMs }) => settledMs !== undefined)
  return [...Map.groupBy(settled, ({ started }) => started.instance)].flatMap(([instance, own]) => {
    const goodMs = (goods.get(instance) ?? []).map(({ endMs = 0 }) => endMs)
    const events = [
      ...own.map(task => ({ t: task.settledMs ?? 0, isBad: isFailure(task) })),
      ...goodMs.map(t => ({ t, isBad: false })),
    ].toSorted((a, b) => a.t - b.t)
    const stretches: Failing[] = []
    let current: number[] = []
    const close = () => {
      const [startMs] = current
      const endMs = current.at(-1)
      if (startMs !== undefined && endMs !== undefined && current.length >= fewestFailures)
        stretches.push({ instance, startMs, endMs, count: current.length })
      current = []
    }
    for (const { t, isBad } of events)
      if (isBad) current.push(t)
      else close()
    close()
    return stretches
  })
}

function isFailure({ settled }: TaskRecord): boolean {
  if (!settled || settled.lostTo !== undefined) return false
  return settled.outcome === 'failed' || settled.outcome === 'not-an-answer' || settled.outcome === 'truncated'
}

/** One finding of all spans, told by the longest. */
function worst<S extends HealthSpan>(
  spans: readonly S[],
  view: JournalView,
  severity: 'fail' | 'warn',
  says: string,
  message: (span: S, count: number) => string,
): readonly Found[] {
  const cases = spans.map(span => ({
    id: '',
    phase: view.phaseAt(span.startMs),
    weight: span.endMs - span.startMs,
    span,
  }))
  return byPhase(cases)
    .slice(0, 1)
    .map(([{ span, phase }]) => ({
      severity,
      phase,
      message: message(span, spans.length),
      evidence: evidenceOf(
        view.tasks
          .filter(({ started, startMs }) => started.instance === span.instance && startMs >= span.startMs)
          .slice(0, 10)
          .map(({ id, startMs }) => ({ id, phase: '', weight: -startMs })),
      ),
      advice: says,
    }))
}
