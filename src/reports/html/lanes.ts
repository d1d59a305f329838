import type { Mark } from '../../journal/event.ts'
import { covers, surfaceName } from '../../model/arrival.ts'
import type { PlannedCapacity } from '../../model/capacity-plan.ts'
import {
  type PlannedFault,
  type PlannedLimit,
  plannedCapacity,
  plannedFaults,
  plannedLimits,
  type Span,
} from '../../model/timeline.ts'
import type { JournalView } from '../../oracles/view.ts'
import { faultySurfaces, limitedSurfaces, shareAt, shortSurface } from '../in-force.ts'
import type { StatusStretch, StatusTrack } from '../post-incident/status-track.ts'
import { percent, plural } from '../text.ts'
import { markLanes } from './mark-lanes.ts'
import { type Html, html, type Piece } from './markup.ts'
import { across, clipped, plot, type Scene, widthOf } from './plot.ts'

const laneHeight = 46
const lanesShown = 6

/** The phases and, for each surface that the app asked, what befell it; below them what people marked. */
export function faultLanes(scene: Scene, view: JournalView, marks: readonly Mark[]): Html {
  const lanes = lanesOf(scene, view)
  const shown = lanes.slice(0, lanesShown)
  const top = 22
  const markTop = top + shown.length * laneHeight
  const below = markLanes(scene, marks, markTop)
  const names = shown.map(({ name }) => name).join(', ')
  return plot(scene, {
    id: 'faults',
    title: 'Phases, and what failed in them',
    says: `${plural(scene.plan.phases.length, 'phase')}; ${shown.length === 0 ? 'nothing fails' : `faults and limits on ${names}`}. The table of phases has the same in words.`,
    height: markTop + below.height,
    body: [phaseNames(scene), shown.map((lane, i) => laneOf(scene, lane, top + i * laneHeight)), below.body],
  })
}

interface Lane {
  readonly name: string
  readonly stretches: readonly Stretch[]
}

type Entry = PlannedFault | PlannedLimit | PlannedCapacity

/** A stretch in which the same entries are in force. */
interface Stretch extends Span {
  readonly text: string
  /** The share of requests that faults hit, in [0, 1]; absent where no fault is. */
  readonly share?: (t: number) => number
}

/** Surfaces of one fate share a lane. */
function lanesOf({ plan }: Scene, view: JournalView): readonly Lane[] {
  const bounded = plannedCapacity(plan)
  const all = [
    ...new Set([...faultySurfaces(plan), ...limitedSurfaces(plan), ...bounded.flatMap(({ surfaces }) => surfaces)]),
  ]
  const called = [...new Set(view.calls.map(({ started }) => surfaceName(started.provider, started.surface)))]
  const touched = all.filter(surface => called.some(name => covers(surface, name)))
  const byFate = new Map<string, { names: string[]; stretches: readonly Stretch[] }>()
  for (const surface of touched.length > 0 ? touched : all) {
    const isOn = ({ surfaces }: Entry) => surfaces.some(pattern => covers(pattern, surface))
    const entries = [...plannedFaults(plan), ...plannedLimits(plan), ...bounded].filter(isOn)
    const fate = entries.map(({ index }) => index).join()
    const known = byFate.get(fate)
    const name = shortSurface(surface, plan.scenario.provider)
    if (known) known.names.push(name)
    else byFate.set(fate, { names: [name], stretches: stretchesOf(entries) })
  }
  return [...byFate.values()].map(({ names, stretches }) => ({ name: names.join(', '), stretches }))
}

function stretchesOf(entries: readonly Entry[]): readonly Stretch[] {
  const edges = [...new Set(entries.flatMap(({ startMs, endMs }) => [startMs, endMs]))].sort((a, b) => a - b)
  return edges.flatMap((startMs, i): Stretch[] => {
    const endMs = edges[i + 1]
    if (endMs === undefined) return []
    const inForce = entries.filter(entry => entry.startMs <= startMs && entry.endMs >= endMs)
    const faults = inForce.filter(entry => 'options' in entry)
    const text = [...new Set(inForce.map(textOf))].join(', ')
    if (inForce.length === 0) return []
    return [{ startMs, endMs, text, ...(faults.length > 0 && { share: (t: number) => shareAt(faults, t) }) }]
  })
}

