import type { Outcome } from '../journal/event.ts'
import type { NoteCategory } from '../journal/people-note.ts'
import type { InjectKind, ResponderMark } from '../model/game-day.ts'
import type { LandingStatus } from '../model/landing.ts'
import type { Json } from '../model/scenario.ts'

/**
 * What the console's server and its page say to each other. Types and plain data alone: both sides import it.
 *
 * - `GET /api/stream` (`authorization: Bearer TOKEN`; the token tells the role): an event stream of {@link View} (`view`),
 *   {@link Bins} (`bins`) and {@link Entry} (`entry`, with its id). With `Last-Event-ID`, entries go on after that one, or
 *   from the first after `event: anew`, where this is another show; views and bins always begin anew. `event: closed` is the
 *   last. Views come four times a second at
 *   most, when anything but `t` has changed, and else every second while the show runs: between two of them `t` goes on by
 *   `speed`, except in the lobby, while it starts, and after its end. Responders get no bins.
 * - `POST /api/act` with an {@link Action}: 204, or a {@link Problem} with its status. An abort is answered at once; the view is
 *   `aborting` until the clean-up was verified.
 * - `GET /api/papers/report.html`, `report.md`, `scorecard.md`: for facilitator and observer, once the show has ended.
 *
 * The page is at `/facilitator`, `/responder` and `/observer`, with the token in the fragment (`#token=…`), which no server,
 * log or referrer ever sees.
 */
export const roles = ['facilitator', 'responder', 'observer'] as const
export type Role = (typeof roles)[number]

export { type NoteCategory, noteCategories } from '../journal/people-note.ts'

/** `lobby`: before the word to begin. For responders all from the warm-up to the end is `running`. */
export type ShowStage = 'lobby' | 'starting' | 'steady-state' | 'outage' | 'healed' | 'ended'

interface AnyView {
  /** Another one for each show, and the same when one goes on in another process. */
  readonly show: string
  readonly title: string
  /** Paragraphs that open the page: what the exercise is for. */
  readonly briefing: readonly string[]
  /** How many times faster than real time it goes. */
  readonly speed: number
  /** Where the provider's status page is, once the drill is open. */
  readonly statusPage?: string
  /** Where the app is, where the facilitator has named it. */
  readonly app?: string
  /** Why the drill ended, once it has. */
  readonly ended?: string
}

/** All that a responder is told. Nothing in it tells of phases, faults, findings, or when the outage began. */
export interface ResponderView extends AnyView {
  readonly role: 'responder'
  readonly stage: 'lobby' | 'running' | 'ended'
  /** Ms of the scenario since the exercise began; what entries are timed by, too. */
  readonly t: number
  /** What the room has marked, by whom and when. */
  readonly marks: Readonly<Partial<Record<ResponderMark, { readonly t: number; readonly author?: string }>>>
  /** What the status page shows now. */
  readonly status: readonly StatusLine[]
}

/** A provider's page as people see it; `says` is what the newest open incident says. */
export interface StatusLine {
  /** Whose page it is: `Claude`. */
  readonly page: string
  /** The words at its head (`All Systems Operational`), or `unreachable`: then nothing else is known. */
  readonly state: string
  readonly components: readonly { readonly name: string; readonly status: string }[]
  readonly says?: string
}

/** Facilitators and observers see the whole show; observers steer nothing. */
export interface FacilitatorView extends AnyView {
  readonly role: 'facilitator' | 'observer'
  readonly scenario: string
  readonly stage: ShowStage
  /** Ms of the scenario since its first phase; negative in the warm-up. */
  readonly t: number
  readonly checks: readonly CheckLine[]
  /** As people have moved them; while one is held, as if it were let go now. Those that were skipped whole are left out. */
  readonly phases: readonly PhaseLine[]
  readonly warmUpMs: number
  readonly lengthMs: number
  /** With the healthy stretch after the last phase. */
  readonly endMs: number
  readonly phase: string
  readonly phaseEndsAt?: number
  /** The phase goes on, with its faults, until it is released. */
  readonly held: boolean
  /** The next few things to come. */
  readonly next: readonly CueLine[]
  readonly faults: readonly FaultLine[]
  readonly findings: readonly FindingLine[]
  readonly stops: readonly StopLine[]
  readonly tasks: { readonly open: number; readonly settled: Readonly<Partial<Record<Outcome, number>>> }
  readonly attempts: {
    readonly total: number
    readonly open: number
    readonly retries: number
    /** Attempts per call so far; 1 where nothing is retried. */
    readonly perCall: number
    readonly ended: Readonly<Record<string, number>>
  }
  /** What the provider's page says, beside what is really so. */
  readonly status: readonly StatusLine[]
  readonly notices: readonly string[]
  /** Browsers that are connected, by role. */
  readonly people: Readonly<Record<Role, number>>
  /** For the form of an injection by hand. */
  /** Those that the app has asked most first. */
  readonly surfaces: readonly string[]
  readonly faultIds: readonly { readonly id: string; readonly says: string }[]
  /** Paths of the pages of others, with their tokens: for the facilitator alone. */
  readonly links?: Readonly<Record<Role, string>>
  readonly ending?: EndingLine
  /** Somebody has aborted it, and its clean-up is not over. */
  readonly aborting?: true
}

