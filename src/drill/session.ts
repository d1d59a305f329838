import type { JournalEvent } from '../journal/event.ts'
import { landings } from '../model/landing.ts'
import type { Json } from '../model/scenario.ts'
import { type Plan, phaseAt, phaseNameAt } from '../model/timeline.ts'
import { judgeEach } from '../oracles/judge-all.ts'
import type { Finding } from '../oracles/oracle.ts'
import { viewJournal } from '../oracles/view.ts'
import { safetyOnly } from '../run/budget.ts'
import type { Injection } from '../run/injections.ts'
import { withoutTimed } from '../run/judge-played.ts'
import type { RunResult } from '../run/result.ts'
import type { DrillControls, DrillStage, DrillState, DrillVerdict } from './controls.ts'
import { FindingsSoFar } from './findings-so-far.ts'
import type { DrillParts } from './parts.ts'
import { Steering } from './steering.ts'

const tooMuch =
  'So much has happened that to judge it now would hold the drill up: findings from here on come with its end.'

/** A drill under way. What it came to is a {@link RunResult}, as of any run. */
export class DrillSession implements DrillControls {
  /** Resolves when all is over, cleaned up and judged. Rejects for a bug alone. */
  readonly result: Promise<RunResult>
  private readonly parts: DrillParts
  private readonly steering: Steering
  private ended: RunResult | undefined
  private readonly findings: FindingsSoFar

  constructor(parts: DrillParts, result: Promise<RunResult>) {
    this.parts = parts
    this.steering = new Steering(parts)
    this.findings = new FindingsSoFar({
      length: () => parts.journal.events.length,
      steps: () => this.judging(),
      onTooMuch: () => parts.stage.notices.add(tooMuch),
    })
    this.result = result.then(ended => {
      this.ended = ended
      this.findings.close()
      this.steering.close()
      return ended
    })
  }

  state(): DrillState {
    const { stage, timeline, counts, client, wire, up } = this.parts
    const { plan } = stage
    const t = stage.t()
    const phase = t >= 0 ? phaseAt(plan.phases, t) : undefined
    const isUp = up.targets !== undefined
    const isLast = t >= plan.lengthMs
    const next = plan.phases.find(({ startMs, endMs }) => startMs > t && endMs > startMs)?.name ?? 'healed'
    return {
      scenario: plan.scenario.id,
      title: plan.scenario.title,
      client,
      seed: stage.seed,
      engine: wire.engine,
      speed: stage.clock.speed,
      stage: this.ended || stage.over ? 'ended' : isUp ? stageAt(t, isLast) : 'starting',
      t,
      phase: isUp ? phaseNameAt(plan.phases, t, plan.lengthMs) : 'steady-state',
      ...(phase && !timeline.isHeld && { phaseEndsAt: phase.endMs }),
      ...(!isLast && { nextPhase: t < 0 ? (plan.phases[0]?.name ?? 'healed') : next }),
      lengthMs: plan.lengthMs,
      endMs: plan.lengthMs + plan.tailMs,
      held: timeline.isHeld,
      tasks: { open: counts.tasksOpen, settled: { ...counts.settled } },
      attempts: {
        ...{ total: counts.attempts, open: counts.attemptsOpen, retries: counts.retries },
        ended: { ...counts.ended },
      },
      faults: this.faults(),
      findings: this.findingsSoFar(),
      notices: [...stage.notices],
    }
  }

  /** The scenario as people have moved it, with what they injected; its times are those of the journal. */
  plan(): Plan {
    return this.parts.injections.plan()
  }

  /** When t = 0 is or was, ms since the epoch by the clock on the wall. */
  originWallMs(): number {
    const { clock } = this.parts.stage
    return clock.wall() - this.parts.stage.t() / clock.speed
  }

  journal(since = 0): readonly JournalEvent[] {
    return this.parts.journal.events.slice(since)
  }

  subscribe(listener: (event: JournalEvent, place: number) => void): () => void {
    return this.parts.journal.subscribe(listener)
  }

  hold(): void {
    this.steering.hold()
  }

  release(): void {
    this.steering.release()
  }

  skip(): void {
    this.steering.skip()
  }

  extend(ms: number): void {
    this.steering.extend(ms)
  }

  goto(instant: string): void {
    this.steering.goto(instant)
  }

  inject(injection: Injection): { readonly entry: string } {
    return this.steering.inject(injection)
  }

  stopInjected(entry: string): void {
    this.steering.stopInjected(entry)
  }

  mark(mark: string, says?: string, detail?: Json): void {
    this.steering.mark(mark, says, detail)
  }

  abort(why: string): Promise<DrillVerdict> {
    if (!this.ended && !this.parts.stage.over) this.steering.mark('aborted', why)
    this.parts.halted.resolve({ reason: 'stopped', stopped: why })
    return this.verdict()
  }

  /** Somebody asked the process to end. */
  interrupt(): void {
    this.parts.halted.resolve({ reason: 'interrupted' })
  }

  async verdict(): Promise<DrillVerdict> {
    const { verdict, exitCode, reason, findings } = await this.result
    return { verdict, exitCode, reason, findings }
  }

  private faults(): DrillState['faults'] {
    if (this.ended) return this.ended.faults
    const { stage, injections, users, positions, wire } = this.parts
    return landings({
      plan: injections.plan(),
      world: stage.world,
      users: Math.max(1, users),
      asksByItself: users === 0,
      applied: wire.applied,
      // Whoever is open while it lasts is told at the end.
      tasksOpenIn: () => true,
      lineOf: path => positions?.of(path).line,
    })
  }

  private findingsSoFar(): readonly Finding[] {
    if (this.ended) return this.ended.findings
    return this.parts.stage.t() < 0 ? [] : this.findings.get()
  }

  /** By what must hold at any time. */
  private *judging(): Generator<readonly Finding[], void> {
    const { stage, journal, catalogue, thresholds } = this.parts
    const { plan } = stage
    const { expect = [] } = plan.scenario
    const safe = safetyOnly({ oracles: catalogue.oracles, expectations: expect })
    const untimed = this.parts.untimed()
    const view = viewJournal(journal.events)
    yield []
    for (const judged of judgeEach(view, plan, safe.oracles, safe.expectations, thresholds)) {
      const timed = untimed === undefined ? [judged] : withoutTimed([judged], untimed, catalogue.oracles, plan.scenario)
      yield timed.flatMap(({ findings }) => findings)
    }
  }
}

function stageAt(t: number, isLast: boolean): DrillStage {
  if (t < 0) return 'steady-state'
  return isLast ? 'healed' : 'outage'
}
