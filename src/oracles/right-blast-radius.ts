import { outageStretches, type Plan, type Span } from '../model/timeline.ts'
import { isProvidersFailure, surfaceOf, surfacesUsed } from './attempts.ts'
import { evidenceOf, sayCount, sayMs } from './finding.ts'
import { defineOracle, severityOf, severityParam } from './oracle.ts'
import type { AttemptRecord, JournalView } from './view.ts'

const windowMs = 60_000
const fewest = 20
const times = 3

const advice =
  'Something else came back, and the app took it for the provider: a health check on the status page, on a list of models or on the ' +
  'website says nothing of whether a message will be answered. Keep one breaker for each surface (and model) and let only an answer of ' +
  'that surface close it; a probe should be the smallest real request.'

/** In a staged restore the chat, the models list or the status page come back first. */
export const rightBlastRadius = defineOracle({
  id: 'right-blast-radius',
  code: 'C5',
  says: 'That one surface is back is not taken for a sign that another is.',
  kind: 'safety',
  byDefault: true,
  params: { severity: severityParam },
  notes: {
    needs: 'the wire',
    judges:
      'Where a surface that the app looks at heals while another one is still down: attempts at the latter in the minute after. They are ' +
      `a finding when there are ${times} times as many as in the minute before, ${fewest} at the least, and nine of ten fail.`,
    vacuous: 'no surface that the app uses came back while another one that it uses was down',
    source:
      'Three times is far above what chance does to twenty attempts; the statuses of a staged restore are part of ' +
      'the scenario.',
    change: advice,
  },
  judge(view, params, plan) {
    const stages = stagesOf(view, plan)
    const rushed = stages.filter(
      ({ before, after }) =>
        after.length >= fewest &&
        after.length >= times * Math.max(1, before.length) &&
        after.filter(isProvidersFailure).length >= 0.9 * after.length,
    )
    return {
      examined: stages.reduce((sum, { before, after }) => sum + before.length + after.length, 0),
      ...(stages.length === 0 && {
        vacuous: 'no surface that the app uses came back while another one that it uses was down',
      }),
      findings: rushed.map(({ healed, healedMs, surface, before, after }) => ({
        severity: severityOf(params),
        phase: view.phaseAt(healedMs),
        message:
          `when ${healed} came back at ${sayMs(healedMs)}, the app sent ${sayCount(after.length, 'attempt')} in a minute to ${surface}, which was ` +
          `still down (${before.length} in the minute before)`,
        evidence: evidenceOf(after.map(({ id }, i) => ({ id, phase: '', weight: -i }))),
        advice,
      })),
    }
  },
})

interface Stage {
  readonly healed: string
  readonly healedMs: number
  readonly surface: string
  readonly before: readonly AttemptRecord[]
  readonly after: readonly AttemptRecord[]
}

function stagesOf(view: JournalView, plan: Plan): readonly Stage[] {
  const used = [...surfacesUsed(view)]
  const outages = new Map(used.map(name => [name, outageStretches(plan, name, { limits: false })]))
  const isDownAround = (spans: readonly Span[], t: number) =>
    spans.some(({ startMs, endMs }) => startMs <= t - windowMs && endMs >= t + windowMs)
  return used.flatMap(healed =>
    (outages.get(healed) ?? []).flatMap(({ endMs: healedMs }) =>
      used
        .filter(surface => surface !== healed && isDownAround(outages.get(surface) ?? [], healedMs))
        .map(surface => {
          const theirs = view.attempts.filter(attempt => surfaceOf(attempt) === surface)
          const between = (from: number, to: number) => theirs.filter(({ startMs }) => startMs >= from && startMs < to)
          return {
            ...{ healed, healedMs, surface },
            before: between(healedMs - windowMs, healedMs),
            after: between(healedMs, healedMs + windowMs),
          }
        }),
    ),
  )
}