function textOf(entry: Entry): string {
  if (!('options' in entry)) return 'pool' in entry ? 'bounded capacity' : 'rate limit'
  const ids = entry.options.map(({ fault }) => fault.id).join(' or ')
  const { share } = entry
  if (typeof share !== 'number') return `${percent(share.from)} to ${percent(share.to)} ${ids}`
  return share === 1 ? ids : `${percent(share)} ${ids}`
}

function phaseNames(scene: Scene): Piece {
  const { phases, lengthMs } = scene.plan
  const healed = scene.endMs > lengthMs ? [{ name: 'healed', startMs: lengthMs, endMs: scene.endMs }] : []
  return [...phases, ...healed].map(({ name, startMs, endMs }) =>
    clipped({ x: across(scene, startMs), y: 2, width: widthOf(scene, startMs, endMs) }, name, 'name'),
  )
}

/** A ramp is drawn in so many steps. */
const rampSteps = 8

function laneOf(scene: Scene, { name, stretches }: Lane, y: number): Piece {
  const shown = stretches.filter(({ startMs, endMs }) => startMs < scene.endMs && endMs > startMs)
  return [
    html`<text class="soft" x="2" y="${y + 10}">${name}</text>`,
    shown.map(({ startMs, endMs, share }) => {
      if (!share) return bar(scene, { startMs, endMs }, y + 14, 'amber', 0.55)
      const isLevel = share(startMs) === share(endMs)
      const count = isLevel ? 1 : rampSteps
      return Array.from({ length: count }, (_, i) => {
        const from = startMs + ((endMs - startMs) * i) / count
        const until = startMs + ((endMs - startMs) * (i + 1)) / count
        return bar(scene, { startMs: from, endMs: until }, y + 14, 'bad', 0.25 + 0.75 * share((from + until) / 2))
      })
    }),
    shown.map(({ startMs, endMs, text }) =>
      clipped({ x: across(scene, startMs), y: y + 29, width: widthOf(scene, startMs, endMs) }, text),
    ),
  ]
}

function bar(scene: Scene, { startMs, endMs }: Span, y: number, color: string, opacity = 1): Html {
  const width = Math.max(0.15, widthOf(scene, startMs, endMs))
  return html`<rect class="c-${color}" x="${across(scene, startMs)}" y="${y}" width="${width}%" height="13" fill-opacity="${Math.round(opacity * 100) / 100}"/>`
}

/** For each surface of the status page two lanes: what was so, and what the page said. */
export function statusLanes(scene: Scene, tracks: readonly StatusTrack[]): Html {
  const shown = tracks.slice(0, lanesShown)
  const tall = 68
  return plot(scene, {
    id: 'status',
    title: 'What was so, and what the status page said',
    says: `Two bars for each of ${shown.map(({ surface }) => surface).join(', ')}: the upper one is what was so, the lower one what the page said. The table below has the same in words.`,
    height: shown.length * tall,
    body: shown.map(({ surface, stretches }, i) => {
      const y = i * tall
      return [
        html`<text class="name" x="2" y="${y + 11}">${surface}</text>`,
        stretches.map(stretch => [
          bar(scene, stretch, y + 16, truthColor(stretch)),
          bar(scene, stretch, y + 31, saidColors[stretch.said]),
        ]),
        asSaid(stretches).map(({ startMs, endMs, said }) =>
          clipped(
            { x: across(scene, startMs), y: y + 46, width: widthOf(scene, startMs, endMs) },
            said.replaceAll('_', ' '),
          ),
        ),
      ]
    }),
  })
}

/** What the page went on saying is one stretch, whatever was so meanwhile. */
function asSaid(stretches: readonly StatusStretch[]): readonly StatusStretch[] {
  return stretches.flatMap((stretch, i) => {
    if (stretches[i - 1]?.said === stretch.said) return []
    const next = stretches.slice(i).find(({ said }) => said !== stretch.said)
    return [{ ...stretch, endMs: next?.startMs ?? stretches.at(-1)?.endMs ?? stretch.endMs }]
  })
}

const saidColors: Readonly<Record<StatusStretch['said'], string>> = {
  operational: 'good',
  degraded_performance: 'amber',
  partial_outage: 'brown',
  major_outage: 'bad',
  under_maintenance: 'blue',
  unreachable: 'grey',
}

function truthColor({ share, isLimited, part }: StatusStretch): string {
  if (share > 0.95 && part === undefined) return 'bad'
  if (share > 0.3) return 'brown'
  return share > 0 || isLimited ? 'amber' : 'good'
}
