import type { Band, Bins } from '../post-incident/series.ts'
import { count } from '../text.ts'
import { type Html, html, type Piece } from './markup.ts'
import { plot, type Scene } from './plot.ts'

const height = 130
/** Room for the largest number. */
const top = 16

export interface Bars {
  readonly id: string
  readonly title: string
  readonly says: string
  readonly bins: Bins
  readonly bands: readonly Band[]
  /** What is counted, in the plural. */
  readonly unit: string
}

/** How many of each kind in each bin, one upon another; good ones stand at the bottom. */
export function stackedBars(scene: Scene, { bins, bands, unit, ...said }: Bars): Html {
  const totals = Array.from({ length: bins.count }, (_, i) =>
    bands.reduce((sum, band) => sum + (band.counts[i] ?? 0), 0),
  )
  const most = Math.max(1, ...totals)
  const body = [scale(most, unit), Array.from({ length: bins.count }, (_, i) => column({ bands, bins, most }, i))]
  return plot(scene, { ...said, height, body })
}

/** One number in each bin, as steps. */
export function steps(
  scene: Scene,
  { values, bins, unit, color, ...said }: Omit<Bars, 'bands'> & { values: readonly number[]; color: string },
): Html {
  const most = Math.max(1, ...values)
  const band: Band = { id: color, label: '', counts: values, total: 0 }
  const body = [scale(most, unit), values.map((_, i) => column({ bands: [band], bins, most, color }, i))]
  return plot(scene, { ...said, height, body })
}

function scale(most: number, unit: string): Piece {
  const half = Math.round((height + top) / 2)
  return [
    html`<line class="rule" x1="0" x2="100%" y1="${top}" y2="${top}"/><line class="rule" x1="0" x2="100%" y1="${half}" y2="${half}"/>`,
    html`<text class="soft" x="2" y="12">${count(most)} ${unit}</text>`,
  ]
}

interface Columns {
  readonly bands: readonly Band[]
  readonly bins: Bins
  readonly most: number
  readonly color?: string
}

function column({ bands, bins, most, color }: Columns, i: number): Piece {
  let y = height
  // A little more than its share: neighbours touch, however they are rounded.
  const width = Math.round((100 / bins.count) * 100) / 100 + 0.04
  const x = Math.round((i / bins.count) * 10_000) / 100
  return bands.map(({ id, counts }) => {
    const value = counts[i] ?? 0
    if (value === 0) return undefined
    // One of a thousand is seen all the same.
    const tall = Math.max(1, Math.round((value / most) * (height - top) * 10) / 10)
    y = Math.round((y - tall) * 10) / 10
    return html`<rect class="c-${color ?? colorOf(id)}" x="${x}%" y="${y}" width="${width}%" height="${tall}"/>`
  })
}

const colors: Readonly<Record<string, string>> = {
  ok: 'good',
  degraded: 'amber',
  queued: 'blue',
  failed: 'bad',
  truncated: 'violet',
  'not-an-answer': 'pink',
  limited: 'amber',
  error: 'bad',
  connection: 'brown',
  timeout: 'violet',
  broken: 'pink',
  aborted: 'teal',
  mark: 'blue',
  told: 'amber',
  noted: 'teal',
}

/** The colour that a kind of outcome has on all pictures. */
export function colorOf(kind: string): string {
  return colors[kind] ?? 'grey'
}

/** What the colours mean, with how many there are. */
export function legend(bands: readonly Band[]): Html {
  return html`<ul class="legend">${bands.map(
    ({ id, label, total }) => html`<li><i class="c-${colorOf(id)}"></i>${label}: ${count(total)}</li>`,
  )}</ul>`
}
