import { asksModel, succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, sayMs, tally } from './finding.ts'
import { defineOracle, type Severity } from './oracle.ts'
import type { JournalView, TaskRecord } from './view.ts'
import type { ReportsView } from './view-reports.ts'

type ToolRun = ReportsView['tools'][number]

const advice =
  'The card is charged twice, the mail sent twice. Keep the result of each tool that has been run with the task, by the id of its call, ' +
  'before the next turn is asked for, and look there first. When a turn fails, ask that turn again with the results it had, never the whole ' +
  'run from its first prompt. Give what the tool does a key that is made once per task, and let the service refuse to do it twice.'

/** By the app’s own word on what it ran. What its services record is judged by `side-effects-once`. */
export const toolRunsOnce = defineOracle({
  id: 'tool-runs-once',
  code: 'I4',
  says: 'A tool that changes something is run once, whatever is asked again.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the hook `report.tool`, told when the tool has done its work',
    judges:
      'Within a task: the same id of a tool call, or the same `key`, told twice. A run without a `key` is taken for the same when a tool of ' +
      'its name is run under a new id after an attempt of the task failed in between; that warns. So does a repetition where `effect` is not ' +
      'told. `effect: none` is not judged, nor are keys that several tasks share in good health.',
    vacuous: 'no tool was told of that changes something',
    source: 'No tolerance: sending is at least once, changing is once.',
    change: advice,
  },
  judge(view) {
    const runs = view.reports.tools.filter(({ effect }) => effect !== 'none')
    const judged = runs.filter(({ t, task }) => t >= 0 && task !== undefined)
    const shared = sharedKeys(runs)
    const again = [...Map.groupBy(judged, ({ task }) => task)].flatMap(([task, own]) =>
      task ? own.flatMap((run, i) => repeated(task, run, own.slice(0, i), shared)) : [],
    )
    return {
      examined: judged.length,
      ...(judged.length === 0 && { vacuous: 'no tool was told of that changes something' }),
      findings: (['fail', 'warn'] as const).flatMap(severity =>
        byPhase(
          casesOf(
            again.filter(one => one.severity === severity),
            view,
          ),
        ).map(group => {
          const [{ run, before, by, id }] = group
          return {
            severity,
            phase: group[0].phase,
            message:
              `${sayCount(group.length, 'tool run')} for what had been done (${tally(group.map(item => item.run.name))}); ${run.name} was run ` +
              `again in ${id} ${sayMs(run.t - before.t)} after the first time, ${by}`,
            evidence: evidenceOf(group),
            advice,
          }
        }),
      ),
    }
  },
})

interface Again {
  readonly run: ToolRun
  readonly before: ToolRun
  readonly severity: Severity
  /** How it is known for the same. */
  readonly by: string
}

function repeated(task: TaskRecord, run: ToolRun, earlier: readonly ToolRun[], shared: ReadonlySet<string>): Again[] {
  const severity = run.effect === 'once' ? 'fail' : 'warn'
  const sameId = earlier.find(({ id }) => id === run.id)
  if (sameId) return [{ run, before: sameId, severity, by: `for the same call ${run.id}` }]
  if (run.key !== undefined) {
    if (shared.has(run.key)) return []
    const sameKey = earlier.find(({ key }) => key === run.key)
    return sameKey ? [{ run, before: sameKey, severity, by: `under the same key ${run.key}` }] : []
  }
  const before = earlier.findLast(({ name, key }) => name === run.name && key === undefined)
  if (!before || !failedBetween(task, before.t, run.t)) return []
  return [{ run, before, severity: 'warn', by: 'after an attempt had failed in between' }]
}

function failedBetween({ attempts }: TaskRecord, fromMs: number, toMs: number): boolean {
  return attempts.some(
    attempt =>
      asksModel(attempt) &&
      attempt.startMs >= fromMs &&
      attempt.ended !== undefined &&
      !succeeded(attempt) &&
      (attempt.endMs ?? 0) <= toMs,
  )
}

/** Keys that stand for more than one change: several tasks use them, or one uses them twice in the warm-up. */
function sharedKeys(runs: readonly ToolRun[]): ReadonlySet<string> {
  const owners = new Map<string, TaskRecord | 'warm-up'>()
  const shared = new Set<string>()
  for (const { key, t, task } of runs) {
    if (key === undefined) continue
    const owner = t < 0 || !task ? 'warm-up' : task
    if (owners.has(key) && (owners.get(key) !== owner || owner === 'warm-up')) shared.add(key)
    owners.set(key, owner)
  }
  return shared
}

function casesOf(all: readonly Again[], view: JournalView) {
  return all.map(one => ({ id: one.run.task?.id ?? '', phase: view.phaseAt(one.run.t), weight: -one.run.t, ...one }))
}
