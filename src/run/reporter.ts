import { currentContext } from '../attribution/attribution.ts'
import type { Life } from '../attribution/life.ts'
import type { AppReport } from '../journal/event.ts'
import type { Reporter } from '../model/integration.ts'
import { type Hook, readReport } from './report-fields.ts'
import type { Stage } from './stage.ts'

/**
 * The hooks of one life of an instance: what the app tells becomes a line of the journal, as long as that life lasts. A
 * hook never throws: what is told wrongly is left out, and a notice says so.
 */
export function reporterFor(stage: Stage, instance: number, life: Life): Reporter {
  const write = (hook: Hook, told: unknown) => {
    if (stage.over || life.isOver) return
    const task = currentContext()?.task
    const read = readReport(hook, told, questionOf(stage, task))
    if (typeof read === 'string') {
      stage.notices.add(`report.${hook} was told something else than it takes: ${read}. That report is left out.`)
      return
    }
    const detail: AppReport['detail'] = read
    stage.journal.write({
      type: 'app-report',
      t: stage.t(),
      hook,
      instance,
      ...(task !== undefined && { task }),
      detail,
    })
  }
  return {
    breaker: change => write('breaker', change),
    cache: use => write('cache', use),
    queue: event => write('queue', event),
    tool: run => write('tool', run),
    retry: wait => write('retry', wait),
  }
}

function questionOf({ attributor }: Stage, task: string | undefined): string | undefined {
  if (task === undefined) return undefined
  for (const open of attributor.openTasks()) if (open.id === task) return open.question
  return undefined
}
