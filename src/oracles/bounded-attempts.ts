import { bursts, type Chain, chainsOf } from './chains.ts'
import { byPhase, evidenceOf, sayCount, tally } from './finding.ts'
import { defineOracle, type Severity } from './oracle.ts'

const advice =
  'One user’s question becomes many requests, and the loop that makes them has no end of its own. Count attempts over all ' +
  'layers: the SDK makes three (`maxRetries: 2`), and whatever is wrapped around it multiplies them. Give the outermost loop a ' +
  'number of attempts (three are usual, five are many) and set `maxRetries: 0` below it; what must be done in the end belongs ' +
  'in a queue that waits half a minute or more between two tries.'

/** The worst single call, where {@link retryAmplification} looks at the mean of an outage. */
export const boundedAttempts = defineOracle({
  id: 'bounded-attempts',
  code: 'A1',
  says: 'No single call is tried again and again.',
  kind: 'safety',
  byDefault: true,
  params: {
    // Three attempts a request are the advice of the SRE book and the SDK's own default; gRPC allows five at most.
    fail_above: {
      kind: 'number',
      says: 'attempts of one call without an answer that fail the run',
      default: 5,
      min: 1,
    },
    warn_above: { kind: 'number', says: 'attempts that are worth a warning', default: 3, min: 1 },
  },
  notes: {
    needs: 'the wire',
    judges:
      'Of each call at each surface and model, the attempts in a row without an answer, each begun after the one before it failed. Not ' +
      'counted: what waited as long as `retry-after` asked, the first try of another key after a 401, 403 or 429, and what may as well be ' +
      'another open task’s, for the same question. After 30 s or more the count begins anew, as a patient worker’s next turn does.',
    vacuous: 'no attempt failed',
    source:
      'Three attempts a request: the SRE book, and the default of the SDKs. Five: the most that gRPC’s retry ' +
      'policy allows.',
    change: advice,
  },
  judge(view, params) {
    const failing = chainsOf(view).filter(isFailing)
    const long = failing.flatMap(chain => {
      const counted = bursts(chain).reduce((most, part) => (part.length > most.length ? part : most), [])
      const severity: Severity | undefined =
        counted.length > params.number('fail_above')
          ? 'fail'
          : counted.length > params.number('warn_above')
            ? 'warn'
            : undefined
      const [first] = counted
      if (!severity || !first) return []
      return [{ id: chain.call.id, phase: first.started.phase, weight: counted.length, chain, counted, severity }]
    })
    return {
      examined: failing.length,
      ...(failing.length === 0 && { vacuous: 'no attempt failed' }),
      findings: byPhase(long).map(group => {
        const [worst] = group
        return {
          severity: worst.severity,
          phase: worst.phase,
          message:
            `${sayCount(group.length, 'call')} got more attempts than a call should; ${worst.id} was sent ${worst.counted.length} times to ` +
            `${worst.chain.surface} without an answer (${tally(worst.counted.map(({ headers, ended }) => String(headers?.status ?? ended?.outcome ?? 'open')))})`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

function isFailing({ attempts }: Chain): boolean {
  return attempts[0]?.ended?.outcome !== 'ok'
}
