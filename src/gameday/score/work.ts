import type { JournalEvent } from '../../journal/event.ts'
import { readLedger } from '../../journal/ledger.ts'
import type { Plan } from '../../model/timeline.ts'
import type { JournalView } from '../../oracles/view.ts'
import { count, plural } from '../../reports/text.ts'
import { clockText } from '../clock-text.ts'
import { outageOf } from './in-force.ts'
import { type Score, scored, unscored } from './score.ts'

/** What was lost or done twice, what piled up, and what was spent. */
export function workOf(events: readonly JournalEvent[], view: JournalView, plan: Plan): readonly Score[] {
  return [lost(view), duplicated(events), ...backlog(view, plan), spent(events)]
}

function lost({ tasks, jobs }: JournalView): Score {
  const named = { id: 'work-lost', what: 'work lost', unit: 'pieces' } as const
  if (tasks.length + jobs.length === 0) return unscored(named, 'the drill asked nothing itself')
  const open = tasks.filter(({ settled }) => !settled).length
  const gone = tasks.filter(({ settled }) => settled?.lostTo !== undefined).length
  const vanished = jobs.filter(
    ({ goneMs, doneMs, deadMs }) => goneMs !== undefined && doneMs === undefined && deadMs === undefined,
  ).length
  const parts = [
    `${plural(open, 'task')} never settled`,
    `${count(gone)} went with the process that had them`,
    jobs.length === 0 ? 'no job was handed in' : `${count(vanished)} of ${plural(jobs.length, 'job')} vanished`,
  ]
  return scored(named, open + gone + vanished, { from: parts.join('; ') })
}

function duplicated(events: readonly JournalEvent[]): Score {
  const named = { id: 'work-duplicated', what: 'work done twice', unit: 'pieces' } as const
  const effects = events.filter(event => event.type === 'side-effect').length
  const { duplicated: again, repeatedCalls } = readLedger(events)
  const paid = `${plural(repeatedCalls.length, 'call')} answered, and paid for, more than once`
  const done =
    effects === 0 ? 'the app changed nothing outside that is watched' : `${count(again.length)} side effects done again`
  return scored(named, again.length + repeatedCalls.length, { from: `${done}; ${paid}` })
}

function backlog(view: JournalView, plan: Plan): readonly Score[] {
  const peak = { id: 'backlog-peak', what: 'most work open at once', unit: 'pieces' } as const
  const drain = { id: 'backlog-drain', what: 'time to drain what the outage left', unit: 'ms' } as const
  const open = openWork(view)
  if (open.length === 0) return [unscored(peak, 'nothing was asked'), unscored(drain, 'nothing was asked')]
  const { most, t } = peakOf(open)
  const endMs = outageOf(plan)?.endMs
  const left = open.filter(
    ({ from, to = Number.POSITIVE_INFINITY }) => endMs !== undefined && from < endMs && to > endMs,
  )
  const never = left.filter(({ to }) => to === undefined).length
  return [
    scored(peak, most, { from: `tasks and jobs, at ${clockText(t)}` }),
    endMs === undefined || view.endMs < endMs
      ? unscored(drain, endMs === undefined ? 'nothing fails in this scenario' : 'it ended before the outage did')
      : never > 0
        ? unscored(drain, `${count(never)} of ${count(left.length)} that were open then never came to an end`)
        : scored(drain, Math.max(0, ...left.map(({ to = endMs }) => to - endMs)), {
            from: `the last of ${count(left.length)} that were open when the last fault ended`,
          }),
  ]
}

interface Open {
  readonly from: number
  /** Absent for what never came to an end. */
  readonly to?: number
}

function openWork({ tasks, jobs }: JournalView): readonly Open[] {
  const spans = [
    ...tasks.map(({ startMs, settledMs }) => ({ from: startMs, to: settledMs })),
    ...jobs.map(({ submittedMs, doneMs, deadMs, expiredMs, goneMs }) => ({
      ...{ from: submittedMs, to: doneMs ?? deadMs ?? expiredMs ?? goneMs },
    })),
  ]
  return spans.map(({ from, to }) => ({ from, ...(to !== undefined && { to }) }))
}

function peakOf(all: readonly Open[]): { readonly most: number; readonly t: number } {
  const changes = all
    .flatMap(({ from, to }) => [{ t: from, by: 1 }, ...(to === undefined ? [] : [{ t: to, by: -1 }])])
    .sort((a, b) => a.t - b.t || b.by - a.by)
  let open = 0
  let peak = { most: 0, t: 0 }
  for (const { t, by } of changes) {
    open += by
    if (open > peak.most) peak = { most: open, t }
  }
  return peak
}

function spent(events: readonly JournalEvent[]): Score {
  const named = { id: 'spend', what: 'tokens spent', unit: 'pieces' } as const
  const { totals } = readLedger(events)
  if (!totals) return unscored(named, 'the journal has no end, or no provider of ours answered')
  const { inputTokens, outputTokens } = totals
  return scored(named, inputTokens + outputTokens, {
    from: `the providers’ ledger: ${count(inputTokens)} in, ${count(outputTokens)} out; warm-up included, estimated`,
  })
}
