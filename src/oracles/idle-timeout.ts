import { byPhase, evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord, JournalView } from './view.ts'

const advice =
  'The connection is open and nothing will ever come. The SDK’s `timeout` ends with the headers, so that only Node’s fetch notices a ' +
  'silent body, after 300 s. Start a timer anew with every event, abort the stream when it has run for some 30 s, and treat that as a ' +
  'failure that may be retried. Pings tell that the connection lives, not that the answer does.'

/** By ground truth: these streams were made to fall silent for good. */
export const idleTimeout = defineOracle({
  id: 'idle-timeout',
  code: 'X4',
  says: 'A stream that has fallen silent is given up within a minute.',
  kind: 'safety',
  byDefault: true,
  params: {
    within: {
      kind: 'duration',
      says: 'time from the headers to giving up on a stream that stalls',
      default: 60_000,
      min: 1,
    },
    pings: { kind: 'boolean', says: 'whether pings alone are silence, too', default: false },
    severity: severityParam,
  },
  notes: {
    needs: 'the wire',
    judges:
      'Attempts whose body stalls by a fault of the scenario and did not go on in time: time from their headers to their end. The time before ' +
      'the silence counts as well, which is a few seconds. A stream of nothing but pings counts only where `pings` ' +
      'says so.',
    vacuous: 'no answer stalled after its headers',
    source:
      'A minute without a byte is longer than any pause of a healthy stream, which is kept up by pings. Node’s own ' +
      'limit is 300 s.',
    change: advice,
  },
  judge(view, params) {
    const withinMs = params.number('within')
    const stalled = view.attempts.filter(attempt => hasStalled(attempt, params.flag('pings')))
    const long = stalled.flatMap(attempt => {
      const silentMs = silenceOf(attempt, view)
      return silentMs > withinMs + 1_000 ? [{ id: attempt.id, phase: attempt.started.phase, weight: silentMs }] : []
    })
    return {
      examined: stalled.length,
      ...(stalled.length === 0 && { vacuous: 'no answer stalled after its headers' }),
      findings: byPhase(long).map(group => ({
        severity: severityOf(params),
        phase: group[0].phase,
        message:
          `${sayCount(group.length, 'stalled answer')} of ${stalled.length} held for more than ${sayMs(withinMs)}; ${group[0].id} for ` +
          `${sayMs(group[0].weight)}`,
        evidence: evidenceOf(group),
        advice,
      })),
    }
  },
})

function hasStalled({ headers, headersMs, started, ended }: AttemptRecord, withPings: boolean): boolean {
  if (!headers || headersMs === undefined || started.effect !== 'stall') return false
  if (started.fault === 'ping-only' && !withPings) return false
  return ended?.outcome !== 'ok' && ended?.outcome !== 'process-gone'
}

function silenceOf({ headersMs = 0, endMs }: AttemptRecord, view: JournalView): number {
  return (endMs ?? view.endMs) - headersMs
}
