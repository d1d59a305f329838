import { ambiguity } from './ambiguity.ts'
import { asksModel, succeeded } from './attempts.ts'
import { evidenceOf, sayCount } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { AttemptRecord, CallRecord } from './view.ts'

const fewest = 20

const advice =
  'The provider did this work, you pay for it, and it was thrown away or had already been delivered. A timeout that is shorter than the ' +
  'provider’s slow answers buys each of them twice: raise it above the slowest answer that you would still take, or stream and time the ' +
  'silence instead. Keep an answer with its call, so that whoever runs the step again finds it.'

/** What the client alone is to blame for: a response that was lost on its way counts for nobody. */
export const costCeiling = defineOracle({
  id: 'cost-ceiling',
  code: 'I3',
  says: 'No answer is paid for again by the client’s own doing.',
  kind: 'statistical',
  byDefault: true,
  params: {
    // One answer in ten twice is what a deadline in the tail of slow answers may cost.
    warn_above: {
      kind: 'number',
      says: 'answers worked out for each call that had one, worth a warning',
      default: 1.1,
      min: 1,
    },
    fail_above: { kind: 'number', says: 'answers for each call that fail the run', default: 3, min: 1 },
  },
  notes: {
    needs: 'the wire',
    judges:
      'Calls of a known task for which the provider worked an answer out: the answers for each of them, counting a further one only where the one before it ' +
      `had arrived or was hung up on by the client. ${fewest} such calls are needed. Responses that were lost on their way count once.`,
    vacuous: `the provider worked out answers for fewer than ${fewest} calls`,
    source: 'A tenth is a guess at what deadlines may cost; three is what the SDK’s attempts can amount to.',
    change: advice,
  },
  judge(view, params) {
    const isAmbiguous = ambiguity(view)
    const calls = view.calls.flatMap(call => {
      // Of nobody known, or of one of several: the same question may well be another job’s.
      const paid = call.task && !call.attempts.some(isAmbiguous) ? paidFor(call) : 0
      return paid > 0 ? [{ id: call.id, phase: '', weight: paid, first: call.attempts[0] }] : []
    })
    const isEnough = calls.length >= fewest
    const ratio = calls.reduce((sum, { weight }) => sum + weight, 0) / calls.length
    const again = calls.filter(({ weight }) => weight > 1)
    const [worst] = again.toSorted((a, b) => b.weight - a.weight)
    const severity = ratio > params.number('fail_above') ? ('fail' as const) : ('warn' as const)
    return {
      examined: isEnough ? calls.length : 0,
      ...(!isEnough && { vacuous: `the provider worked out answers for fewer than ${fewest} calls` }),
      findings:
        isEnough && worst && ratio > params.number('warn_above')
          ? [
              {
                severity,
                phase: worst.first?.started.phase ?? '',
                message:
                  `${Math.round(ratio * 100) / 100} answers paid for each of ${sayCount(calls.length, 'call')}; ${again.length} of them more than ` +
                  `once though nothing was lost, ${worst.id} ${worst.weight} times`,
                evidence: evidenceOf(again),
                advice,
              },
            ]
          : [],
    }
  },
})

/** How many answers were worked out for a call, those that only bad luck made necessary left out. */
function paidFor({ attempts }: CallRecord): number {
  const worked = attempts.filter(attempt => asksModel(attempt) && isWorkedOut(attempt))
  return worked.filter((_, i) => {
    const before = worked[i - 1]
    return !before || succeeded(before) || before.ended?.outcome === 'aborted'
  }).length
}

function isWorkedOut({ started }: AttemptRecord): boolean {
  return started.processed === 'answered' || started.processed === 'lost'
}
