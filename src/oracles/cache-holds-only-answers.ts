import { broughtText } from './attempts.ts'
import { type Case, evidenceOf, sayCount, sayMs, tally, worstFirst } from './finding.ts'
import { defineOracle, type Finding } from './oracle.ts'
import type { JournalView, TaskRecord } from './view.ts'
import type { CacheUse } from './view-reports.ts'

/** An entry that is taken back or completed this soon was never more than on its way. */
const hasteMs = 10_000

const advice =
  'An outage of minutes then lasts as long as the entry lives, and for everybody who asks the same. Write to the cache after the answer has ' +
  'been checked, in one place: the message has its `stop_reason`, the stream its `message_stop`, the text is not empty, and no error was ' +
  'caught on the way. Do not memoise the promise of a call without taking it out when it rejects.'

/** By what the hook says of its texts; without it only half answers that nobody can have sent just now are told. */
export const cacheHoldsOnlyAnswers = defineOracle({
  id: 'cache-holds-only-answers',
  code: 'F13',
  says: 'Only whole answers are stored, so that nothing of an outage is served after it.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the hook `report.cache` with its `text`; the wire shows half answers from a store',
    judges:
      'Writes and hits whose text is empty, broke off, or is no answer at all, where the app’s other writes and hits are whole ones. A ' +
      'kind of text that it stores in the healthy warm-up is usual and not judged, nor is an entry that is evicted or completed within ' +
      '10 s, unread. Without the hook: half an answer to a task that asked nobody, while nobody else was being asked the same.',
    vacuous: 'no text was told of, and no task was answered from a store',
    source: 'No tolerance. Simulated answers carry a mark at each end.',
    change: advice,
  },
  judge(view) {
    const told = view.reports.caches.filter(({ t, answer }) => t >= 0 && answer !== undefined)
    const usual = usualStates(view)
    const judged = usual ? told.filter(({ op }) => op !== 'evict') : []
    const bad = usual ? judged.filter(use => isBad(use, usual) && !isMended(use, view)) : []
    const served = fromStore(view)
    const halves = served.filter(task => task.settled?.answer === 'truncated')
    const seen = new Set(bad.map(({ task }) => task))
    const cases = [
      ...bad.map(use => ({
        ...{ id: (use.task ?? askedBefore(use, view))?.id ?? '', phase: view.phaseAt(use.t), weight: -use.t },
        what: `${use.answer === 'unmarked' ? 'no answer' : use.answer} ${use.op === 'hit' ? 'read' : 'written'}`,
        tail: `${use.op === 'hit' ? 'read' : 'written'} under ${use.key} at ${sayMs(use.t)}`,
      })),
      ...halves
        .filter(task => !seen.has(task))
        .map(task => ({
          ...{ id: task.id, phase: task.phase, weight: -task.startMs, what: 'truncated served' },
          tail: `served to ${task.id}, which had asked nobody`,
        })),
    ]
    const examined = judged.length + served.length
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no text was told of, and no task was answered from a store' }),
      findings: cases.length === 0 ? [] : [tell(cases)],
    }
  },
})

interface BadText extends Case {
  readonly what: string
  readonly tail: string
}

/** What is written in one phase is read in the next: all of it is one story. */
function tell(cases: readonly BadText[]): Omit<Finding, 'oracle'> {
  const first = worstFirst(cases)[0]
  return {
    severity: 'fail',
    phase: first?.phase ?? '',
    message:
      `${sayCount(cases.length, 'text')} in the cache ${cases.length === 1 ? 'is' : 'are'} no whole answer ` +
      `(${tally(cases.map(({ what }) => what))}), the first ${first?.tail ?? ''}`,
    evidence: evidenceOf(cases.filter(({ id }) => id !== '')),
    advice,
  }
}

/** What texts of this app's cache are when all is well; nothing is known before it stored a whole answer. */
function usualStates({ reports }: JournalView): ReadonlySet<string> | undefined {
  const answers = reports.caches.filter(({ op }) => op !== 'evict')
  if (!answers.some(({ answer }) => answer === 'complete' || answer === 'foreign')) return undefined
  return new Set(answers.flatMap(({ t, answer }) => (t < 0 && answer !== undefined ? [answer] : [])))
}

function isBad({ answer }: CacheUse, usual: ReadonlySet<string>): boolean {
  if (answer !== 'truncated' && answer !== 'empty' && answer !== 'unmarked') return false
  return !usual.has(answer)
}

/** Whether it was taken back or completed at once, before anybody could read it. */
function isMended({ op, key, t, instance }: CacheUse, { reports }: JournalView): boolean {
  if (op !== 'write') return false
  const next = reports.caches.find(
    later =>
      later.key === key &&
      later.instance === instance &&
      later.t >= t &&
      (later.op !== 'write' || later.answer === 'complete' || later.answer === 'foreign'),
  )
  return next !== undefined && next.op !== 'hit' && next.t - t <= hasteMs
}

/** The last task with the text's question, for a text that was stored outside of all tasks. */
function askedBefore({ t, question }: CacheUse, { tasks }: JournalView): TaskRecord | undefined {
  return tasks.findLast(({ startMs, started }) => startMs <= t && started.question === question)
}

/** Tasks with a text that neither they nor anybody else was being sent for their question. */
function fromStore(view: JournalView): readonly TaskRecord[] {
  const candidates = view.tasks.filter(
    ({ settled, attempts }) =>
      settled !== undefined &&
      settled.outcome !== 'failed' &&
      (settled.answer === 'complete' || settled.answer === 'truncated') &&
      settled.source !== 'queue' &&
      !attempts.some(broughtText),
  )
  const asked = Map.groupBy(view.attempts.filter(broughtText), ({ task }) => task?.started.question ?? '')
  const isShared = ({ startMs, settledMs = 0, started }: TaskRecord) =>
    [...(asked.get(started.question) ?? []), ...(asked.get('') ?? [])].some(
      attempt => attempt.startMs <= settledMs && (attempt.endMs ?? view.endMs) >= startMs,
    )
  return candidates.filter(task => !isShared(task))
}
