import { kindOf, type UsedSurface } from '../arbitraries/frame.ts'
import { faultKinds } from '../arbitraries/kinds.ts'
import { surfaceOf } from '../oracles/attempts.ts'
import type { AttemptRecord } from '../oracles/view.ts'
import { type Life, lifeNotes, lives } from './life.ts'
import type { Seen } from './seen.ts'

/** Counts by what they are counts of; plain, so that it goes into JSON and shards can be added up. */
export type Counts = Record<string, number>

/** A kind of request: what it asked, how, and where in the client's life. */
export interface Place {
  readonly surface: string
  readonly streaming: boolean
  readonly life: Life
}

/** What {@link Coverage} counts, as plain data. */
export type CoverageData = Pick<Coverage, 'places' | 'cells' | 'kinds'>

/** Faults by the kind of request that they befell. */
export class Coverage {
  /** Requests of each kind that were seen at all, hit or not. */
  readonly places: Counts
  /** Hits, by `fault place`. */
  readonly cells: Counts
  /** What each surface is, by its full name. */
  readonly kinds: Record<string, UsedSurface['kind']>

  constructor({ places = {}, cells = {}, kinds = {} }: Partial<CoverageData> = {}) {
    this.places = { ...places }
    this.cells = { ...cells }
    this.kinds = { ...kinds }
  }

  add({ view, lives }: Seen): void {
    for (const attempt of view.attempts) {
      const surface = surfaceOf(attempt)
      this.kinds[surface] ??= kindOf(attempt.started)
      const place = placeKey({
        surface,
        streaming: attempt.started.streaming,
        life: lives.get(attempt.id) ?? 'steady',
      })
      bump(this.places, place)
      const what = whatHit(attempt)
      if (what !== undefined) bump(this.cells, `${what} ${place}`)
    }
  }

  merge(other: CoverageData): void {
    Object.assign(this.kinds, other.kinds)
    for (const [key, times] of Object.entries(other.places)) bump(this.places, key, times)
    for (const [key, times] of Object.entries(other.cells)) bump(this.cells, key, times)
  }
}

/** The fault that hit an attempt, or that a limit or the want of capacity did. */
function whatHit({ started }: AttemptRecord): string | undefined {
  if (started.fault !== undefined) return started.fault
  return started.effect === 'limited' || started.effect === 'rejected' ? started.effect : undefined
}

export function bump(counts: Counts, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by
}

export function placeKey({ surface, streaming, life }: Place): string {
  return `${surface} ${streaming ? 'streamed' : 'whole'} ${life}`
}

export function placeOf(key: string): Place {
  const [surface = '', how, name] = key.split(' ')
  return { surface, streaming: how === 'streamed', life: lives.find(life => life === name) ?? 'steady' }
}

/** Of a fault: at how many kinds of requests it can strike, at how many it did, and which are left. */
export interface FaultCoverage {
  readonly fault: string
  readonly hits: number
  readonly reached: number
  readonly of: number
  readonly left: readonly Place[]
}

export interface CoverageReport {
  readonly reached: number
  /** Pairs of a fault and a kind of request that the client was seen to make. */
  readonly of: number
  readonly faults: readonly FaultCoverage[]
  /** Stretches of a client's life that no request was seen in, and what to do about it. */
  readonly livesNeverSeen: readonly { readonly life: Life; readonly says: string; readonly todo: string }[]
}

/** Beside the faults, what a scenario's limits and capacity do. */
const conditions = ['limited', 'rejected']

/** What was reached of all that can strike anywhere, and what was not. */
export function coverageReport({ places, cells, kinds }: CoverageData): CoverageReport {
  const all = Object.keys(places).toSorted()
  const rows = [...faultKinds.map(({ id }) => id), ...conditions].map((fault): FaultCoverage => {
    const possible = all.filter(key => canStrike(fault, placeOf(key), kinds))
    const times = possible.map(key => cells[`${fault} ${key}`] ?? 0)
    return {
      fault,
      hits: times.reduce((sum, n) => sum + n, 0),
      reached: times.filter(n => n > 0).length,
      of: possible.length,
      left: possible.filter((_, i) => times[i] === 0).map(placeOf),
    }
  })
  const seenLives = new Set(all.map(key => placeOf(key).life))
  return {
    reached: rows.reduce((sum, { reached }) => sum + reached, 0),
    of: rows.reduce((sum, row) => sum + row.of, 0),
    faults: rows,
    livesNeverSeen: lives.filter(life => !seenLives.has(life)).map(life => ({ life, ...lifeNotes[life] })),
  }
}

function canStrike(fault: string, { surface, streaming }: Place, kinds: CoverageData['kinds']): boolean {
  const kind = kinds[surface] ?? 'other'
  const [provider = ''] = surface.split('.')
  const used = { name: surface, provider, kind, models: [], streams: streaming, plain: !streaming, everyday: true }
  return faultKinds.find(({ id }) => id === fault)?.fits(used) ?? kind === 'model'
}
