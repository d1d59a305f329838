import { asksModel, surfaceOf } from '../attempts.ts'
import { sayMs } from '../finding.ts'
import type { AttemptRecord, JournalView, TaskRecord } from '../view.ts'

/** The same task of the same user, in two runs. */
export interface Pair {
  readonly before: TaskRecord
  readonly after: TaskRecord
}

/** Tasks by who asked: the nth of a user in one run is the nth of the same user in the other. */
export function pairTasks(base: JournalView, twin: JournalView): readonly Pair[] {
  const after = byUser(twin)
  return [...byUser(base)].flatMap(([user, tasks]) => {
    const others = after.get(user) ?? []
    return tasks.flatMap((before, i) => {
      const other = others[i]
      return other && other.started.question === before.started.question ? [{ before, after: other }] : []
    })
  })
}

function byUser({ tasks }: JournalView): ReadonlyMap<string, readonly TaskRecord[]> {
  return Map.groupBy(tasks, ({ started }) => `${started.instance} ${started.user}`)
}

/** Longer than clocks and rounding, shorter than anything a person would call a wait, ms. */
const noticeableMs = 1_000

const sure: ReadonlySet<string> = new Set(['header', 'context'])

/** How a task went otherwise in the other run, in words; `undefined` when it went the same way. */
export function differenceOf({ before, after }: Pair): string | undefined {
  const [was, is] = [outcomeOf(before), outcomeOf(after)]
  if (was !== is) return `${was} became ${is}`
  const [asked, asks] = [askedOf(before), askedOf(after)]
  // What was found by its question alone may be another task's that asks the same.
  if (![...asked, ...asks].every(({ started }) => sure.has(started.attributedBy))) return undefined
  if (asked.length !== asks.length)
    return `${asked.length} ${asked.length === 1 ? 'attempt' : 'attempts'} became ${asks.length}`
  const other = asked.findIndex((attempt, i) => {
    const twin = asks[i]
    return twin && surfaceOf(twin) !== surfaceOf(attempt)
  })
  const [from, to] = [asked[other], asks[other]]
  if (from && to) return `an attempt at ${surfaceOf(from)} went to ${surfaceOf(to)}`
  const [first, firstThen] = [asked[0], asks[0]]
  if (!first || !firstThen) return undefined
  const laterMs = firstThen.startMs - after.startMs - (first.startMs - before.startMs)
  return Math.abs(laterMs) > noticeableMs
    ? `its first attempt came ${sayMs(Math.abs(laterMs))} ${laterMs > 0 ? 'later' : 'earlier'}`
    : undefined
}

/** What the user got. */
export function outcomeOf({ settled }: TaskRecord): string {
  return settled?.outcome ?? 'open'
}

/** Attempts that ask something of a provider: not those that read its status page. */
function askedOf({ attempts }: TaskRecord): readonly AttemptRecord[] {
  return attempts.filter(attempt => asksModel(attempt) && !isStatusPage(attempt))
}

export function isStatusPage(attempt: AttemptRecord): boolean {
  return attempt.started.surface === 'status'
}
