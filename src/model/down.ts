import { covers } from './arrival.ts'
import type { Level } from './scenario.ts'
import { type Plan, type PlannedFault, plannedFaults, type Span } from './timeline.ts'

/** Hit at least this share of arrivals and a surface is down rather than shaky. */
const mostly = 0.5

/** Stretches in which `surface` (a full name) fails for most who ask, whoever they are; in order, merged where they touch. */
export function downStretches(plan: Plan, surface: string): readonly Span[] {
  const merged: Span[] = []
  for (const { startMs, endMs } of plannedFaults(plan)
    .filter(entry => entry.surfaces.some(pattern => covers(pattern, surface)) && takesDown(entry))
    .toSorted((a, b) => a.startMs - b.startMs)) {
    const last = merged.at(-1)
    if (last && startMs <= last.endMs) merged[merged.length - 1] = { ...last, endMs: Math.max(last.endMs, endMs) }
    else if (endMs > startMs) merged.push({ startMs, endMs })
  }
  return merged
}

function takesDown({ share, when, options }: PlannedFault): boolean {
  const weight = options.reduce((sum, option) => sum + (option.fault.streamingOnly ? 0 : option.share), 0)
  return Object.keys(when).length === 0 && mean(share) * weight >= mostly
}

function mean(level: Level): number {
  return typeof level === 'number' ? level : (level.from + level.to) / 2
}