export type View = FacilitatorView | ResponderView

export interface CheckLine {
  readonly what: string
  /** `warning`: it begins all the same. */
  readonly state: 'go' | 'no-go' | 'later' | 'ask' | 'warning'
  readonly why: string
}

export interface PhaseLine {
  readonly name: string
  readonly startMs: number
  readonly endMs: number
  readonly note?: string
  /** Whether anything is broken in it. */
  readonly isFaulty: boolean
}

export interface CueLine {
  readonly t: number
  readonly kind: string
  readonly text: string
  readonly owner?: string
  readonly expected?: string
}

export interface FaultLine {
  /** Its path in the scenario, or as `inject` told it. */
  readonly entry: string
  readonly id: string
  readonly surface: readonly string[]
  readonly phase: string
  readonly status: LandingStatus
  readonly hits: number
  readonly eligible: number
  /** `not reached`: the show ended before it. */
  readonly when: 'to come' | 'now' | 'over' | 'not reached'
  readonly isInjected: boolean
  readonly hint?: string
}

export interface FindingLine {
  readonly oracle: string
  readonly severity: string
  readonly message: string
  readonly phase: string
}

/** A stop condition, and how far it is from being met. Shares are in [0, 1]. */
export interface StopLine {
  readonly says: string
  readonly above: number
  /** Absent while too few tasks have settled to tell. */
  readonly now?: number
}

export interface EndingLine {
  readonly verdict: string
  readonly exitCode: number
  readonly reason: string
  /** Real ms from the word to stop until every fault was seen to be gone; absent where the show came to its own end. */
  readonly allClearMs?: number
  /** Empty when the clean-up was verified. */
  readonly leftovers: readonly string[]
  readonly papers: readonly string[]
}

/** The charts: bins of equal width over the whole show, of which those from `from` on are new. Rows replace older ones. */
export interface Bins {
  /** Ms of the scenario. */
  readonly widthMs: number
  /** When the first of all bins begins. */
  readonly startMs: number
  readonly from: number
  readonly rows: readonly Bin[]
}

export interface Bin {
  /** Tasks that settled. */
  readonly tasks: Readonly<Partial<Record<Outcome, number>>>
  /** Attempts that ended: how they ended, in the words of the journal. */
  readonly attempts: Readonly<Record<string, number>>
  readonly calls: number
  readonly retries: number
  /** Of tasks that settled, ms of the scenario. */
  readonly p50Ms?: number
  readonly p95Ms?: number
  /** Tasks and jobs that are open at its end. */
  readonly backlog: number
  /** Attempts begun, by provider. */
  readonly providers: Readonly<Record<string, number>>
  /** The lowest limit of requests in force, per minute, and how many were turned away by one. */
  readonly limitPerMinute?: number
  readonly limited: number
}

export type EntryKind = 'phase' | 'status' | 'inject' | 'mark' | 'note' | 'alert' | 'steer' | 'event' | 'system'

/** A line of the log. Its id in the stream is its place in the journal; for responders, it is how many they were told before. */
export interface Entry {
  readonly id: number
  /** On the clock of the view. */
  readonly t: number
  readonly kind: EntryKind
  readonly text: string
  readonly author?: string
  readonly role?: Role
  readonly category?: NoteCategory
  /** Of a mark, `detected` and the like; of an inject, how it reaches people. */
  readonly mark?: string
  readonly inject?: InjectKind
  readonly from?: string
  readonly to?: string
  readonly subject?: string
}

/** What people do. What a role may not, or what cannot be done now, is refused with a {@link Problem}. */
export type Action =
  /** The word to begin: `confirmed` are the checks that a person has ticked off. */
  | { readonly do: 'start'; readonly confirmed: readonly string[] }
  | { readonly do: 'hold' }
  | { readonly do: 'release' }
  | { readonly do: 'skip' }
  | { readonly do: 'extend'; readonly by: string }
  | { readonly do: 'goto'; readonly to: string }
  | { readonly do: 'abort'; readonly why: string }
  /** `fault` as a scenario spells it; `for` a duration, to the end when absent. */
  | {
      readonly do: 'inject'
      readonly surface: string
      readonly fault: string | Readonly<Record<string, Json>>
      readonly share?: string
      readonly for?: string
    }
  | { readonly do: 'stop-injected'; readonly entry: string }
  /** Something that people are told, by hand. */
  | {
      readonly do: 'say'
      readonly kind: InjectKind
      readonly text: string
      readonly from?: string
      readonly to?: string
      readonly subject?: string
    }
  | { readonly do: 'mark'; readonly mark: ResponderMark; readonly author?: string; readonly says?: string }
  | { readonly do: 'note'; readonly category: NoteCategory; readonly says: string; readonly author: string }
  /** Ends the console itself, once the show has ended. */
  | { readonly do: 'close' }

export interface Problem {
  readonly message: string
  readonly hint?: string
}

/** What each role may do. */
export const allowed: Readonly<Record<Role, readonly Action['do'][]>> = {
  facilitator: [
    ...(['start', 'hold', 'release', 'skip', 'extend', 'goto', 'abort', 'inject', 'stop-injected'] as const),
    ...(['say', 'mark', 'note', 'close'] as const),
  ],
  responder: ['mark', 'note'],
  observer: ['note'],
}
