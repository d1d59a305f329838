import { currentContext } from '../attribution/attribution.ts'
import type { Life } from '../attribution/life.ts'
import type { AppReport } from '../journal/event.ts'
import { redact } from '../journal/redact.ts'
import type { Reporter } from '../model/integration.ts'
import type { Json } from '../model/scenario.ts'
import type { Stage } from './stage.ts'

/** The hooks of one life of an instance: what the app tells becomes a line of the journal, as long as that life lasts. */
export function reporterFor(stage: Stage, instance: number, life: Life): Reporter {
  const write = (hook: AppReport['hook'], detail: object) => {
    if (stage.over || life.isOver) return
    const task = currentContext()?.task
    const told = clean(detail)
    stage.journal.write({
      type: 'app-report',
      t: stage.t(),
      hook,
      instance,
      ...(task !== undefined && { task }),
      detail: told,
    })
  }
  return {
    breaker: detail => write('breaker', detail),
    cache: detail => write('cache', detail),
    queue: detail => write('queue', detail),
    tool: detail => write('tool', detail),
    retry: detail => write('retry', detail),
  }
}

/** Plain values only, and nothing that is a secret. */
function clean(detail: object): Json {
  const entries = Object.entries(detail).flatMap(([name, value]: [string, unknown]): [string, Json][] => {
    if (typeof value === 'string') return [[name, redact(value)]]
    if (typeof value === 'number') return [[name, Math.round(value)]]
    return typeof value === 'boolean' ? [[name, value]] : []
  })
  return Object.fromEntries(entries)
}
