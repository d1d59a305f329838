import { covers } from '../model/arrival.ts'
import { type Plan, plannedFaults } from '../model/timeline.ts'
import { columnSpan } from './axis.ts'
import { faultySurfaces, limitedSurfaces, limitsWithin, shareAt } from './in-force.ts'
import { sparkline } from './text.ts'

/** Instants that a column stands for: what comes and goes within it shows as its mean. */
const instants = 8

/**
 * A scenario's shape in one line of `width` characters: the higher, the larger the share that fails, `~` where a rate
 * limit holds and nothing fails. Of the API's surfaces the worst counts; of all, where the API has no fault.
 */
export function severityStrip(plan: Plan, width = 16): string {
  const faulty = ofTheApi(faultySurfaces(plan))
  const limited = limitedSurfaces(plan)
  const axis = { width, endMs: Math.max(1, plan.lengthMs) }
  return Array.from({ length: width }, (_, i) => {
    const { startMs, endMs } = columnSpan(axis, i)
    const severity = mean(
      Array.from({ length: instants }, (_, k) => {
        const t = startMs + ((k + 0.5) / instants) * (endMs - startMs)
        return Math.max(0, ...faulty.map(surface => shareOf(plan, surface, t)))
      }),
    )
    if (severity > 0) return sparkline([severity], 1)
    return limited.some(surface => limitsWithin(plan, surface, startMs, endMs).length > 0) ? '~' : '·'
  }).join('')
}

function shareOf(plan: Plan, surface: string, t: number): number {
  const isInForce = (fault: ReturnType<typeof plannedFaults>[number]) =>
    fault.startMs <= t && t < fault.endMs && fault.surfaces.some(pattern => covers(pattern, surface))
  return shareAt(plannedFaults(plan).filter(isInForce), t)
}

function ofTheApi(surfaces: readonly string[]): readonly string[] {
  const api = surfaces.filter(surface => surface.split('.')[1] === 'api')
  return api.length > 0 ? api : surfaces
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
