import { basePhase, evidenceOf, sayCount, sayShare } from '../finding.ts'
import { severityOf, severityParam } from '../oracle.ts'
import type { TaskRecord } from '../view.ts'
import { defineRelation, type Ran } from './relation.ts'
import { bare, prepend } from './scenario-edits.ts'

const hourMs = 3_600_000
// Fewer tasks in a phase say nothing.
const fewest = 50
const alpha = 1e-6
// What may differ for no reason but where an outage meets the traffic.
const spare = 0.1

const advice =
  'The process was an hour older when the outage came, and dealt with it worse. Look for what adds up over a life: a breaker that judges by ' +
  'all requests since the start and not by a window, a budget of retries that is never filled again, a counter or a list that only grows, ' +
  'credentials that expire and are fetched only once.'

/** An outage knows no hour. */
export const timeTranslation = defineRelation({
  id: 'time-translation',
  code: 'M2',
  says: 'The same outage an hour later goes no worse.',
  params: { severity: severityParam },
  notes: {
    needs: 'the wire, and one run more',
    judges:
      'The same phases after an hour of healthy traffic. In each of them, where both runs have fifty tasks: the share that got an answer may ' +
      'not be smaller than chance allows (once in a million, and a tenth more), nor the attempts for each task half as many again.',
    vacuous: `no phase has ${fewest} tasks in both runs`,
    source: 'Hoeffding’s bound for two samples; the tenth is for outages that last not much longer than a task.',
    change: advice,
  },
  twins: ({ scenario }) => [
    { name: 'an hour later', scenario: prepend(bare(scenario), { name: 'an-hour-before', for: hourMs }) },
  ],
  compare(base, [later], params) {
    const [was, is] = [phasesOf(base), later ? phasesOf(later) : new Map<string, readonly TaskRecord[]>()]
    const both = [...was].flatMap(([phase, before]) => {
      const after = is.get(phase) ?? []
      return before.length >= fewest && after.length >= fewest ? [{ phase, before, after }] : []
    })
    const worse = both.flatMap(({ phase, before, after }) => {
      const [good, goodThen] = [shareGood(before), shareGood(after)]
      const [tries, triesThen] = [triesOf(before), triesOf(after)]
      const margin = spare + Math.sqrt((Math.log(1 / alpha) / 2) * (1 / before.length + 1 / after.length))
      if (good - goodThen > margin)
        return [
          {
            phase,
            before,
            what: `${sayShare(good)} of the tasks were answered, and an hour later ${sayShare(goodThen)}`,
          },
        ]
      if (triesThen > 1.5 * tries + 0.5)
        return [
          {
            phase,
            before,
            what: `${round(tries)} attempts were made for each task, and an hour later ${round(triesThen)}`,
          },
        ]
      return []
    })
    return {
      examined: both.reduce((sum, { before }) => sum + before.length, 0),
      ...(both.length === 0 && { vacuous: `no phase has ${fewest} tasks in both runs` }),
      findings: worse.map(({ phase, before, what }) => ({
        severity: severityOf(params),
        phase,
        message: `in ${phase} (${sayCount(before.length, 'task')}) ${what}`,
        evidence: evidenceOf(before.map(({ id }, i) => ({ id, phase, weight: -i }))),
        advice,
      })),
    }
  },
})

const round = (value: number) => Math.round(value * 10) / 10

function phasesOf({ view }: Ran): ReadonlyMap<string, readonly TaskRecord[]> {
  return Map.groupBy(view.tasks, ({ phase }) => basePhase(phase))
}

function shareGood(tasks: readonly TaskRecord[]): number {
  const good = tasks.filter(({ settled }) => settled && ['ok', 'degraded', 'queued'].includes(settled.outcome))
  return good.length / tasks.length
}

function triesOf(tasks: readonly TaskRecord[]): number {
  return tasks.reduce((sum, { attempts }) => sum + attempts.length, 0) / tasks.length
}
