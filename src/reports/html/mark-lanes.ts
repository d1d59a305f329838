import type { Mark } from '../../journal/event.ts'
import type { Band } from '../post-incident/series.ts'
import { markMoment } from '../post-incident/timeline.ts'
import { colorOf } from './bars.ts'
import { html, type Piece } from './markup.ts'
import { across, clipped, type Scene, widthOf } from './plot.ts'

const laneHeight = 24
/** So many of a lane are drawn. */
const marksShown = 80
/** Where even these rows have no room, a name ends at the next mark. */
const rowsShown = 5
/** How wide the picture usually is, one letter of a name, and a dot with what is free around it. */
const usualPx = 780
const letterPx = 7
const dotPx = 22

/** `mark`: what people, or a drill, did. `told`: what people were told. `noted`: what they wrote down. */
type MarkKind = 'mark' | 'told' | 'noted'

const labels: Readonly<Record<MarkKind, string>> = { mark: 'marked', told: 'told to people', noted: 'noted by people' }

function kindOf({ mark }: Mark): MarkKind {
  if (mark === 'note') return 'noted'
  return mark === 'inject' || mark === 'inject-failed' || mark === 'alert' ? 'told' : 'mark'
}

/** How many there are of each kind, for the legend. */
export function markBands(marks: readonly Mark[]): readonly Band[] {
  return Object.entries(labels).flatMap(([id, label]) => {
    const total = marks.filter(mark => kindOf(mark) === id).length
    return total === 0 ? [] : [{ id, label, counts: [], total }]
  })
}

/** Marks as dots with their names beside them, in as many rows as keep them apart, and below what people were told and noted. */
export function markLanes(
  scene: Scene,
  marks: readonly Mark[],
  y: number,
): { readonly height: number; readonly body: Piece } {
  const { mark: named = [], other = [] } = Object.groupBy(marks, mark => (kindOf(mark) === 'mark' ? 'mark' : 'other'))
  const rows = rowsOf(scene, named.slice(0, marksShown))
  const told = other.slice(0, marksShown)
  return {
    height: (rows.length + (told.length > 0 ? 1 : 0)) * laneHeight,
    body: [
      rows.map((row, i) => {
        const top = y + i * laneHeight
        return row.map(({ mark, startMs, untilMs }) => [
          dot(scene, mark, top),
          nameOf(scene, mark, { y: top + 5, startMs, untilMs }),
        ])
      }),
      told.map(mark => dot(scene, mark, y + rows.length * laneHeight)),
    ],
  }
}

/** A mark and the stretch that its name has: from its dot on, or up to it where the picture ends too soon. */
interface Placed {
  readonly mark: Mark
  readonly startMs: number
  readonly untilMs: number
}

/** Marks close to each other would hide each other's names: each goes to the first row that has room. */
function rowsOf(scene: Scene, marks: readonly Mark[]): readonly (readonly Placed[])[] {
  const rows: Placed[][] = []
  for (const mark of marks) {
    const needs = (scene.endMs * (mark.mark.length * letterPx + dotPx)) / usualPx
    const t = Math.min(Math.max(mark.t, 0), scene.endMs)
    const [startMs, untilMs] = t + needs <= scene.endMs ? [t, t + needs] : [t - needs, t]
    const row = rows.find(one => endOf(one) <= startMs)
    const placed = { mark, startMs, untilMs }
    if (row) row.push(placed)
    else if (rows.length < rowsShown) rows.push([placed])
    else {
      const emptiest = rows.toSorted((a, b) => endOf(a) - endOf(b))[0]
      const before = emptiest?.pop()
      if (before) emptiest?.push({ ...before, untilMs: Math.max(before.startMs, startMs) }, placed)
    }
  }
  return rows
}

function dot(scene: Scene, mark: Mark, y: number): Piece {
  const x = across(scene, mark.t)
  const { says } = markMoment(mark)
  return html`<g><title>${says}</title><line class="zero" x1="${x}" x2="${x}" y1="${y}" y2="${y + laneHeight}"/><circle class="c-${colorOf(kindOf(mark))}" cx="${x}" cy="${y + 12}" r="5"/></g>`
}

/** Until when a row is taken. */
function endOf(row: readonly Placed[]): number {
  return row.at(-1)?.untilMs ?? 0
}

/** Before the dot it ends where the dot is, and is left out where a phone has no room for it. */
function nameOf(scene: Scene, { t, mark }: Mark, at: { y: number; startMs: number; untilMs: number }): Piece {
  const { y, startMs, untilMs } = at
  const width = widthOf(scene, startMs, untilMs)
  if (startMs < t)
    return html`<text class="wide" x="${across(scene, t)}" dx="-9" y="${y + 11}" text-anchor="end">${mark}</text>`
  return clipped({ x: across(scene, t), y, width }, mark, '', 9)
}
