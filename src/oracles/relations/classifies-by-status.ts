import { severityOf, strictParam, vacuous } from '../oracle.ts'
import { judgeSame, namesOf } from './differing.ts'
import { type Base, defineRelation, type OddBody, type Twin } from './relation.ts'
import { bare } from './scenario-edits.ts'

const advice =
  'In an outage errors do not come from the API but from what stands in front of it, as HTML, as a line of text or with no body at all; ' +
  'these are told otherwise than the same status with a JSON body. Classify by the status, and read a type out of the body only where there ' +
  'is one to read: a parser of error bodies must not throw, and must not make a fatal error of one that passes.'

/** The same error in other clothes. */
export const classifiesByStatus = defineRelation({
  id: 'classifies-by-status',
  code: 'M9',
  says: 'An error is the same error whatever its body is.',
  params: { severity: strictParam },
  notes: {
    needs: 'the wire, and four runs more',
    judges:
      'The same run with JSON, with HTML, with a line of text and with nothing as the body of every 429 and 5xx: each task has the same outcome and the ' +
      'same attempts, and its first one begins at the same time, to a second.',
    vacuous: 'no attempt was answered with a 429 or a 5xx',
    source: 'No tolerance but the second.',
    change: advice,
  },
  twins: clothes,
  compare(base, [plain, ...odd], params) {
    if (!plain) return vacuous('no attempt was answered with a 429 or a 5xx')
    const names = namesOf(clothes(base)).slice(1)
    return judgeSame({ base: plain, runs: odd, names, severity: severityOf(params), advice })
  },
})

function clothes({ scenario, view }: Base): readonly Twin[] | string {
  const hasErrors = view.attempts.some(
    ({ started, headers }) => started.effect === 'answer' && (headers?.status === 429 || (headers?.status ?? 0) >= 500),
  )
  if (!hasErrors) return 'no attempt was answered with a 429 or a 5xx'
  const twin = (bodies: OddBody, name: string): Twin => ({ name, scenario: bare(scenario), bodies })
  return [
    twin('json', 'with errors that are JSON'),
    twin('html', 'with errors that are HTML'),
    twin('text', 'with errors that are a line of text'),
    twin('empty', 'with errors that have no body'),
  ]
}
