import { instantMs, phaseNameAt } from '../model/timeline.ts'
import type { Progress } from './simulate.ts'
import type { Stage } from './stage.ts'

/** Writes each phase into the journal when it begins. To be called at the beginning of the warm-up. */
export function announcePhases({ plan, clock, journal }: Stage): void {
  for (const phase of plan.phases)
    clock.after(plan.warmUpMs + phase.startMs, () =>
      journal.write({ type: 'phase-entered', t: phase.startMs, phase: phase.name }),
    )
  clock.after(plan.warmUpMs + plan.lengthMs, () =>
    journal.write({ type: 'phase-entered', t: plan.lengthMs, phase: 'healed' }),
  )
}

/** Writes what the status page says into the journal when it says it. To be called at the beginning of the warm-up. */
export function announceStatus({ plan, clock, journal }: Stage): void {
  for (const { at, incident, components, says } of plan.scenario.status_page ?? []) {
    // What the page has said for longer is said from the beginning.
    const t = Math.max(instantMs(at, plan.phases, plan.lengthMs), -plan.warmUpMs)
    clock.after(plan.warmUpMs + t, () =>
      journal.write({
        type: 'status-changed',
        t,
        ...(incident && { incident }),
        ...(components && { components }),
        ...(says !== undefined && { says }),
      }),
    )
  }
}

/** Tells `onProgress` two hundred times a run where it is; the returned function ends that. */
export function tellProgress(
  stage: Stage,
  tasks: { readonly count: number },
  endMs: number,
  onProgress: ((progress: Progress) => void) | undefined,
): () => void {
  if (!onProgress) return () => {}
  const everyMs = Math.max(1_000, endMs / 200)
  let cancel = () => {}
  const tell = () => {
    const t = stage.t()
    const phase = phaseNameAt(stage.plan.phases, t, stage.plan.lengthMs)
    onProgress({ t, phase, endMs, tasks: tasks.count, attempts: stage.responder.attemptCount })
    cancel = stage.clock.after(everyMs, tell)
  }
  tell()
  return () => cancel()
}
