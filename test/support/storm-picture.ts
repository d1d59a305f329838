import type { JournalEvent } from '../../src/journal/event.ts'
import { type Plan, plannedCapacity, plannedFaults, type Span } from '../../src/model/timeline.ts'
import type { RunResult } from '../../src/run/result.ts'

/** One client's run, and what it is called in the picture. */
export interface Panel {
  readonly title: string
  readonly result: RunResult
}

/** The scenario of the picture, and who goes through it: `test/docs/pictures.test.ts` keeps the file current. */
export const stormScenario = 'metastable-storm'
export const stormClients: Readonly<Record<string, string>> = {
  resilient: 'A breaker and at most three jittered attempts (resilient)',
  'bare-sdk': 'The SDK as it comes, three attempts a call (bare-sdk)',
  'retries-everything-ten-times': 'Ten retries around the SDK’s own (retries-everything-ten-times)',
}

const binMs = 30_000
const left = 56
const right = 20
const width = 760
const plotHeight = 150
const panelHeight = plotHeight + 46
const head = 62

/** What was asked and what was answered, per second and half minute. */
export interface Series {
  readonly offered: readonly number[]
  readonly goodput: readonly number[]
}

/** Attempts begun and tasks well ended from the first phase's start to `endMs`, per second. */
export function seriesOf(events: readonly JournalEvent[], endMs: number): Series {
  const count = (is: (event: JournalEvent) => boolean) => {
    const bins = Array.from({ length: Math.floor(endMs / binMs) }, () => 0)
    for (const event of events) {
      const bin = Math.floor(event.t / binMs)
      if (bin >= 0 && bin < bins.length && is(event)) bins[bin] = (bins[bin] ?? 0) + 1_000 / binMs
    }
    return bins
  }
  return {
    offered: count(event => event.type === 'attempt-started'),
    goodput: count(event => event.type === 'task-settled' && event.outcome === 'ok'),
  }
}

/** When something was wrong with the provider itself. */
export function triggerOf(plan: Plan): Span {
  const entries = [...plannedFaults(plan), ...plannedCapacity(plan)]
  return {
    startMs: Math.min(...entries.map(({ startMs }) => startMs)),
    endMs: Math.max(...entries.map(({ endMs }) => endMs)),
  }
}

/** An SVG of offered load and goodput, one panel a client, all on the same axes. */
export function stormPicture(panels: readonly Panel[]): string {
  const plan = panels[0]?.result.plan
  if (!plan) return ''
  const endMs = plan.lengthMs + plan.tailMs
  const series = panels.map(({ result }) => seriesOf(result.journal, endMs))
  const top = Math.ceil(Math.max(...series.flatMap(({ offered }) => offered)) / 4) * 4
  const height = head + panels.length * panelHeight + 26
  const x = (t: number) => round(left + (t / endMs) * (width - left - right))
  const trigger = triggerOf(plan)
  const panelSvg = ({ title }: Panel, i: number) => {
    const base = head + i * panelHeight + 24 + plotHeight
    const y = (value: number) => round(base - (value / top) * plotHeight)
    const { offered, goodput } = series[i] ?? { offered: [], goodput: [] }
    const ticks = Array.from({ length: top / 4 + 1 }, (_, n) => n * 4)
    return [
      `<text x="${left}" y="${base - plotHeight - 8}" class="title">${title}</text>`,
      `<rect x="${x(trigger.startMs)}" y="${base - plotHeight}" width="${round(x(trigger.endMs) - x(trigger.startMs))}" height="${plotHeight}" class="trigger"/>`,
      ...ticks.map(tick => `<path d="M${left} ${y(tick)}H${width - right}" class="grid"/>`),
      ...ticks.map(tick => `<text x="${left - 8}" y="${y(tick) + 4}" class="end">${tick}</text>`),
      `<path d="M${x(0)} ${y(0)}${steps(goodput, x, y)}V${y(0)}Z" class="goodput"/>`,
      `<path d="M${x(0)} ${y(offered[0] ?? 0)}${steps(offered, x, y)}" class="offered"/>`,
    ]
  }
  const base = head + panels.length * panelHeight
  const minutes = Array.from({ length: Math.floor(endMs / 300_000) + 1 }, (_, n) => n * 5)
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t d">`,
    '<title id="t">One outage, three clients</title>',
    `<desc id="d">${describe(panels, series, trigger)}</desc>`,
    `<style>${style}</style>`,
    `<rect width="${width}" height="${height}" class="paper"/>`,
    ...legend(),
    ...panels.flatMap(panelSvg),
    ...minutes.map(m => `<text x="${x(m * 60_000)}" y="${base + 2}" class="middle">${m}</text>`),
    `<text x="${width - right}" y="${base + 20}" class="end">minutes since the scenario began</text>`,
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

const style = [
  'text{font:12px system-ui,sans-serif;fill:#333}',
  '.title{font-weight:600}',
  '.end{text-anchor:end}',
  '.middle{text-anchor:middle}',
  '.paper{fill:#fff}',
  '.trigger{fill:#f6d9d5}',
  '.grid{stroke:#ddd;fill:none}',
  '.goodput{fill:#2a9d6f}',
  '.offered{stroke:#b3432f;stroke-width:1.5;fill:none}',
].join('')

function legend(): readonly string[] {
  return [
    `<path d="M${left} 22h24" class="offered"/><text x="${left + 32}" y="26">attempts a second</text>`,
    `<rect x="${left + 170}" y="16" width="24" height="12" class="goodput"/><text x="${left + 202}" y="26">tasks well answered a second</text>`,
    `<rect x="${left + 410}" y="16" width="24" height="12" class="trigger"/><text x="${left + 442}" y="26">the trigger: down, then slow</text>`,
    `<text x="${left}" y="48">From the end of the trigger on nothing is wrong with the provider but its load.</text>`,
  ]
}

/** The picture in words, for those who cannot see it; it moves with the numbers. */
function describe(panels: readonly Panel[], series: readonly Series[], trigger: Span): string {
  const after = Math.ceil(trigger.endMs / binMs) + 4
  return panels
    .map(({ title }, i) => {
      const { offered, goodput } = series[i] ?? { offered: [], goodput: [] }
      const later = [offered, goodput].map(values => {
        const tail = values.slice(after)
        return round(tail.reduce((sum, value) => sum + value, 0) / Math.max(1, tail.length))
      })
      return `${title}: ${later[0]} attempts and ${later[1]} good answers a second from two minutes after the trigger on.`
    })
    .join(' ')
}

function steps(values: readonly number[], x: (t: number) => number, y: (value: number) => number): string {
  return values.map((value, i) => `V${y(value)}H${x((i + 1) * binMs)}`).join('')
}

const round = (value: number) => Math.round(value * 10) / 10
