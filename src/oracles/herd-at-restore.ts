import { outageStretches, type Plan } from '../model/timeline.ts'
import { succeeded, surfaceOf, surfacesUsed } from './attempts.ts'
import { basePhase, evidenceOf, sayCount, sayMs, sayShare } from './finding.ts'
import { defineOracle } from './oracle.ts'
import { poissonUpper } from './poisson.ts'
import type { AttemptRecord, CallRecord, JournalView, TaskRecord } from './view.ts'

const windowMs = 1_000
// A fixed span: measured over the herd's own span, the worst herd would look even.
const spanMs = 60_000
// Below this a peak says nothing.
const fewestWaiting = 50
// More than users do by chance in one second.
const fewestInACrowd = 15
// Full jitter with a cap of 60 s comes back every 30 s on average: the reference of a sound client.
const meanGapMs = 30_000
const alpha = 1e-6

/** Who comes back first decides whether a provider that has just risen stays up. */
export const herdAtRestore = defineOracle({
  id: 'herd-at-restore',
  code: 'H1',
  says: 'When the provider comes back, those who wait come back spread out, not all in one second.',
  kind: 'statistical',
  byDefault: true,
  params: {
    // Measured with 200 waiting calls: any jittered backoff keeps below 0.12, lockstep shows 0.42 to 1.
    fail_above: { kind: 'share', says: 'share of the waiting calls in one second that fails the run', default: 0.25 },
    warn_above: { kind: 'share', says: 'share that is worth a warning', default: 0.13 },
  },
  notes: {
    needs: 'the wire',
    judges:
      'At each heal of a surface: the calls and tasks that waited for it, fifty at the least, and the most of them ' +
      'that came back within one second of the first minute. Below what chance gives a client with full jitter ' +
      '(once in a million) nothing is held against anybody, nor are calls of a crowd of users who came less than a minute before.',
    vacuous: 'fewer than fifty calls waited when the provider came back',
    source:
      'Simulated with 200 waiting calls: jittered clients 0.04 to 0.12, lockstep 0.42 to 1. Full jitter with a cap ' +
      'of 60 s is the reference.',
    change:
      'Draw each delay at random over its whole range, let a breaker admit one probe and then raise the flow, and ' +
      'release a queue at a rate.',
  },
  judge(view, params, plan) {
    const heals = healsOf(view, plan)
    const judged = heals.filter(({ waiting }) => waiting.length >= fewestWaiting)
    const most = heals.reduce((max, { waiting }) => Math.max(max, waiting.length), 0)
    const worst = new Map<string, Peak>()
    for (const heal of judged) {
      const peak = peakOf(heal)
      // Chance alone may put this many into one second of a sound client's return.
      if (peak.inWindow.length <= chancePeak(heal.waiting.length) || peak.share <= params.number('warn_above')) continue
      const key = `${heal.surface} ${basePhase(view.phaseAt(heal.healedMs))}`
      if ((worst.get(key)?.share ?? 0) < peak.share) worst.set(key, peak)
    }
    return {
      examined: judged.reduce((sum, { waiting }) => sum + waiting.length, 0),
      ...(judged.length === 0 && {
        vacuous:
          heals.length === 0
            ? 'no surface that the app uses came back from a fault'
            : `at most ${sayCount(most, 'call')} waited when the provider came back; ${fewestWaiting} are needed`,
      }),
      findings: [...worst.values()].map(({ heal, inWindow, fromMs, share }) => {
        const cases = inWindow.map((first, i) => ({ id: first.id, phase: '', weight: -i }))
        return {
          severity: share > params.number('fail_above') ? ('fail' as const) : ('warn' as const),
          phase: view.phaseAt(inWindow[0]?.startMs ?? heal.healedMs),
          message:
            `${inWindow.length} of the ${heal.waiting.length} calls that waited for ${heal.surface} (${sayShare(share)}) came back in ` +
            `one second, ${sayMs(fromMs - heal.healedMs)} after it healed at ${sayMs(heal.healedMs)}; a jittered client of this size ` +
            `peaks at ${chancePeak(heal.waiting.length)} or less`,
          evidence: evidenceOf(cases),
          advice:
            'A provider that comes up with little capacity is knocked down again by its own waiting clients. Everybody waits ' +
            'for the same instant: a fixed delay, a backoff without jitter, a breaker whose timer all share, or the same ' +
            'reset time. Draw each delay at random over its whole range (full jitter: between 0 and the cap; in p-retry ' +
            '`randomize: true`, in cockatiel the decorrelated-jitter generator), let a breaker admit one probe and then raise ' +
            'the flow, and release a queue at a rate, not at once.',
        }
      }),
    }
  },
})

