import { ordinal, ownDelays, variation } from './delays.ts'
import { evidenceOf, sayCount, sayMs, sayShare } from './finding.ts'
import { defineOracle } from './oracle.ts'

// At 20 delays good jitter is misjudged once in 30 times, at 200 never in 100,000.
const fewest = 200
// What is asked again at once has no delay that could vary.
const shortestMs = 100

const advice =
  'All clients that failed together come back together, again and again, since they wait for the same time. Draw each delay at random: ' +
  'full jitter takes any time between zero and the ceiling (in p-retry `randomize: true`, in cockatiel an exponential or decorrelated ' +
  'generator). The SDK varies its own delays by a quarter, which is little; a source of chance seeded alike everywhere is none.'

/** By the spread of delays that should be alike: those before the same retry. */
export const jitterPresent = defineOracle({
  id: 'jitter-present',
  code: 'A7',
  says: 'The delays before retries are drawn at random.',
  kind: 'statistical',
  byDefault: true,
  params: {
    // Measured: full jitter 0.58, equal jitter 0.19, ±20 % 0.12, the SDK 0.08, ±10 % 0.06, none 0.
    warn_below: {
      kind: 'number',
      says: 'variation (deviation by mean) that is worth a warning',
      default: 0.15,
      min: 0,
    },
    fail_below: { kind: 'number', says: 'variation that fails the run; never when absent', min: 0 },
  },
  notes: {
    needs: 'the wire',
    judges:
      `The coefficient of variation of the delays before the n-th retry, for each n with ${fewest} delays of ${shortestMs} ms or more on ` +
      'average. Delays after a `retry-after` do not count.',
    vacuous: `fewer than ${fewest} retries of the same number waited by themselves`,
    source:
      'Simulated: full jitter 0.58, equal jitter 0.19, ±20 % (gRPC) 0.12, the SDK’s quarter 0.08, ±10 % 0.06. With 200 delays none of ' +
      'these was on the wrong side of 0.15 or 0.05 in 100,000 trials.',
    change: advice,
  },
  judge(view, params) {
    const failBelow = params.optionalNumber('fail_below') ?? Number.NEGATIVE_INFINITY
    const judged = ownDelays(view).flatMap((list, i) => {
      const values = list.map(({ ms }) => ms)
      const meanMs = values.reduce((sum, ms) => sum + ms, 0) / values.length
      if (values.length < fewest || meanMs < shortestMs) return []
      return [{ n: i + 1, list, meanMs, spread: variation(values) }]
    })
    const [worst] = judged.toSorted((a, b) => a.spread - b.spread)
    const examined = judged.reduce((sum, { list }) => sum + list.length, 0)
    const isStiff = worst && worst.spread < Math.max(failBelow, params.number('warn_below'))
    return {
      examined,
      ...(examined === 0 && { vacuous: `fewer than ${fewest} retries of the same number waited by themselves` }),
      findings: isStiff
        ? [
            {
              severity: worst.spread < failBelow ? 'fail' : 'warn',
              phase: worst.list[0]?.retry.started.phase ?? '',
              message:
                `before the ${ordinal(worst.n)} retry ${sayCount(worst.list.length, 'call')} waited ${sayMs(worst.meanMs)}, give or take ` +
                `${sayShare(worst.spread)}; full jitter varies by 58%`,
              evidence: evidenceOf(worst.list.map(({ retry }) => ({ id: retry.id, phase: '', weight: 0 }))),
              advice,
            },
          ]
        : [],
    }
  },
})
