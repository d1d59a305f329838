import type { RealClock } from '../clock/real.ts'
import type { Thresholds } from '../oracles/judge-all.ts'
import type { FullCatalogue } from '../run/catalogue.ts'
import type { EventTargets } from '../run/client-events.ts'
import type { Injections } from '../run/injections.ts'
import type { End } from '../run/script.ts'
import type { Stage } from '../run/stage.ts'
import type { Positions } from '../scenario/index.ts'
import type { Workload } from '../workload/workload.ts'
import type { Agenda } from './agenda.ts'
import type { JournalFile } from './journal-file.ts'
import type { LiveCounts } from './live-counts.ts'
import type { LiveTimeline } from './live-timeline.ts'
import type { Wire } from './wire.ts'

/** What a drill under way is made of. */
export interface DrillParts {
  readonly stage: Stage<RealClock>
  readonly journal: JournalFile
  readonly counts: LiveCounts
  readonly timeline: LiveTimeline
  readonly agenda: Agenda
  readonly injections: Injections
  readonly wire: Wire
  readonly catalogue: FullCatalogue
  readonly thresholds: Thresholds | undefined
  readonly positions: Positions | undefined
  readonly file: string | undefined
  readonly client: string
  /** Absent where the program itself is all that asks. */
  readonly workload: Workload | undefined
  /** What events of the scenario act on, once the app is up. */
  readonly up: { targets?: EventTargets }
  /** Users that ask; none where the program itself is all that asks. */
  readonly users: number
  /** How many of the plan's tracks are the scenario's own. */
  readonly ownTracks: number
  /** How many events of the journal an earlier process has written. */
  readonly before: number
  readonly halted: PromiseWithResolvers<End>
  /** Brings the wire to what is in force now; what goes wrong with that is said. */
  apply(): void
  /** Why what measures time cannot be judged; absent where it can. */
  untimed(): string | undefined
}
