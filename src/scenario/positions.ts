import type { Place } from './diagnostic.ts'

/** Where the parts of a parsed scenario stand in its text. */
export interface Positions {
  /** The place of `phases[0].faults[1]`; the nearest part around it when it has none; `1:1` for what is nowhere. */
  of(path: string): Place
}

/** Turns offsets into lines and columns. */
export function lineIndex(text: string): (offset: number) => Place {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

/** Looks paths up in `places`. */
export function positionsOf(places: ReadonlyMap<string, Place>): Positions {
  return {
    of(path) {
      for (let at = path; at !== ''; at = parentPath(at)) {
        const place = places.get(at)
        if (place) return place
      }
      return places.get('') ?? { line: 1, column: 1 }
    },
  }
}

/** `phases` + `0` → `phases[0]`; `phases[0]` + `for` → `phases[0].for`. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  return path === '' ? key : `${path}.${key}`
}

function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.'), path.lastIndexOf('[')))
}
