import { sayCount } from './finding.ts'
import { defineOracle } from './oracle.ts'

const advice =
  'Whoever runs that host can spend on your account. Set credentials on the client of each provider, never on a shared `fetch` or axios ' +
  'instance; make the fallback’s client with its own key and its own address, and drop `authorization` and `x-api-key` on a redirect.'

/** The conduct of every run holds the same; here it can be named, so that a run in which nobody was asked proves nothing. */
export const credentialIsolation = defineOracle({
  id: 'credential-isolation',
  code: 'F4',
  says: 'Each provider is sent its own key and no other’s.',
  kind: 'safety',
  byDefault: false,
  params: {},
  notes: {
    needs: 'the wire',
    judges:
      'Requests that carry another provider’s canary key, once for each key. Every run is judged by this as part of its conduct; naming ' +
      'it demands that at least two providers were asked.',
    vacuous: 'fewer than two providers were asked',
    source: 'No tolerance.',
    change: advice,
  },
  judge(view) {
    const leaks = view.notes.filter(({ kind }) => kind === 'key-leak')
    const providers = new Set(view.attempts.map(({ started }) => started.provider))
    const isJudged = leaks.length > 0 || providers.size >= 2
    const [first] = leaks
    return {
      examined: isJudged ? view.attempts.length : 0,
      ...(!isJudged && { vacuous: 'fewer than two providers were asked' }),
      findings: first
        ? [
            {
              severity: 'fail',
              phase: view.phaseAt(first.t),
              message: `${sayCount(leaks.length, 'key')} sent to the wrong provider: ${leaks.map(({ says }) => says).join(' ')}`,
              evidence: leaks.flatMap(({ task }) => (task === undefined ? [] : [task])).slice(0, 10),
              advice,
            },
          ]
        : [],
    }
  },
})
