import { slackMs, surfaceOf } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord } from './view.ts'

const minuteMs = 60_000
// A probe, and what was decided before the headers had been read by everybody.
const spare = 5

const advice =
  'Every answer tells what is left of the limit and when it is whole again; the next request need not be refused to find out. Keep the ' +
  'numbers of the last answer where all calls of this key see them, let calls wait for the reset (or send at the rate that the limit ' +
  'refills at) once nothing is left, and let a single one try early.'

/** The SDKs leave it to the app. */
export const ratelimitResetHonoured = defineOracle({
  id: 'ratelimit-reset-honoured',
  code: 'A5',
  says: 'Once an answer said that nothing is left of a limit, requests wait for its reset.',
  kind: 'safety',
  byDefault: false,
  params: {
    times: {
      kind: 'number',
      says: 'how many times what the limit lets through may be sent before its reset',
      default: 2,
      min: 1,
    },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      'From each answer that left nothing of a limit of requests to the reset it named: attempts of that instance with that key at that ' +
      `surface. Twice what the limit refills in that time, and ${spare} more, may be sent; beyond that it counts when some were turned away.`,
    vacuous: 'no answer said that a limit was spent',
    source:
      'Limits refill all the time, so traffic at their rate is right; twice that is not. No SDK does it by itself, so it is judged only where it is asked for.',
    change: advice,
  },
  judge(view, params) {
    const senders = [...Map.groupBy(view.attempts, senderOf).values()]
    const windows = senders.flatMap(windowsOf)
    const cases = windows.flatMap(({ attempts, limit, resetMs }) => {
      const allowed = Math.floor((params.number('times') * limit * resetMs) / minuteMs) + spare
      const beyond = attempts.slice(allowed).filter(({ started }) => started.effect === 'limited')
      const [first] = beyond
      if (!first) return []
      return [
        {
          id: first.id,
          phase: first.started.phase,
          weight: beyond.length,
          beyond,
          sent: attempts.length,
          limit,
          resetMs,
        },
      ]
    })
    return {
      examined: windows.length,
      ...(windows.length === 0 && { vacuous: 'no answer said that a limit was spent' }),
      findings: byPhase(cases).map(group => {
        const [{ phase, beyond, sent, limit, resetMs }] = group
        return {
          severity: severityOf(params),
          phase,
          message:
            `${sayCount(sent, 'attempt')} in the ${sayMs(resetMs)} before a limit of ${limit} a minute was to be whole again, ` +
            `${beyond.length} of them turned away beyond what may be tried (${sayCount(group.length, 'time')} in all)`,
          evidence: evidenceOf(beyond.map(({ id }, i) => ({ id, phase: '', weight: -i }))),
          advice,
        }
      }),
    }
  },
})

interface Window {
  readonly limit: number
  readonly resetMs: number
  /** Sent after the answer was there and before the reset. */
  readonly attempts: readonly AttemptRecord[]
}

const senderOf = (attempt: AttemptRecord) => `${attempt.started.instance} ${attempt.started.key} ${surfaceOf(attempt)}`

/** One after the other, each to its reset: the next begins with the first answer after it. */
function windowsOf(attempts: readonly AttemptRecord[]): readonly Window[] {
  const told = attempts
    .flatMap(({ headers, headersMs }) =>
      headers?.spent && headersMs !== undefined ? [{ ...headers.spent, headersMs }] : [],
    )
    .sort((a, b) => a.headersMs - b.headersMs)
  const windows: Window[] = []
  let untilMs = Number.NEGATIVE_INFINITY
  for (const { limit, resetMs, headersMs } of told) {
    if (headersMs < untilMs) continue
    untilMs = headersMs + resetMs
    const endMs = untilMs - slackMs
    const own = attempts.filter(({ startMs }) => startMs > headersMs && startMs < endMs)
    windows.push({ limit, resetMs, attempts: own })
  }
  return windows
}
