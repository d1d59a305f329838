import { formatDuration } from '../lib/duration.ts'
import type { Expectation, Scenario } from '../model/scenario.ts'
import { isRepeat } from '../model/scenario.ts'
import type { Plan } from '../model/timeline.ts'
import type { Catalogue } from '../scenario/index.ts'
import { matrixTexts, stopText, workloadTexts } from './asked-text.ts'
import { faultText, limitText, paramsText } from './entry-text.ts'
import { capacityText, eventText, instantText, ownSurfaceText, statusText } from './happenings.ts'
import { type Paint, painter } from './paint.ts'
import { scenarioPicture } from './scenario-picture.ts'
import { spell, table, wrap } from './text.ts'

export interface ScenarioPageOptions {
  readonly color: boolean
  /** Columns of the page. */
  readonly width: number
  /** Tells which parameters are durations and shares. */
  readonly catalogue: Catalogue
}

/** A scenario for a person: what it tells, its timeline per surface, its phases, and what a client is expected to do. */
export function scenarioPage(plan: Plan, options: ScenarioPageOptions): string {
  const { scenario } = plan
  const paint = painter(options.color)
  const sections = [
    headLines(plan, paint, options.width),
    scenarioPicture(plan, paint, options.width),
    phaseLines(plan, paint, options),
    trackLines(scenario, options),
    happenings(scenario, options),
    expectLines(scenario, options),
  ]
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

function headLines(plan: Plan, paint: Paint, width: number): string[] {
  const { scenario } = plan
  const { basis } = scenario
  const list = (name: string, items: readonly string[] | undefined) =>
    items?.length ? [`${name}:`, ...items.flatMap(item => bullet(item, width))] : []
  const title = scenario.title ? `${scenario.title} (${scenario.id})` : scenario.id
  const facts = [
    spell(plan.lengthMs),
    basis?.precedent && `precedent ${basis.precedent}`,
    scenario.needs?.client && `needs the client ${scenario.needs.client}`,
    scenario.tags?.length && `tags ${scenario.tags.join(', ')}`,
  ]
  return [
    ...wrap(title, { width }).map(line => paint('bold', line)),
    ...wrap(facts.filter(Boolean).join(', '), { width }),
    ...list('facts', basis?.facts),
    ...list('assumed', basis?.assumed),
    ...list('sources', basis?.sources),
  ]
}

function bullet(text: string, width: number): string[] {
  return wrap(text, { width: width - 2, indent: '  ' }).map((line, i) =>
    i === 0 ? `  - ${line.trimStart()}` : `  ${line}`,
  )
}

/** One row a phase of the file; a repeated block says so once. */
function phaseLines(plan: Plan, paint: Paint, { catalogue, width }: ScenarioPageOptions): string[] {
  const rows = plan.scenario.phases.flatMap(item => {
    const times = isRepeat(item) ? ` (${item.repeat.times} times)` : ''
    return (isRepeat(item) ? item.repeat.phases : [item]).flatMap(phase => {
      const startMs = plan.phases.find(planned => planned.name === phase.name)?.startMs ?? 0
      const first = [phase.name, formatDuration(startMs), `${formatDuration(phase.for)}${times}`]
      const faults = (phase.faults ?? []).map(entry => faultText(entry, catalogue))
      const what = [...faults, ...(phase.limits ?? []).map(limitText), ...(phase.capacity ?? []).map(capacityText)]
      const note = phase.note === undefined ? [] : [`# ${phase.note}`]
      return [...(what.length === 0 ? ['nothing fails'] : what), ...note].map((text, i) => [
        ...(i === 0 ? first : ['', '', '']),
        text,
      ])
    })
  })
  const [head = '', ...rest] = hang([['phase', 'start', 'length', 'what fails'], ...rows], width)
  return [paint('dim', head), ...rest]
}

/** A table whose last column wraps within `width`. */
function hang(rows: readonly (readonly string[])[], width: number): string[] {
  const before = table(rows.map(row => row.slice(0, -1)).map(row => [...row, '']))
  const indent = Math.max(...before.map(line => line.length)) + 2
  return rows.flatMap((row, i) =>
    wrap(row.at(-1) ?? '', { width: Math.max(30, width - indent - 2) }).map(
      (text, k) => (k === 0 ? (before[i] ?? '').padEnd(indent) : ' '.repeat(indent)) + (k === 0 ? text : `  ${text}`),
    ),
  )
}

function trackLines(scenario: Scenario, { catalogue, width }: ScenarioPageOptions): string[] {
  const tracks = (scenario.faults ?? []).flatMap(track =>
    bullet(`${instantText(track.from)} to ${instantText(track.until)}: ${faultText(track, catalogue)}`, width),
  )
  return tracks.length > 0 ? ['across phases:', ...tracks] : []
}

/** What goes on beside the faults: what the provider can serve, what its page says, what befalls the app. */
function happenings(scenario: Scenario, { width }: ScenarioPageOptions): string[] {
  const list = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? [title, ...lines.flatMap(line => bullet(line, width))] : []
  return [
    ...list('in every phase:', (scenario.capacity ?? []).map(capacityText)),
    ...list(
      'own surfaces:',
      Object.entries(scenario.surfaces ?? {}).map(([name, own]) => ownSurfaceText(name, own)),
    ),
    ...list(
      'status page:',
      (scenario.status_page ?? []).map(update => `${instantText(update.at)}: ${statusText(update)}`),
    ),
    ...list(
      'on the client side:',
      (scenario.events ?? []).map(event => `${instantText(event.at)}: ${eventText(event)}`),
    ),
    ...list('asked of the app:', workloadTexts(scenario.workload)),
    ...list('the run stops at:', (scenario.stop_when ?? []).map(stopText)),
    ...list('a run for each of:', matrixTexts(scenario.matrix)),
  ]
}

function expectLines(scenario: Scenario, { catalogue, width }: ScenarioPageOptions): string[] {
  const expect = (scenario.expect ?? []).flatMap(entry => bullet(expectText(entry, catalogue), width))
  return expect.length > 0 ? ['expected:', ...expect] : []
}

function expectText({ oracle, off, params, during, of }: Expectation, catalogue: Catalogue): string {
  if (off) return `${oracle}: not judged`
  const among = Object.entries(of ?? {}).map(
    ([name, value]) => `${name} ${Array.isArray(value) ? value.join('|') : value}`,
  )
  const parts = [
    paramsText(params ?? {}, catalogue.oracles.get(oracle)?.params),
    during && `during ${during.join(', ')}`,
    among.length > 0 && `of ${among.join(', ')}`,
  ]
  const rest = parts.filter(Boolean).join('; ')
  return rest ? `${oracle}: ${rest}` : oracle
}
