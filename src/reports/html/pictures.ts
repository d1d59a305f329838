import type { Plan } from '../../model/timeline.ts'
import type { PostIncident } from '../post-incident/document.ts'
import {
  attemptBands,
  type Band,
  type Bins,
  binOf,
  mostOpen,
  type OpenWork,
  openJobs,
  openTasks,
  taskBands,
} from '../post-incident/series.ts'
import { truthText } from '../post-incident/status-track.ts'
import { marksOf } from '../post-incident/timeline.ts'
import { count, instant, percent } from '../text.ts'
import { legend, stackedBars, steps } from './bars.ts'
import { faultLanes, statusLanes } from './lanes.ts'
import { markBands } from './mark-lanes.ts'
import { type Html, html } from './markup.ts'
import type { Scene } from './plot.ts'
import { dataTable, scrolled } from './table.ts'

/** However long the journal, so many bars are drawn. */
const barsDrawn = 120

/** The run against time, a figure each, and under each the same as a table. */
export function pictures({ run, endMs, status }: PostIncident): Html {
  const { view, result } = run
  const scene = { plan: result.plan, endMs }
  const bins: Bins = { startMs: 0, endMs, count: barsDrawn }
  const spans = spansOf(result.plan, endMs)
  const marks = marksOf(run.events)
  const attempts = attemptBands(view.attempts, bins)
  const tasks = taskBands(view.tasks, bins)
  const early =
    view.endMs < result.plan.lengthMs
      ? ` It ended at ${instant(view.endMs)}, and what was still to come is not drawn.`
      : ''
  const cut = view.endMs > endMs ? ` The quiet rest, until ${instant(view.endMs)}, is not drawn.` : ''
  return html`
${figure('Phases and faults', faultLanes(scene, view, marks), {
  caption: `The stronger its colour, the larger the share of requests that fails; rate limits and bounded capacity have a colour of their own.${early}${marks.length > 0 ? ' Below are marks, and what people were told and noted; the timeline has them in words.' : ''}`,
  ...(marks.length > 0 && { legend: legend(markBands(marks)) }),
})}
${
  attempts.length > 0 &&
  figure(
    'Requests',
    stackedBars(scene, {
      id: 'attempts',
      title: 'Requests over time, by what became of them',
      says: saysOf(attempts, 'requests'),
      bins,
      bands: attempts,
      unit: 'requests',
    }),
    {
      caption: `By when they were sent.${cut}`,
      legend: legend(attempts),
      table: bandTable('Requests by phase', attempts, spans, bandIn(view.attempts, attemptBands, spans)),
    },
  )
}
${
  tasks.length > 0 &&
  figure(
    'Tasks',
    stackedBars(scene, {
      id: 'tasks',
      title: 'Tasks over time, by how they ended',
      says: saysOf(tasks, 'tasks'),
      bins,
      bands: tasks,
      unit: 'tasks',
    }),
    {
      caption: 'What users asked for, by when it was settled.',
      legend: legend(tasks),
      table: bandTable('Tasks by phase', tasks, spans, bandIn(view.tasks, taskBands, spans)),
    },
  )
}
${openFigure(scene, { name: 'Open tasks', unit: 'tasks', work: openTasks(view.tasks), bins, spans })}
${openFigure(scene, { name: 'Open jobs', unit: 'jobs', work: openJobs(view.jobs), bins, spans })}
${
  status.length > 0 &&
  figure('Status page', statusLanes(scene, status), {
    caption:
      'Of each surface, the upper bar is what was so, by the scenario’s faults and limits, and the lower one what the page said.',
    table: dataTable(
      'The status page against the truth',
      ['surface', 'from', 'to', 'what was so', 'what the page said', 'agrees'],
      status.flatMap(({ surface, stretches }) =>
        stretches.map(one => [
          surface,
          instant(one.startMs),
          instant(one.endMs),
          truthText(one),
          one.said.replaceAll('_', ' '),
          one.agrees,
        ]),
      ),
    ),
  })
}`
}

interface Open {
  readonly name: string
  readonly unit: 'tasks' | 'jobs'
  readonly work: readonly OpenWork[]
  readonly bins: Bins
  readonly spans: readonly NamedSpan[]
}

const waiting = { tasks: 'How many users were waiting.', jobs: 'How much background work was not done yet.' } as const

/** What piled up. */
function openFigure(scene: Scene, { name, unit, work, bins, spans }: Open): Html | undefined {
  if (work.length === 0) return undefined
  const open = mostOpen(work, bins)
  const picture = steps(scene, {
    id: `open-${unit}`,
    title: `${name} at once`,
    says: `At most ${count(Math.max(...open))} ${unit} were open at once.`,
    ...{ bins, values: open, unit: 'open', color: 'blue' },
  })
  const rows = spans.map(({ name: phase, startMs, endMs }) => [phase, count(mostIn(open, bins, startMs, endMs))])
  return figure(name, picture, {
    caption: waiting[unit],
    table: dataTable(`The most ${unit} open in each phase`, ['phase', 'most open'], rows, [1]),
  })
}

interface Beside {
  readonly caption: string
  readonly legend?: Html
  readonly table?: Html
}

function figure(name: string, picture: Html, { caption, legend: colors, table }: Beside): Html {
  return html`<figure><figcaption><h3>${name}</h3><p class="soft">${caption}</p></figcaption>
${picture}${colors}
${table && html`<details><summary>${name} as a table</summary>${scrolled(`${name} as a table`, table)}</details>`}</figure>`
}

function saysOf(bands: readonly Band[], unit: string): string {
  const all = bands.reduce((sum, { total }) => sum + total, 0)
  const parts = bands.map(({ label, total }) => `${label} ${count(total)} (${percent(total / all)})`)
  return `${count(all)} ${unit}: ${parts.join(', ')}.`
}

interface NamedSpan {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
}

/** The phases that were lived through, and what came after. */
function spansOf(plan: Plan, endMs: number): readonly NamedSpan[] {
  const healed = { name: 'healed', startMs: plan.lengthMs, endMs: Number.POSITIVE_INFINITY }
  return [...plan.phases, healed].filter(({ startMs }) => startMs < endMs)
}

/** How many of each band began in each phase. */
function bandIn<R extends { readonly startMs: number }>(
  records: readonly R[],
  bandsOf: (records: readonly R[], bins: Bins) => readonly Band[],
  spans: readonly NamedSpan[],
): (span: NamedSpan, id: string) => number {
  const whole: Bins = { startMs: 0, endMs: Number.MAX_SAFE_INTEGER, count: 1 }
  const bySpan = spans.map(({ startMs, endMs }) => {
    const inside = records.filter(record => record.startMs >= startMs && record.startMs < endMs)
    return new Map(bandsOf(inside, whole).map(({ id, total }) => [id, total]))
  })
  return (span, id) => bySpan[spans.indexOf(span)]?.get(id) ?? 0
}

function bandTable(
  caption: string,
  bands: readonly Band[],
  spans: readonly NamedSpan[],
  of: (span: NamedSpan, id: string) => number,
): Html {
  const rows = spans.map(span => [span.name, ...bands.map(({ id }) => count(of(span, id)))])
  return dataTable(
    caption,
    ['phase', ...bands.map(({ label }) => label)],
    rows,
    bands.map((_, i) => i + 1),
  )
}

function mostIn(open: readonly number[], bins: Bins, startMs: number, endMs: number): number {
  return Math.max(0, ...open.slice(binOf(bins, startMs), binOf(bins, Math.max(startMs, endMs - 1)) + 1))
}
