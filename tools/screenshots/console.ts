import { join } from 'node:path'
import type { CheckLine, Role } from '../../src/console/protocol.ts'
import { openConsole } from '../../src/console/server.ts'
import type { ConsoleDrill } from '../../src/console/show.ts'
import type { DrillState } from '../../src/drill/controls.ts'
import { LiveCounts } from '../../src/drill/live-counts.ts'
import { journalLines } from '../../src/journal/journal.ts'
import { type Plan, phaseAt } from '../../src/model/timeline.ts'
import { recordedRun } from '../../src/reports/recorded/recorded-run.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { FakeDrill } from '../../test/support/fake-drill.ts'
import { bundlePage } from '../console/bundle.ts'
import type { Opened } from './shots.ts'
import type { Show } from './show.ts'

/** The real console, on a drill that stands still where the show has come to at `t`. */
export async function openConsoleAt(show: Show, role: Role, t: number): Promise<Omit<Opened, 'ready'>> {
  const assets = join(show.folder, 'console')
  await bundlePage(assets)
  const console = await openConsole({ plan: show.plan, catalogue, speed: 1, checks: checksOf(show.plan), assets })
  console.begin()
  await console.attach({ session: new StillDrill(show, t) })
  return { url: console.urls[role], close: () => console.close() }
}

/** What the journal tells of the drill up to a time. */
class StillDrill extends FakeDrill implements ConsoleDrill {
  private readonly show: Show

  constructor(show: Show, t: number) {
    super()
    this.show = show
    this.events.push(...show.journal.filter(event => event.t <= t))
    this.now = stateAt(show, t, this.events)
  }

  plan(): Plan {
    return this.show.plan
  }

  originWallMs(): number {
    return this.show.originMs
  }
}

function stateAt({ plan }: Show, t: number, events: Show['journal']): DrillState {
  const counts = new LiveCounts()
  for (const event of events) counts.take(event)
  const { result } = recordedRun([...journalLines(events)].join(''), 'day.jsonl', { catalogue })
  const phase = phaseAt(plan.phases, t)
  const { attempts: total, attemptsOpen, retries, ended } = counts
  return {
    ...{ scenario: plan.scenario.id, title: plan.scenario.title, client: result.client, seed: result.seed },
    ...{ engine: 'loopback', speed: 1, stage: 'outage', t, phase: phase?.name ?? 'healed', held: false, notices: [] },
    ...(phase && { phaseEndsAt: phase.endMs }),
    lengthMs: plan.lengthMs,
    endMs: plan.lengthMs + plan.tailMs,
    tasks: { open: counts.tasksOpen, settled: counts.settled },
    attempts: { total, open: attemptsOpen, retries, ended },
    faults: result.faults,
    findings: result.findings,
  }
}

function checksOf({ scenario }: Plan): readonly CheckLine[] {
  const { checks = [] } = scenario.game_day ?? {}
  return checks.map(check => ({
    what: check.says ?? check.test?.replaceAll('-', ' ') ?? '',
    state: 'go',
    why: check.says === undefined ? 'looked at by the tool' : 'confirmed in the console',
  }))
}
