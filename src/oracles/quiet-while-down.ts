import { downStretches } from './down-stretches.ts'
import { evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle } from './oracle.ts'

const advice =
  'While a provider is down for good, every request only tells what is known. A breaker lets one probe through every half minute and ' +
  'answers the others at once. If there is one, look for what keeps it from acting: built anew for each request, keyed by the full URL, ' +
  'inside the retry loop, or never told of errors that a fallback catches.'

/** Only for apps that have promised it: an honest client without a breaker asks once for each task, all outage long. */
export const quietWhileDown = defineOracle({
  id: 'quiet-while-down',
  code: 'H4',
  says: 'While the provider is down, an instance sends it probes and little else.',
  kind: 'safety',
  byDefault: false,
  params: {
    // A breaker that detects within half a minute, and tries again every half minute.
    after: { kind: 'duration', says: 'time from the start of the outage to notice it', default: 30_000, min: 0 },
    every: { kind: 'duration', says: 'time between two probes of an instance', default: 30_000, min: 1_000 },
    of_tasks: { kind: 'share', says: 'retries allowed besides, as a share of the tasks begun', default: 0.1 },
    burst: { kind: 'number', says: 'attempts allowed besides', default: 10, min: 0 },
  },
  notes: {
    needs: 'the wire',
    judges:
      'For each instance and each outage in which nine of ten of its attempts fail: attempts begun after the time to notice. Allowed are ' +
      'one probe an interval, a share of the tasks begun, and a burst.',
    vacuous: 'no outage in which nine of ten attempts of an instance failed, twenty at the least',
    source:
      'Circuit breakers open for 5 s (Polly), 30 s (opossum) or 60 s (resilience4j) and then let one or a few ' +
      'probes through.',
    change: advice,
  },
  judge(view, params, plan) {
    const stretches = downStretches(view, plan, 20)
    const loud = stretches.flatMap(({ surface, instance, span, attempts }) => {
      const fromMs = span.startMs + params.number('after')
      const late = attempts.filter(({ startMs }) => startMs >= fromMs)
      const tasks = view.tasks.filter(
        ({ started, startMs }) => started.instance === instance && startMs >= fromMs && startMs < span.endMs,
      )
      const probes = Math.ceil((span.endMs - fromMs) / params.number('every'))
      const allowed = Math.ceil(probes + params.number('of_tasks') * tasks.length + params.number('burst'))
      return late.length > allowed ? [{ surface, instance, span, late, tasks: tasks.length, allowed }] : []
    })
    return {
      examined: stretches.length,
      ...(stretches.length === 0 && { vacuous: 'in no outage did nine of ten of an instance’s attempts fail' }),
      findings: loud.map(({ surface, instance, span, late, tasks, allowed }) => ({
        severity: 'fail' as const,
        phase: view.phaseAt(span.startMs),
        message:
          `instance ${instance} sent ${sayCount(late.length, 'attempt')} to ${surface} while it was down from ${sayMs(span.startMs)} to ` +
          `${sayMs(span.endMs)}, for ${sayCount(tasks, 'task')}; probes alone would be ${allowed} or fewer`,
        evidence: evidenceOf(late.map(({ id }, i) => ({ id, phase: '', weight: -i }))),
        advice,
      })),
    }
  },
})
