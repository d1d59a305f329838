import type { Plan } from '../../model/timeline.ts'
import { instant } from '../text.ts'
import { type Html, html, type Piece } from './markup.ts'

/** What all pictures of a page share: time from t = 0 to `endMs`, and the phases behind it. */
export interface Scene {
  readonly plan: Plan
  readonly endMs: number
}

export interface Plot {
  /** Unique on the page. */
  readonly id: string
  readonly title: string
  /** What the picture shows, for those who do not see it. */
  readonly says: string
  /** Height of what is drawn, px; the axis comes below it. */
  readonly height: number
  readonly body: Piece
}

const axisHeight = 18

/**
 * A picture as wide as its place: across in percent, so that texts keep their size on a phone, and down in px. Behind it
 * every other phase has a band, below it stands the time.
 */
export function plot(scene: Scene, { id, title, says, height, body }: Plot): Html {
  return html`<svg class="plot" role="img" aria-labelledby="${id}-t ${id}-d" height="${height + axisHeight}">
<title id="${id}-t">${title}</title><desc id="${id}-d">${says}</desc>
${bands(scene, height)}${body}${ticks(scene, height)}</svg>`
}

/** Where `t` is, in percent of the width. */
export function across({ endMs }: Scene, t: number): string {
  return `${Math.round((Math.min(Math.max(t, 0), endMs) / endMs) * 10_000) / 100}%`
}

/** How wide a stretch is, in percent; never so little that nobody sees it. */
export function widthOf({ endMs }: Scene, startMs: number, untilMs: number): number {
  const from = Math.min(Math.max(startMs, 0), endMs)
  return Math.round(Math.max(0, Math.min(untilMs, endMs) - from) * (10_000 / endMs)) / 100
}

function bands(scene: Scene, height: number): Piece {
  const { phases, lengthMs } = scene.plan
  const shown = phases.filter(({ startMs }) => startMs < scene.endMs)
  const ends =
    scene.endMs > lengthMs ? [...shown.map(({ startMs }) => startMs), lengthMs] : shown.map(({ startMs }) => startMs)
  return [
    shown.map(({ startMs, endMs }, i) =>
      i % 2 === 0
        ? html`<rect class="band" x="${across(scene, startMs)}" y="0" width="${widthOf(scene, startMs, endMs)}%" height="${height}"/>`
        : undefined,
    ),
    ends
      .slice(1)
      .map(t => html`<line class="edge" x1="${across(scene, t)}" x2="${across(scene, t)}" y1="0" y2="${height}"/>`),
    html`<line class="zero" x1="0" x2="100%" y1="${height}" y2="${height}"/>`,
  ]
}

const stepsMs = [1, 2, 5, 10, 15, 20, 30].flatMap(n => [n * 1_000, n * 60_000, n * 3_600_000]).sort((a, b) => a - b)
const dayMs = 24 * 3_600_000

function ticks(scene: Scene, height: number): Piece {
  const step = stepsMs.find(ms => scene.endMs / ms <= 6) ?? dayMs * Math.ceil(scene.endMs / 6 / dayMs)
  const at = Array.from({ length: Math.floor(scene.endMs / step) + 1 }, (_, i) => i * step)
  return at
    .filter(t => t / scene.endMs < 0.96)
    .map(
      t =>
        html`<text class="soft" x="${across(scene, t)}" y="${height + 14}" text-anchor="${t === 0 ? 'start' : 'middle'}">${instant(t)}</text>`,
    )
}

/** A text that ends where its place does: it is cut off, never drawn over its neighbour. Where there is hardly room, a phone has none. */
export function clipped(
  place: { x: string; y: number; width: number },
  text: string,
  kind = '',
  /** Px that it keeps free before it. */
  indent = 2,
): Piece {
  const { x, y, width } = place
  if (width < 3) return undefined
  const narrow = width < 14 ? 'wide' : ''
  return html`<svg class="${narrow}" x="${x}" y="${y}" width="${Math.round((width - 0.5) * 100) / 100}%" height="15"><text class="${kind}" x="${indent}" y="11">${text}</text></svg>`
}
