import { asksModel } from '../attempts.ts'
import { byPhase, evidenceOf, sayCount, sayShare, tally } from '../finding.ts'
import type { CallRecord, TaskRecord } from '../view.ts'
import { defineRelation } from './relation.ts'
import { bare, healed } from './scenario-edits.ts'

const advice =
  'What a client does when nothing is wrong it does every day: retries and hedges of good answers, calls of a substitute, old answers and ' +
  'open breakers cost money then, and hide the real ones. Look for an error that is made of a good answer (a check that is too strict, a ' +
  'timeout too short), a hedge that does not wait, and state that trips at the start.'

/** The first of all relations: no cause, no effect. */
export const nullRun = defineRelation({
  id: 'null-run',
  code: 'M1',
  says: 'The same traffic with nothing wrong is answered at the first attempt, by the first provider.',
  params: {
    at_most: { kind: 'share', says: 'share of the calls that may be hedged', default: 0.05 },
  },
  notes: {
    needs: 'the wire, and one run more',
    judges:
      'The scenario without its faults, limits, capacity and events: every task ends well and says nothing of a substitute or an incomplete ' +
      'answer, no call is sent twice after an answer or an error of the client’s own, hardly any is hedged, and no breaker opens.',
    vacuous: 'the run without faults had no task',
    source: 'No tolerance but for hedges, which some clients send for the slowest answers.',
    change: advice,
  },
  twins: ({ scenario }) => [{ name: 'with nothing wrong', scenario: healed(bare(scenario)) }],
  compare(_base, [calm], params) {
    const { tasks = [], calls = [], reports } = calm?.view ?? {}
    const asked = calls.filter(call => call.attempts.some(asksModel))
    const twice = asked.filter(isTwice)
    const odd = [
      ...tasks.flatMap(task => {
        const what = oddityOf(task)
        return what === undefined ? [] : [{ id: task.id, phase: task.phase, weight: 2, what }]
      }),
      ...(twice.length > params.number('at_most') * asked.length
        ? twice.map(call => ({
            id: call.id,
            phase: call.attempts[0]?.started.phase ?? '',
            weight: 1,
            what: `sent twice (${sayShare(twice.length / asked.length)} of all calls)`,
          }))
        : []),
      ...(reports?.breakers ?? []).flatMap(({ state, key, task, t }) =>
        state === 'open' && t >= 0
          ? [{ id: task?.id ?? key, phase: calm?.view.phaseAt(t) ?? '', weight: 0, what: 'breaker opened' }]
          : [],
      ),
    ]
    return {
      examined: tasks.length,
      ...(tasks.length === 0 && { vacuous: 'the run without faults had no task' }),
      findings: byPhase(odd)
        .slice(0, 1)
        .map(group => ({
          severity: 'fail' as const,
          phase: group[0].phase,
          message:
            `with nothing wrong, ${sayCount(odd.length, 'task or call', 'tasks and calls')} went as in an outage (` +
            `${tally(odd.map(({ what }) => `× ${what}`))})`,
          evidence: evidenceOf(odd),
          advice,
        })),
    }
  },
})

function oddityOf({ settled }: TaskRecord): string | undefined {
  if (!settled) return 'never settled'
  if (settled.lostTo !== undefined) return undefined
  if (settled.outcome !== 'ok' && settled.outcome !== 'queued') return settled.outcome
  return settled.source === 'fallback' ? 'answered by a fallback' : undefined
}

function isTwice({ attempts }: CallRecord): boolean {
  return attempts.filter(asksModel).length > 1
}
