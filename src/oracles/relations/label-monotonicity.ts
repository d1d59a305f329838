import { scaleScenario } from '../../model/scale.ts'
import { asksModel, succeeded } from '../attempts.ts'
import { evidenceOf, sayCount, sayMs, sayShare } from '../finding.ts'
import { type Finding, severityOf, strictParam } from '../oracle.ts'
import type { JournalView, TaskRecord } from '../view.ts'
import { outagesOf } from './outage.ts'
import { defineRelation, type Ran } from './relation.ts'
import { bare } from './scenario-edits.ts'

const fewest = 10
/** Clocks, and the time between an answer and its entry in the store, ms. */
const slackMs = 2_000

const advice =
  'Nobody has written to that store in the outage, so what it gives can only get older; it says otherwise. Look for an entry whose time is set ' +
  'when it is read, an age that is counted from the last attempt or capped, and a label that is given for the failure just met and not for ' +
  'the age of the answer. Keep the time of the answer with the answer, and never change it.'

/** Old answers get older. */
export const labelMonotonicity = defineRelation({
  id: 'label-monotonicity',
  code: 'M8',
  says: 'A longer outage never makes a stored answer fresher, or leaves its label out.',
  params: { severity: strictParam },
  notes: {
    needs: 'the wire, `settle` of the client module (`source: cache`, `ageMs`, `labelled`), and one run more',
    judges:
      'The same scenario with every phase twice as long. In both, an answer out of a store is, by its own word, at least as old as the time ' +
      'for which no model has answered the instance; and in the last quarter of the longest outage such answers are labelled as often in ' +
      `the longer run as in the shorter. ${fewest} of them are needed in both.`,
    vacuous: `fewer than ${fewest} stored answers with an age were given at the end of the longest outage`,
    source: 'No tolerance for the age but two seconds; a tenth for the labels.',
    change: advice,
  },
  twins: ({ scenario }) => [{ name: 'twice as long', scenario: scaleScenario(bare(scenario), 2) }],
  compare(base, [longer], params) {
    const [was, is] = [lateOf(base), longer ? lateOf(longer) : []]
    const isFew = Math.min(was.length, is.length) < fewest
    if (isFew || !longer)
      return {
        examined: 0,
        vacuous: `fewer than ${fewest} stored answers with an age were given at the end of the longest outage`,
        findings: [],
      }
    const severity = severityOf(params)
    const told: Omit<Finding, 'oracle'>[] = []
    const young = [...tooYoung(longer.view), ...tooYoung(base.view)]
    const [worst] = young.toSorted((a, b) => b.weight - a.weight)
    if (worst)
      told.push({
        severity,
        phase: worst.phase,
        message:
          `${sayCount(young.length, 'stored answer')} claimed to be younger than can be: that of ${worst.id} ${sayMs(worst.ageMs)}, when no ` +
          `model had answered for ${sayMs(worst.silentMs)}`,
        evidence: evidenceOf(young),
        advice,
      })
    const [labels, labelsThen] = [labelled(was), labelled(is)]
    if (labelsThen < labels - 0.1)
      told.push({
        severity,
        phase: is[0]?.phase ?? '',
        message:
          `${sayShare(labels)} of ${sayCount(was.length, 'stored answer')} at the end of the outage were labelled, and ${sayShare(labelsThen)} of ` +
          `${is.length} when it lasted twice as long`,
        evidence: evidenceOf(is.map(({ id }, i) => ({ id, phase: '', weight: -i }))),
        advice,
      })
    return { examined: was.length + is.length, findings: told }
  },
})

function isStored({ settled }: TaskRecord): boolean {
  return settled?.source === 'cache' && settled.ageMs !== undefined
}

/** Tasks of the last quarter of the longest outage that got an answer out of a store. */
function lateOf({ view, plan }: Ran): readonly TaskRecord[] {
  const [longest] = outagesOf(view, plan).toSorted((a, b) => b.endMs - b.startMs - (a.endMs - a.startMs))
  if (!longest) return []
  const fromMs = longest.startMs + 0.75 * (longest.endMs - longest.startMs)
  return view.tasks.filter(task => task.startMs >= fromMs && task.startMs < longest.endMs && isStored(task))
}

/** Stored answers that say they were written when nobody wrote. */
function tooYoung({ tasks, attempts }: JournalView) {
  const answered = attempts.filter(attempt => asksModel(attempt) && succeeded(attempt))
  const ends = Map.groupBy(answered, ({ started }) => started.instance)
  return tasks.filter(isStored).flatMap(({ id, phase, settled, settledMs = 0, started }) => {
    const own = (ends.get(started.instance) ?? []).flatMap(({ endMs = 0 }) => (endMs <= settledMs ? [endMs] : []))
    // What was answered in the warm-up is not here; the outage cannot have begun before it ended.
    const silentMs = settledMs - Math.max(0, ...own)
    const ageMs = settled?.ageMs ?? 0
    return ageMs < silentMs - slackMs ? [{ id, phase, weight: silentMs - ageMs, ageMs, silentMs }] : []
  })
}

function labelled(tasks: readonly TaskRecord[]): number {
  const told = tasks.filter(({ settled }) => settled?.labelled === true || settled?.outcome === 'degraded')
  return told.length / Math.max(1, tasks.length)
}
