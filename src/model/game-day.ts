import type { Instant, Json } from './scenario.ts'

/** An exercise with people, on top of an outage: what it is for, who plays what, what they are told, what is hoped for. */
export interface GameDay {
  /** What the exercise is to show. */
  readonly objectives?: readonly string[]
  /** What is believed to happen; the scorecard says whether it did. */
  readonly hypothesis?: string
  /** Where it may be held: the name that `BLACKSTART_ENVIRONMENT` must have. */
  readonly environment?: string
  /** Who plays what: names by role. `excluded` are people who shall not help. */
  readonly roles?: Readonly<Record<string, readonly string[]>>
  /** What must hold before it begins. */
  readonly checks?: readonly Check[]
  /** What people are told on the way, besides what the status page says. */
  readonly injects?: readonly Inject[]
  /** What responders are hoped to do. */
  readonly actions?: readonly ExpectedAction[]
  /** What makes it a success. */
  readonly measures?: readonly Measure[]
  /** What users were promised. */
  readonly slo?: Slo
  readonly notes?: Readonly<Record<string, Json>>
}

/** Items of the go/no-go list that are looked at by themselves. */
export const testedChecks = ['steady-state', 'kill-switch', 'environment', 'caps'] as const
export type TestedCheck = (typeof testedChecks)[number]

export interface Check {
  /** Looked at by itself. */
  readonly test?: TestedCheck
  /** Ticked off by a person. */
  readonly says?: string
  /** The role that answers for it. */
  readonly owner?: string
}

/** How something reaches people. */
export const injectKinds = ['ticket', 'mail', 'question', 'chat', 'alert'] as const
export type InjectKind = (typeof injectKinds)[number]

/** Exactly one of the kinds says what people read. */
export interface Inject {
  readonly at: Instant
  /** A support ticket. */
  readonly ticket?: string
  readonly mail?: string
  /** Somebody who wants to know: an executive, a customer. */
  readonly question?: string
  readonly chat?: string
  /** What monitoring would say. */
  readonly alert?: string
  readonly from?: string
  /** The role that it goes to; responders when absent. */
  readonly to?: string
  readonly subject?: string
  /** What the one who plays it hopes for, which responders never see. */
  readonly expect?: string
}

/** What a responder marks by a button, a key or the control API. */
export const responderMarks = ['detected', 'declared', 'mitigated', 'recovered'] as const
export type ResponderMark = (typeof responderMarks)[number]

export interface ExpectedAction {
  readonly says: string
  /** By when. */
  readonly by?: Instant
  readonly owner?: string
  /** The mark that shows that it was done; told by the scribe where there is none. */
  readonly mark?: ResponderMark
}

export interface Measure {
  readonly says: string
  /** Measured by this mark: it must come within so many ms of the first fault. */
  readonly mark?: ResponderMark
  readonly within?: number
}

export interface Slo {
  /** Share of tasks that end well, in [0, 1]. */
  readonly availability: number
  /** Over how long it is promised, ms; 30 days when absent. */
  readonly over?: number
  /** What is given back below a share: the lowest that applies counts. */
  readonly credits?: readonly { readonly below: number; readonly credit: number }[]
}

/** Which kind an inject is, and what it says. */
export function injectOf(inject: Inject): { readonly kind: InjectKind; readonly text: string } {
  for (const kind of injectKinds) {
    const text = inject[kind]
    if (text !== undefined) return { kind, text }
  }
  return { kind: 'chat', text: '' }
}

/** The same exercise with other times. */
export function movedGameDay(day: GameDay, move: (at: Instant) => Instant): GameDay {
  const { injects, actions } = day
  return {
    ...day,
    ...(injects && { injects: injects.map(inject => ({ ...inject, at: move(inject.at) })) }),
    ...(actions && { actions: actions.map(one => (one.by === undefined ? one : { ...one, by: move(one.by) })) }),
  }
}

/** An inject in one line: `ticket from a customer to responders: "Subject": text`. */
export function injectText(inject: Inject): string {
  const { kind, text } = injectOf(inject)
  const { subject, from, to = 'responders' } = inject
  const head = subject === undefined ? '' : `"${subject}": `
  return `${kind}${from === undefined ? '' : ` from ${from}`} to ${to}: ${head}${text}`
}
