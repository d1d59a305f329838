import type { EntryLanding } from '../../model/landing.ts'
import { isRepeat } from '../../model/scenario.ts'
import type { Finding, OracleResult } from '../../oracles/oracle.ts'
import type { FullCatalogue } from '../../run/catalogue.ts'
import type { RunResult } from '../../run/result.ts'
import { pictureEnd } from '../axis.ts'
import { type JsonPhase, jsonPhases } from '../phases.ts'
import type { RecordedRun } from '../recorded/recorded-run.ts'
import type { Section } from '../section.ts'
import { count, percent, plural, sentence, spell } from '../text.ts'
import { type Figure, impactOf, isBad } from './impact.ts'
import { surprises, wentWell } from './lessons.ts'
import { noted, notedActions } from './noted.ts'
import { type StatusTrack, statusTracks } from './status-track.ts'
import { type Moment, timelineOf } from './timeline.ts'

/** All that a report after an incident says, in the order in which people expect it; how it looks is for others to say. */
export interface PostIncident {
  readonly run: RecordedRun
  readonly title: string
  /** `simulation`, or `drill` of a live app, or `game day` where people had parts in it. */
  readonly kind: 'simulation' | 'drill' | 'game day'
  /** What it was made with, as pairs. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  /** A paragraph each. */
  readonly summary: readonly string[]
  readonly impact: readonly Figure[]
  readonly findings: readonly NumberedFinding[]
  readonly phases: readonly JsonPhase[]
  readonly landing: readonly EntryLanding[]
  readonly status: readonly StatusTrack[]
  readonly timeline: readonly Moment[]
  readonly wentWell: readonly string[]
  readonly surprised: readonly string[]
  /** What people asked in their notes. */
  readonly questions: readonly string[]
  readonly actions: readonly Action[]
  /** What others than this report have to say, below its pictures. */
  readonly sections: readonly Section[]
  /** Checks that had nothing to look at. */
  readonly notJudged: readonly OracleResult[]
  /** The end of the pictures, ms. */
  readonly endMs: number
}

/** A finding by the number that `--finding` takes. */
export interface NumberedFinding {
  readonly number: number
  readonly finding: Finding
}

export interface Action {
  readonly what: string
  /** The check that found it, or who noted it. */
  readonly from: string
  /** The findings that ask for it. */
  readonly findings: readonly number[]
  /** Empty for people to name, as is `due`. */
  readonly owner: string
  /** A date, `2026-12-24`. */
  readonly due: string
}

/** Makes the report of a run told by its journal, with what others have made of it in `sections`. Pure. */
export function postIncident(
  run: RecordedRun,
  catalogue: FullCatalogue,
  sections: readonly Section[] = [],
): PostIncident {
  const { result, view } = run
  const { plan } = result
  const findings = result.findings.map((finding, i) => ({ number: i + 1, finding }))
  const endMs = pictureEnd(plan, view.endMs)
  const status = statusTracks(plan, { endMs })
  const healed = { name: 'healed', startMs: plan.lengthMs, endMs: Math.max(plan.lengthMs, view.endMs) }
  // A phase that nobody lived to see has nothing to show.
  const spans = [...plan.phases, healed].filter(({ startMs, endMs: end }) => startMs <= view.endMs && end > startMs)
  return {
    run,
    title: result.scenario.title ?? result.scenario.id,
    kind: result.engine === 'msw' ? 'simulation' : result.scenario.game_day ? 'game day' : 'drill',
    facts: factsOf(run),
    summary: summaryOf(run),
    impact: impactOf(run),
    findings,
    phases: jsonPhases(
      view,
      spans.map(span => ({ ...span, endMs: Math.min(span.endMs, Math.max(view.endMs, span.startMs)) })),
    ),
    landing: result.faults,
    status,
    timeline: timelineOf(run, catalogue),
    wentWell: wentWell(run, catalogue),
    surprised: [...surprises(run, status), ...noted(run.events, 'surprise')],
    questions: noted(run.events, 'question'),
    // What those who were there noted is meant for this app.
    actions: [...notedActions(run.events), ...actionsOf(findings)],
    sections,
    notJudged: result.oracles.filter(({ status: judged }) => judged === 'vacuous'),
    endMs,
  }
}

