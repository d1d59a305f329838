import { plural } from '../../reports/text.ts'
import type { RunResult } from '../../run/result.ts'
import type { Hoped } from './deeds.ts'
import type { Score } from './score.ts'

/** What was believed, and what there is to decide by whether it was so. */
export interface Hypothesis {
  readonly says: string
  readonly evidence: readonly string[]
}

/** So many findings are told; the report has them all. */
const findingsAtMost = 5

export interface EvidenceOf {
  readonly result: RunResult
  readonly scores: readonly Score[]
  readonly measures: readonly Hoped[]
}

/** The hypothesis with its evidence: whether it held is for people to say. */
export function hypothesisOf({ result, scores, measures }: EvidenceOf): Hypothesis | undefined {
  const says = result.scenario.game_day?.hypothesis
  if (says === undefined) return undefined
  const { findings, oracles, faults } = result
  const figures = scores
    .filter(({ id, value }) => value !== undefined && telling.has(id))
    .map(({ what, text, from }) => `${what}: ${text} (${from})`)
  const expected = oracles.filter(({ named }) => named)
  const landed = faults.filter(({ status }) => status === 'landed').length
  return {
    says,
    evidence: [
      ...figures,
      ...measuresText(measures),
      ...(expected.length > 0
        ? [`expected of the app: ${expected.map(({ id, status }) => `${id} ${statuses[status]}`).join(', ')}`]
        : []),
      ...findings
        .slice(0, findingsAtMost)
        .map(({ oracle, phase, message }) => `found in ${phase}: ${message} (${oracle})`),
      ...(findings.length > findingsAtMost
        ? [`${plural(findings.length - findingsAtMost, 'more finding')} in the report`]
        : []),
      `faults and limits of the scenario that were felt: ${landed} of ${faults.length}`,
    ],
  }
}

const telling: ReadonlySet<string> = new Set([
  'user-visible-failures',
  'user-visible-minutes',
  'mitigated',
  'recovered',
  'fallback',
])

const statuses = { pass: 'held', fail: 'did not hold', warn: 'was near it', vacuous: 'could not be judged' } as const

function measuresText(measures: readonly Hoped[]): readonly string[] {
  const measured = measures.filter(({ state }) => state !== 'for people to say')
  if (measured.length === 0) return []
  const met = measured.filter(({ state }) => state === 'yes').length
  return [`measures of success that are measured: ${met} of ${measured.length} met`]
}
