import { broughtText, succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { JournalView, TaskRecord } from './view.ts'
import type { CacheUse } from './view-reports.ts'

const advice =
  'An old answer is a good substitute when its reader knows that it is old. Keep the time with each entry, say it (“as of 20 minutes ' +
  'ago”), and let entries expire: opossum’s `cache: true` and a plain `Map` keep the first answer for ever. Tell it in `settle` with ' +
  '`source: "cache"`, `ageMs` and `labelled: true`.'

/** Told by `settle`, and otherwise by the wire: an answer without an attempt is at least as old as the last one to its question. */
export const cacheFreshness = defineOracle({
  id: 'cache-freshness',
  code: 'F2',
  says: 'An old answer is said to be old, and a very old one is not served.',
  kind: 'safety',
  byDefault: true,
  params: {
    label_after: { kind: 'duration', says: 'age from which an answer has to be labelled', default: 300_000, min: 0 },
    max_age: { kind: 'duration', says: 'age at which it is served no more', default: 86_400_000, min: 1 },
  },
  notes: {
    needs:
      'the wire; `settle` says more (`source`, `ageMs`, `labelled`), and so does the hook `report.cache` (`ageMs` of a hit)',
    judges:
      'Tasks settled with a whole answer and no attempt of their own that brought any text. Age: `ageMs` of `settle`, else of the last hit told, else at least the time since the last good attempt ' +
      'for the same question. Older than `max_age` fails the run; older than `label_after`, told as `ok` and without a label, is worth a ' +
      'warning.',
    vacuous: 'no task was answered from a store',
    source:
      'Serving stale answers when the origin fails is RFC 5861’s `stale-if-error`. Five minutes and a day are common choices, to be set to ' +
      'the app’s own.',
    change: advice,
  },
  judge(view, params) {
    const lastAnswer = answersByQuestion(view)
    const hits = new Map(view.reports.caches.flatMap(hit => (isAgedHit(hit) ? [[hit.task, hit.ageMs] as const] : [])))
    const stored = view.tasks.flatMap(task => {
      const ageMs = isFromStore(task) ? ageOf(task, lastAnswer, hits.get(task)) : undefined
      return ageMs === undefined ? [] : [{ task, ageMs }]
    })
    const old = stored.flatMap(({ task, ageMs }) => {
      const severity =
        ageMs > params.number('max_age')
          ? ('fail' as const)
          : ageMs > params.number('label_after') && !isLabelled(task)
            ? ('warn' as const)
            : undefined
      return severity ? [{ id: task.id, phase: task.phase, weight: ageMs, severity }] : []
    })
    return {
      examined: stored.length,
      ...(stored.length === 0 && { vacuous: 'no task was answered from a store' }),
      findings: byPhase(old).map(group => {
        const [{ severity, phase, id, weight }] = group
        return {
          severity,
          phase,
          message:
            `${sayCount(group.length, 'task')} got an old answer ${severity === 'fail' ? 'that should have expired' : 'without being told so'}; ` +
            `that of ${id} was at least ${sayMs(weight)} old`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

function isFromStore({ settled, attempts }: TaskRecord): boolean {
  if (!settled || settled.source === 'queue' || settled.source === 'fallback') return false
  if (settled.outcome !== 'ok' && settled.outcome !== 'degraded') return false
  if (settled.source === 'cache') return true
  return settled.answer === 'complete' && settled.source !== 'live' && !attempts.some(broughtText)
}

function isLabelled({ settled }: TaskRecord): boolean {
  return settled?.labelled === true || settled?.outcome === 'degraded'
}

/** Ends of good attempts by question, in order. */
function answersByQuestion(view: JournalView): ReadonlyMap<string, readonly number[]> {
  const ends = new Map<string, number[]>()
  for (const attempt of view.attempts) {
    if (!attempt.task || !succeeded(attempt) || attempt.endMs === undefined) continue
    const list = ends.get(attempt.task.started.question)
    if (list) list.push(attempt.endMs)
    else ends.set(attempt.task.started.question, [attempt.endMs])
  }
  return ends
}

/** As told, or at the least; an answer from before t = 0 is as old as the run. */
function ageOf(
  { settled, settledMs, started }: TaskRecord,
  ends: ReadonlyMap<string, readonly number[]>,
  hitMs: number | undefined,
): number {
  const told = settled?.ageMs ?? hitMs
  if (told !== undefined) return told
  const t = settledMs ?? 0
  const last = (ends.get(started.question) ?? []).reduce((max, end) => (end <= t ? Math.max(max, end) : max), 0)
  return t - last
}

function isAgedHit(hit: CacheUse): hit is CacheUse & { readonly task: TaskRecord; readonly ageMs: number } {
  return hit.op === 'hit' && hit.task !== undefined && hit.ageMs !== undefined
}