function factsOf({ result, started, speed, isSteered }: RecordedRun): PostIncident['facts'] {
  const versions = Object.entries(started.versions ?? {}).map(([name, version]) => `${name} ${version}`)
  return [
    ['scenario', result.scenario.id],
    ['client', result.client],
    ['engine', engineText(result.engine)],
    ['seed', String(result.seed)],
    ['length', `${spell(result.simulatedMs)} of the scenario’s time`],
    ...(speed === 1 ? [] : ([['speed', `${count(speed)} times`]] as const)),
    ...(isSteered ? ([['timeline', 'people moved it, or injected faults']] as const) : []),
    ['written by', [`blackstart ${started.blackstart}`, ...versions].join(', ')],
    ['journal', result.journalHash.slice(0, 16)],
  ]
}

function engineText(engine: string): string {
  return engine === 'msw' ? 'simulated in one process (msw)' : engine
}

function summaryOf({ result, view, isTorn }: RecordedRun): readonly string[] {
  const { plan, scenario } = result
  const { tasks, attempts, calls } = view
  const laps = plan.phases.length
  const what = result.engine === 'msw' ? 'went through a simulation of' : 'went through a drill of'
  const base = scenario.basis?.precedent === undefined ? '' : `, after ${scenario.basis.precedent}`
  const phases = plural(scenario.phases.flatMap(item => (isRepeat(item) ? item.repeat.phases : [item])).length, 'phase')
  const times = laps > scenario.phases.length ? ` (${count(laps)} with all laps)` : ''
  const first = `${result.client} ${what} “${scenario.title ?? scenario.id}”${base}: ${phases}${times} over ${spell(Math.min(plan.lengthMs, Math.max(view.endMs, 0)))}.`
  const bad = tasks.filter(isBad).length
  const users =
    tasks.length === 0
      ? `It made ${plural(attempts.length, 'request')}; no task of its users is in the journal.`
      : `Of ${plural(tasks.length, 'task')}, ${count(tasks.length - bad)} (${percent((tasks.length - bad) / tasks.length)}) ended in an answer or an honest stand-in, and ${count(bad)} did not; ${plural(attempts.length, 'request')} went out for ${plural(calls.length, 'call')}.`
  return [
    first,
    users,
    verdictText(result),
    ...(isTorn ? ['The journal has no end, so this is not the whole of it.'] : []),
  ]
}

function verdictText({ verdict, reason, findings }: RunResult): string {
  const [worst] = findings.filter(({ accepted }) => !accepted)
  const words = { pass: 'It passed', fail: 'It failed', inconclusive: 'It is inconclusive' }
  const first =
    worst === undefined
      ? ''
      : ` ${worst.severity === 'fail' ? 'Above all' : 'A warning'}: in ${worst.phase}, ${sentence(worst.message)}`
  return `${words[verdict]}. ${sentence(reason)}${first}`
}

/** Findings of one oracle ask for the same: one action. What is accepted asks for nothing. */
function actionsOf(findings: readonly NumberedFinding[]): readonly Action[] {
  const byAdvice = new Map<string, NumberedFinding[]>()
  for (const one of findings) {
    if (one.finding.accepted) continue
    const known = byAdvice.get(one.finding.advice)
    if (known) known.push(one)
    else byAdvice.set(one.finding.advice, [one])
  }
  return [...byAdvice].map(([what, of]) => ({
    what,
    from: of[0]?.finding.oracle ?? '',
    findings: of.map(({ number }) => number),
    ...{ owner: '', due: '' },
  }))
}
