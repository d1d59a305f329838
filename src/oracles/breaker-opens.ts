import { isProvidersFailure, surfaceOf } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { AttemptRecord } from './view.ts'

const advice =
  'After so many failures in a row the next request will fail, too. Keep one breaker for each provider and model, for the life of the ' +
  'process: one that is built inside the request handler never counts beyond one. Count 5xx, 529, connection errors and timeouts, ' +
  'errors inside a stream too, and let nothing catch them before the breaker has seen them.'

/** For apps that say they have a breaker. */
export const breakerOpens = defineOracle({
  id: 'breaker-opens',
  code: 'C1',
  says: 'After a row of failures the circuit breaker opens.',
  kind: 'safety',
  byDefault: false,
  params: {
    failures: { kind: 'number', says: 'failures in a row after which it is open', default: 20, min: 1, integer: true },
    // The shortest that a usual library stays open: Polly 5 s, opossum 30 s, resilience4j 60 s.
    open_for: { kind: 'duration', says: 'time that it then stays open', default: 5_000, min: 1 },
    probes: { kind: 'number', says: 'attempts that it lets through in that time', default: 1, min: 0, integer: true },
  },
  notes: {
    needs: 'the wire',
    judges:
      'For each instance and surface, whenever so many attempts in a row have ended in a failure of the provider (5xx, 529, connection, ' +
      'timeout): attempts begun in the time after the last of them.',
    vacuous: 'no instance saw so many failures in a row',
    source:
      'Twenty failures in a row are enough for any usual setting; resilience4j stays open for 60 s, opossum for 30 ' +
      's, Polly for 5 s.',
    change: advice,
  },
  judge(view, params) {
    const needed = params.number('failures')
    const openMs = params.number('open_for')
    let examined = 0
    const keyOf = (attempt: AttemptRecord) => `${attempt.started.instance} ${surfaceOf(attempt)}`
    const cases = [...Map.groupBy(view.attempts, keyOf).values()].flatMap(attempts => {
      const ends = attempts
        .flatMap(attempt => (attempt.endMs === undefined ? [] : [{ attempt, endMs: attempt.endMs }]))
        .sort((a, b) => a.endMs - b.endMs)
      let row = 0
      let openUntilMs = Number.NEGATIVE_INFINITY
      return ends.flatMap(({ attempt, endMs }) => {
        row = isProvidersFailure(attempt) ? row + 1 : attempt.ended?.outcome === 'ok' ? 0 : row
        if (row < needed || endMs < openUntilMs) return []
        examined++
        openUntilMs = endMs + openMs
        const through = attempts.filter(({ startMs }) => startMs > endMs && startMs <= openUntilMs)
        const [first] = through
        if (!first || through.length <= params.number('probes')) return []
        return [{ id: first.id, phase: first.started.phase, weight: through.length, row, surface: surfaceOf(first) }]
      })
    })
    return {
      examined,
      ...(examined === 0 && { vacuous: `no instance saw ${needed} failures in a row` }),
      findings: byPhase(cases).map(group => {
        const [worst] = group
        return {
          severity: 'fail',
          phase: worst.phase,
          message:
            `after ${worst.row} failures in a row the instance sent ${sayCount(worst.weight, 'further attempt')} to ${worst.surface} within ` +
            `${sayMs(openMs)}${group.length > 1 ? `; so it did ${group.length} times` : ''}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})
