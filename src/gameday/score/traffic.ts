import { asksModel, followUp, obeyedRetryAfter, retryDueMs } from '../../oracles/attempts.ts'
import type { AttemptRecord, JournalView, TaskRecord } from '../../oracles/view.ts'
import { nameOf, primaryOf } from '../../oracles/who-answers.ts'
import { count, plural } from '../../reports/text.ts'
import { clockText } from '../clock-text.ts'
import { type Score, scored, unscored } from './score.ts'

/** How the app asked: retries, whether it came back when it was told to, and whom else it turned to. */
export function trafficOf(view: JournalView): readonly Score[] {
  return [retries(view), retryAfter(view), fallback(view)]
}

function retries({ calls, attempts }: JournalView): Score {
  const named = { id: 'retries-per-call', what: 'retries per call', unit: 'ratio' } as const
  const asked = calls.filter(call => call.attempts.length > 0)
  if (asked.length === 0) return unscored(named, 'the app sent no request')
  const again = attempts.filter(({ started }) => started.n > 1).length
  const most = asked.reduce((max, call) => Math.max(max, call.attempts.length), 0)
  return scored(named, again / asked.length, {
    from: `${plural(again, 'retry').replace(/rys$/, 'ries')} of ${plural(asked.length, 'call')}; ${count(most - 1)} at most for one`,
  })
}

function retryAfter({ calls }: JournalView): Score {
  const named = { id: 'retry-after-obeyed', what: 'Retry-After obeyed', unit: 'share' } as const
  let told = 0
  let again = 0
  let obeyed = 0
  for (const call of calls)
    call.attempts.forEach((attempt, i) => {
      if (retryDueMs(attempt) === undefined) return
      told++
      const next = followUp(call, i, isSameScope)
      if (!next) return
      again++
      if (obeyedRetryAfter(attempt, next)) obeyed++
    })
  if (told === 0) return unscored(named, 'no error answer carried a retry-after')
  if (again === 0)
    return unscored(named, `${plural(told, 'answer')} carried one, and the app gave up at once, which is as good`)
  return scored(named, obeyed / again, {
    from: `${count(obeyed)} of ${count(again)} that asked again waited so long; ${count(told)} answers carried one`,
  })
}

/** A limit belongs to a key and a model at one provider. */
function isSameScope({ started: a }: AttemptRecord, { started: b }: AttemptRecord): boolean {
  return a.provider === b.provider && a.key === b.key && a.model === b.model
}

/** So many tasks after the last that a substitute served show that it was left. */
const fewestAfter = 5

function fallback(view: JournalView): Score {
  const named = { id: 'fallback', what: 'tasks that a fallback took', unit: 'pieces' } as const
  const { tasks } = view
  if (tasks.length === 0) return unscored(named, 'the drill asked nothing itself')
  const primary = primaryOf(view)
  // An app that asks several models every day has no first one to be told from the rest.
  const first = primary && primary.share >= 0.9 ? primary.name : undefined
  const isElsewhere = ({ attempts, settled }: TaskRecord) =>
    settled?.source === 'fallback' ||
    (first !== undefined && attempts.some(attempt => asksModel(attempt) && nameOf(attempt) !== first))
  const taken = tasks.filter(isElsewhere)
  const [from, until] = [taken[0], taken.at(-1)]
  if (!from || !until) return scored(named, 0, { from: 'none was used' })
  const after = tasks.filter(({ startMs }) => startMs > until.startMs).length
  const end = after >= fewestAfter ? `left again after ${clockText(until.startMs)}` : 'still in use at the end'
  return scored(named, taken.length, { from: `from ${clockText(from.startMs)} on; ${end}` })
}
