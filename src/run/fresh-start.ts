import type { JournalEvent } from '../journal/event.ts'
import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'
import { compilePlan } from '../model/timeline.ts'
import { sortFindings } from '../oracles/finding.ts'
import type { Finding } from '../oracles/oracle.ts'
import { providers } from '../providers/index.ts'
import { planWorkload } from '../workload/workload.ts'
import { catalogue } from './catalogue.ts'
import type { RunResult } from './result.ts'
import { type Simulation, simulate } from './simulate.ts'

/** A short healthy stretch: what a client does when nothing is wrong. */
const calm: Scenario = {
  blackstart: 1,
  id: 'calm',
  provider: 'anthropic',
  phases: [{ name: 'calm', for: 30_000 }],
  steady_state: { for: 30_000, at_least: 0 },
  // The pool's first questions, as every run asks them: an answer that was kept shows.
  workload: { users: 5, questions: 5, think: 5_000 },
}

const id = 'fresh-start'

/**
 * Adds to `result` whether its run left something behind in the client's modules: a clean run of the modules that were
 * used must equal a clean run of fresh ones. A difference is a warning that names its first event.
 */
export async function judgeFreshStart(result: RunResult, used: Integration, fresh: Integration): Promise<RunResult> {
  const after = await cleanRun(used, result.seed)
  const before = await cleanRun(fresh, result.seed)
  const row = { id, named: false, examined: before.events.length }
  // Real I/O has a timing of its own: two such runs may differ for no fault of the client.
  if (after.realIo || before.realIo) {
    const reason = 'real I/O took part, so two clean runs may differ by themselves'
    return { ...result, oracles: [...result.oracles, { ...row, examined: 0, status: 'vacuous', reason, findings: [] }] }
  }
  const finding = differenceOf(before.events, after.events)
  if (!finding) return { ...result, oracles: [...result.oracles, { ...row, status: 'pass', findings: [] }] }
  return {
    ...result,
    oracles: [...result.oracles, { ...row, status: 'warn', findings: [finding] }],
    findings: sortFindings([...result.findings, finding]),
  }
}

function differenceOf(before: readonly JournalEvent[], after: readonly JournalEvent[]): Finding | undefined {
  const at = before.findIndex((event, i) => JSON.stringify(event) !== JSON.stringify(after[i]))
  if (at < 0 && before.length === after.length) return undefined
  const i = at < 0 ? before.length : at
  return {
    oracle: id,
    severity: 'warn',
    phase: 'steady-state',
    message: `a clean run after the outage differs from a first clean run: ${describe(before[i])} became ${describe(after[i])}`,
    evidence: [],
    advice:
      'Something at module level (a client, a cache, a breaker, a counter) outlives the run that filled it, so runs depend on ' +
      'their order. Build it inside `start`, or set `isolate: true` in the client module to have all modules loaded anew.',
  }
}

async function cleanRun(integration: Integration, seed: number): Promise<Simulation> {
  const plan = { ...compilePlan(calm, catalogue.faults), tailMs: 0 }
  return simulate({
    plan,
    scenarioText: '',
    seed,
    integration,
    workload: planWorkload(plan),
    providers,
  })
}

/** An event in words a person can act on. */
function describe(event: JournalEvent | undefined): string {
  if (!event) return 'nothing'
  switch (event.type) {
    case 'call-started':
    case 'attempt-started':
      return `a request to ${event.provider}.${event.surface}${event.task === undefined ? '' : ` for task ${event.task}`}`
    case 'task-settled':
      return `task ${event.task} settled ${event.outcome}${event.source === undefined ? '' : ` from ${event.source}`}`
    case 'task-started':
      return `task ${event.task} started`
    default:
      return `${event.type} at ${event.t} ms`
  }
}
