import { outageStretches } from '../model/timeline.ts'
import { surfaceOf } from './attempts.ts'
import { chainsOf } from './chains.ts'
import { evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord } from './view.ts'

const fewest = 100
const fewestLaps = 5
// Timers that people choose, and that crons and breakers have.
const periods = [5, 10, 15, 20, 30, 40, 45, 60, 90, 120, 300].map(seconds => seconds * 1_000)
const alpha = 1e-6

const advice =
  'One timer wakes them all: a cron job, a poll on the full minute, a breaker shared by everybody, or a wait for the same reset time. ' +
  'Give each waiting call a timer of its own with a random part, and let a cron job spread what it starts over the whole interval.'

/** Names the beat behind a herd: how strongly retries keep to one period of the clock. */
export const synchronisation = defineOracle({
  id: 'synchronisation',
  code: 'H2',
  says: 'Retries of different calls keep no common beat.',
  kind: 'statistical',
  byDefault: true,
  params: {
    // Measured: no jitter 1.00, the SDK in a loop of 30 s 0.99, full jitter 0.15 to 0.18.
    above: { kind: 'number', says: 'strength of the beat, 0 to 1, that is a finding', default: 0.5, min: 0, max: 1 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      'In the outages of each surface that last two laps or more, the retries on a circle for each of some usual periods: the length of their mean vector (Rayleigh). ' +
      `Above the threshold, and above what chance gives, it is a beat; ${fewest} retries over ${fewestLaps} laps are needed, none of the laps ` +
      'with more than 40 % of them.',
    vacuous: `fewer than ${fewest} retries in the outages of a surface, or too few laps`,
    source:
      'Simulated: no jitter 1.00, the SDK within a fixed loop 0.99, full jitter 0.15 to 0.18. Chance: exp(-n·R²) ' +
      'below one in a million.',
    change: advice,
  },
  judge(view, params, plan) {
    const bySurface = Map.groupBy(
      chainsOf(view).flatMap(({ attempts }) => attempts.slice(1)),
      surfaceOf,
    )
    let examined = 0
    const beats = [...bySurface].flatMap(([surface, retries]) => {
      const stretches = outageStretches(plan, surface)
      // An outage that is shorter than two laps has a beat of its own.
      const inOutages = (period: number) => {
        const long = stretches.filter(({ startMs, endMs }) => endMs - startMs >= 2 * period)
        return retries.filter(({ startMs }) => long.some(span => startMs >= span.startMs && startMs < span.endMs))
      }
      const judged = periods
        .map(period => ({ surface, period, retries: inOutages(period) }))
        .filter(one => one.retries.length >= fewest && isSpread(one.retries, one.period))
      examined += Math.max(0, ...judged.map(one => one.retries.length))
      const strongest = judged
        .map(one => ({ ...one, strength: strengthOf(one.retries, one.period) }))
        // A beat of 20 s is one of 10 s and 5 s, too: the longest is its name.
        .sort((a, b) => b.period - a.period)
        .find(one => one.strength > Math.max(params.number('above'), chanceOf(one.retries.length)))
      return strongest ? [strongest] : []
    })
    return {
      examined,
      ...(examined === 0 && { vacuous: `fewer than ${fewest} retries over ${fewestLaps} laps of any period` }),
      findings: beats.map(({ surface, period, retries, strength }) => ({
        severity: severityOf(params),
        phase: retries[0]?.started.phase ?? '',
        message:
          `${sayCount(retries.length, 'retry', 'retries')} to ${surface} keep a beat of ${sayMs(period)} (strength ` +
          `${Math.round(strength * 100) / 100} of 1; without one it would be below ` +
          `${Math.round(chanceOf(retries.length) * 100) / 100})`,
        evidence: evidenceOf(retries.slice(0, 10).map(({ id }, i) => ({ id, phase: '', weight: -i }))),
        advice,
      })),
    }
  },
})

/** Enough laps, and none of them with nearly all. */
function isSpread(retries: readonly AttemptRecord[], period: number): boolean {
  const laps = new Map<number, number>()
  for (const { startMs } of retries) {
    const lap = Math.floor(startMs / period)
    laps.set(lap, (laps.get(lap) ?? 0) + 1)
  }
  return laps.size >= fewestLaps && Math.max(...laps.values()) <= 0.4 * retries.length
}

/** The strength that chance alone gives `n` retries at one of the periods once in a million. */
function chanceOf(n: number): number {
  return Math.sqrt(Math.log(periods.length / alpha) / n)
}

function strengthOf(retries: readonly AttemptRecord[], period: number): number {
  let x = 0
  let y = 0
  for (const { startMs } of retries) {
    const angle = (2 * Math.PI * startMs) / period
    x += Math.cos(angle)
    y += Math.sin(angle)
  }
  return Math.hypot(x, y) / retries.length
}
