import { obeyedRetryAfter } from './attempts.ts'
import { chainsOf } from './chains.ts'
import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, type Severity } from './oracle.ts'
import type { AttemptRecord } from './view.ts'

const windowMs = 1_000

const advice =
  'A loop that asks again at once spends a processor and a rate limit on nothing, and its log hides everything else. Look for a delay ' +
  'that came out as zero: a `retry-after` of 0 taken as “now”, a negative or overflowing `setTimeout` (above 2,147,483,647 ms it fires at ' +
  'once), seconds read as milliseconds, a `catch` that continues a `while` without waiting. Give every loop a least delay of some 500 ms.'

/** Five attempts within a second are no backoff, whatever it was meant to be. */
export const noHotLoop = defineOracle({
  id: 'no-hot-loop',
  code: 'A8',
  says: 'A call that fails is not sent again many times within a second.',
  kind: 'safety',
  byDefault: true,
  params: {
    // The SDK makes three attempts in about 1.5 s. With full jitter four may fall into one second now and then, six never.
    fail_above: { kind: 'number', says: 'attempts of one call in a second that fail the run', default: 5, min: 1 },
    warn_above: { kind: 'number', says: 'attempts in a second that are worth a warning', default: 4, min: 1 },
  },
  notes: {
    needs: 'the wire',
    judges:
      'The most attempts of one call, each begun after the one before it failed, that start within any second. An attempt that waited as ' +
      'long as `retry-after` asked does not count.',
    vacuous: 'no call was tried twice',
    source:
      'The SDK’s three attempts take about a second and a half. With full jitter from half a second on, six attempts within one second ' +
      'need five draws that are all nearly zero.',
    change: advice,
  },
  judge(view, params) {
    const retried = chainsOf(view).filter(({ attempts }) => attempts.length > 1)
    const hot = retried.flatMap(chain => {
      const own = chain.attempts.filter((attempt, i) => {
        const before = chain.attempts[i - 1]
        return !before || !obeyedRetryAfter(before, attempt)
      })
      const burst = densest(own)
      const severity: Severity | undefined =
        burst.length > params.number('fail_above')
          ? 'fail'
          : burst.length > params.number('warn_above')
            ? 'warn'
            : undefined
      const [first] = burst
      return severity && first
        ? [{ id: chain.call.id, phase: first.started.phase, weight: burst.length, burst, severity }]
        : []
    })
    return {
      examined: retried.length,
      ...(retried.length === 0 && { vacuous: 'no call was tried twice' }),
      findings: byPhase(hot).map(group => {
        const [{ id, burst, severity, phase }] = group
        const tookMs = (burst.at(-1)?.startMs ?? 0) - (burst[0]?.startMs ?? 0)
        return {
          severity,
          phase,
          message: `${sayCount(group.length, 'call')} ran hot; ${id} was sent ${burst.length} times in ${sayMs(tookMs)}`,
          evidence: evidenceOf(group),
          advice,
        }
      }),
    }
  },
})

/** The most attempts that start within one second. */
function densest(attempts: readonly AttemptRecord[]): readonly AttemptRecord[] {
  let best: readonly AttemptRecord[] = []
  let from = 0
  attempts.forEach((attempt, to) => {
    while ((attempts[from]?.startMs ?? attempt.startMs) <= attempt.startMs - windowMs) from++
    if (to + 1 - from > best.length) best = attempts.slice(from, to + 1)
  })
  return best
}