interface Heal {
  readonly surface: string
  readonly healedMs: number
  /** The first attempt of each waiting call after the heal; `undefined` for one that never came back. */
  readonly waiting: readonly (AttemptRecord | undefined)[]
}

interface Peak {
  readonly heal: Heal
  readonly inWindow: readonly AttemptRecord[]
  readonly fromMs: number
  readonly share: number
}

function healsOf(view: JournalView, plan: Plan): readonly Heal[] {
  const cameInACrowd = crowds(view)
  return [...surfacesUsed(view)].flatMap(surface => {
    const calls = view.calls.filter(call => call.attempts.some(attempt => surfaceOf(attempt) === surface))
    return outageStretches(plan, surface, { limits: false }).map(({ endMs }) => ({
      surface,
      healedMs: endMs,
      waiting: calls.flatMap(call => {
        const found = waitingCall(call, surface, endMs)
        return found && !cameInACrowd(call, endMs) ? [found.next] : []
      }),
    }))
  })
}

/**
 * Whether a call is one of many that users asked for in one second, so shortly before `t` that no backoff has had the time to
 * spread them: it was the users who came together then.
 */
function crowds(view: JournalView): (call: CallRecord, t: number) => boolean {
  const secondOf = ({ startMs }: TaskRecord) => Math.floor(startMs / windowMs)
  const bySecond = new Map([...Map.groupBy(view.tasks, secondOf)].map(([second, tasks]) => [second, tasks.length]))
  return ({ task }, t) =>
    task !== undefined && task.startMs > t - spanMs && (bySecond.get(secondOf(task)) ?? 0) >= fewestInACrowd
}

/** Whether `call` waited at `t` for `surface` to come back, and with what it did. */
function waitingCall(call: CallRecord, surface: string, t: number): { next: AttemptRecord | undefined } | undefined {
  const attempts = call.attempts.filter(attempt => surfaceOf(attempt) === surface)
  const last = attempts.findLast(({ startMs }) => startMs < t)
  const next = attempts.find(({ startMs }) => startMs >= t)
  if (!last) return next && call.task && waitedUnasked(call.task, t) ? { next } : undefined
  // Answered, before the heal or in flight across it: it waits no more.
  if (succeeded(last)) return undefined
  if (next) return { next }
  if (!call.task || !isOpenAt(call.task, t)) return undefined
  return call.task.calls.findLast(({ startMs }) => startMs < t) === call ? { next: undefined } : undefined
}

/** A task held back by a breaker or a queue waits too, though it has not asked yet. */
function waitedUnasked(task: TaskRecord, t: number): boolean {
  return task.startMs < t && !task.attempts.some(({ startMs }) => startMs < t)
}

function isOpenAt({ settledMs }: TaskRecord, t: number): boolean {
  return settledMs === undefined || settledMs > t
}

/** The fullest second within a minute of the heal. */
function peakOf(heal: Heal): Peak {
  const firsts = heal.waiting
    .flatMap(first => (first && first.startMs < heal.healedMs + spanMs ? [first] : []))
    .sort((a, b) => a.startMs - b.startMs)
  let best = { from: 0, count: 0 }
  let to = 0
  for (let from = 0; from < firsts.length; from++) {
    const endMs = (firsts[from]?.startMs ?? 0) + windowMs
    while ((firsts[to]?.startMs ?? endMs) < endMs) to++
    if (to - from > best.count) best = { from, count: to - from }
  }
  const inWindow = firsts.slice(best.from, best.from + best.count)
  return { heal, inWindow, fromMs: inWindow[0]?.startMs ?? heal.healedMs, share: inWindow.length / heal.waiting.length }
}

/** What chance gives a sound client's fullest second, at `alpha` over all seconds of the span. */
export function chancePeak(waiting: number): number {
  return poissonUpper((waiting * windowMs) / meanGapMs, (alpha * windowMs) / spanMs)
}
