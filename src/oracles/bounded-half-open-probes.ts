import { isProvidersFailure, surfaceOf } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord } from './view.ts'
import { withheldByInstance } from './withheld.ts'

// The shortest that a usual breaker stays open.
const shortestGapMs = 5_000
const fewestWithheld = 3

const advice =
  'A breaker that lets everybody through as soon as its timer runs out finds a provider that is still down with full force, or knocks ' +
  'over one that has just risen. Let one probe through, hold the others until it is answered, and then raise the flow. In a breaker of ' +
  'your own, set the state to half-open before the probe is sent, not after.'

/** Seen without any hook: a silence while tasks were turned away is an open breaker, and what ends it are its probes. */
export const boundedHalfOpenProbes = defineOracle({
  id: 'bounded-half-open-probes',
  code: 'C2',
  says: 'A breaker that tries again sends a few probes and waits for what comes of them.',
  kind: 'safety',
  byDefault: true,
  params: {
    // resilience4j lets ten through, cockatiel, opossum and Polly one.
    probes: { kind: 'number', says: 'attempts before the first of them has ended', default: 10, min: 1, integer: true },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      `For each instance and surface, after a failure and ${shortestGapMs / 1_000} s or more without an attempt in which ${fewestWithheld} tasks ` +
      'or more were turned away or served from a store: attempts begun before the first of them ended.',
    vacuous: 'no breaker was seen to open: no silence in which tasks were turned away',
    source: 'resilience4j allows ten calls while half-open; cockatiel, opossum and Polly one.',
    change: advice,
  },
  judge(view, params) {
    const withheld = withheldByInstance(view)
    const keyOf = (attempt: AttemptRecord) => `${attempt.started.instance} ${surfaceOf(attempt)}`
    let examined = 0
    const floods = [...Map.groupBy(view.attempts, keyOf).values()].flatMap(attempts =>
      attempts.flatMap((first, i) => {
        const before = attempts[i - 1]
        if (!before || first.startMs - before.startMs < shortestGapMs || !isProvidersFailure(before)) return []
        const away = (withheld.get(first.started.instance) ?? []).filter(
          ({ startMs }) => startMs > before.startMs && startMs < first.startMs,
        )
        if (away.length < fewestWithheld) return []
        examined++
        const flood = untilFirstEnd(attempts.slice(i))
        if (flood.length <= params.number('probes')) return []
        const gapMs = first.startMs - before.startMs
        return [{ id: first.id, phase: first.started.phase, weight: flood.length, flood, gapMs, away: away.length }]
      }),
    )
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no breaker was seen to open' }),
      findings: byPhase(floods).map(group => {
        const [worst] = group
        return {
          severity: severityOf(params),
          phase: worst.phase,
          message:
            `${sayCount(worst.flood.length, 'attempt')} at once after ${sayMs(worst.gapMs)} of silence in which ` +
            `${sayCount(worst.away, 'task was', 'tasks were')} turned away, ${worst.id} first${group.length > 1 ? `; so it was ${group.length} times` : ''}`,
          evidence: evidenceOf(worst.flood.map(({ id }, i) => ({ id, phase: '', weight: -i }))),
          advice,
        }
      }),
    }
  },
})

/** The attempts begun before the first of them had ended. */
function untilFirstEnd(attempts: readonly AttemptRecord[]): readonly AttemptRecord[] {
  let endMs = Number.POSITIVE_INFINITY
  const flood: AttemptRecord[] = []
  for (const attempt of attempts) {
    if (attempt.startMs > endMs) break
    flood.push(attempt)
    endMs = Math.min(endMs, attempt.endMs ?? Number.POSITIVE_INFINITY)
  }
  return flood
}
