import type { Mark } from '../../journal/event.ts'
import type { Band } from '../post-incident/series.ts'
import { markMoment } from '../post-incident/timeline.ts'
import { colorOf } from './bars.ts'
import { html, type Piece } from './markup.ts'
import { across, clipped, type Scene, widthOf } from './plot.ts'

const laneHeight = 24
/** So many of a lane are drawn. */
const marksShown = 80

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

/** Marks as dots with their names beside them, and in a lane below what people were told and noted. */
export function markLanes(
  scene: Scene,
  marks: readonly Mark[],
  y: number,
): { readonly height: number; readonly body: Piece } {
  const { mark: named = [], other = [] } = Object.groupBy(marks, mark => (kindOf(mark) === 'mark' ? 'mark' : 'other'))
  const lanes = [
    ...(named.length > 0 ? [{ shown: named.slice(0, marksShown), hasNames: true }] : []),
    ...(other.length > 0 ? [{ shown: other.slice(0, marksShown), hasNames: false }] : []),
  ]
  return {
    height: lanes.length * laneHeight,
    body: lanes.map(({ shown, hasNames }, i) => {
      const top = y + i * laneHeight
      return shown.map((mark, at) => [
        dot(scene, mark, top),
        hasNames && nameOf(scene, mark, { y: top + 5, until: shown[at + 1]?.t ?? scene.endMs }),
      ])
    }),
  }
}

function dot(scene: Scene, mark: Mark, y: number): Piece {
  const x = across(scene, mark.t)
  const { says } = markMoment(mark)
  return html`<g><title>${says}</title><line class="zero" x1="${x}" x2="${x}" y1="${y}" y2="${y + laneHeight}"/><circle class="c-${colorOf(kindOf(mark))}" cx="${x}" cy="${y + 12}" r="5"/></g>`
}

function nameOf(scene: Scene, { t, mark }: Mark, { y, until }: { y: number; until: number }): Piece {
  return clipped({ x: across(scene, t), y, width: widthOf(scene, t, until) }, mark, '', 9)
}
