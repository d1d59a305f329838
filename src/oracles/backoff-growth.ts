import { type Delay, ordinal, ownDelays, quantile } from './delays.ts'
import { evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'

// Below this a quantile says nothing.
const fewest = 30

const advice =
  'A provider that is down for long gets the same load in its tenth minute as in its first second. Double the ceiling of the delay ' +
  'with every failure (half a second, one, two, four …) up to some 30 or 60 s, and draw the delay below it at random. Where a loop ' +
  'is wrapped around the SDK, the SDK begins at half a second each time it is called: keep the backoff in one of the two.'

/** Of the distribution, never of a single call: with full jitter a later delay is often the shorter one. */
export const backoffGrowth = defineOracle({
  id: 'backoff-growth',
  code: 'A6',
  says: 'Each further retry waits longer than the one before it, up to a cap.',
  kind: 'statistical',
  byDefault: true,
  params: {
    grows_by: { kind: 'number', says: 'factor by which the long delays grow with each retry', default: 1.4, min: 1 },
    cap: { kind: 'duration', says: 'delay that need not grow any more', default: 30_000, min: 0 },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      `The 95th percentile of the delays before the n-th retry, over all calls, for each n with ${fewest} or more. The next one must be ` +
      'longer by the factor, unless the delays have nearly reached the cap. Delays after a `retry-after` are not the client’s own and do ' +
      'not count.',
    vacuous: `fewer than ${fewest} calls made two retries of their own accord`,
    source:
      'Exponential backoff with a cap, as in the simulator behind the AWS article on backoff and jitter: a factor of 2, and about 2.5 with ' +
      'decorrelated jitter. 1.4 leaves room for factors of 1.5.',
    change: advice,
  },
  judge(view, params) {
    const delays = ownDelays(view)
    const capMs = params.number('cap')
    const pairs = delays.flatMap((list, i) => {
      const next = delays[i + 1]
      return next && list.length >= fewest && next.length >= fewest ? [{ n: i + 1, list, next }] : []
    })
    const flat = pairs
      .map(pair => ({ ...pair, nowMs: longOf(pair.list), nextMs: longOf(pair.next) }))
      .find(({ nowMs, nextMs }) => nowMs < 0.9 * capMs && nextMs < Math.max(1, params.number('grows_by') * nowMs))
    const examined = pairs.reduce((sum, { next }) => sum + next.length, 0)
    return {
      examined,
      ...(examined === 0 && { vacuous: `fewer than ${fewest} calls made two retries of their own accord` }),
      findings: flat
        ? [
            {
              severity: severityOf(params),
              phase: flat.next[0]?.retry.started.phase ?? '',
              message:
                `the ${ordinal(flat.n + 1)} retry waits no longer than the ${ordinal(flat.n)}: 95% came within ${sayMs(flat.nextMs)}, and ` +
                `within ${sayMs(flat.nowMs)} before it (${sayCount(flat.next.length, 'call')} got that far)`,
              evidence: evidenceOf(flat.next.map(({ ms, retry }) => ({ id: retry.id, phase: '', weight: -ms }))),
              advice,
            },
          ]
        : [],
    }
  },
})

function longOf(list: readonly Delay[]): number {
  return quantile(
    list.map(({ ms }) => ms),
    0.95,
  )
}
