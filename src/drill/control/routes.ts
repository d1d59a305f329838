import type { Injection } from '../../run/injections.ts'
import type { AlertsBody } from './alerts.ts'
import { bodyOf, flag, optional, type Schema, text, whole } from './schema.ts'
import { duration, named } from './schemas.ts'

/** What can be asked in a URL, by its type. */
export interface Query {
  readonly since: number
  readonly follow: boolean
  readonly wait: boolean
}

/** What each route takes as its body; those that are not here take none. */
export interface Bodies {
  readonly extend: { readonly by: string | number }
  readonly goto: { readonly to: string }
  readonly abort: { readonly why: string }
  readonly inject: Injection
  readonly stop: { readonly entry: string }
  readonly mark: { readonly mark: string; readonly says?: string }
  readonly alerts: AlertsBody
}

export interface Answer {
  readonly says: string
  /** By media type; nothing is sent when absent. */
  readonly content?: Readonly<Record<string, Schema>>
}

export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly summary: string
  readonly says?: string
  /** Whoever asks needs no token. */
  readonly open?: true
  /** The token may be the password of basic authentication, for who can send nothing else. */
  readonly takesBasic?: true
  readonly query?: { readonly [K in keyof Query]?: Schema }
  readonly body?: Schema
  readonly answers: Readonly<Record<number, Answer>>
  /** The drill may be in no state to do it. */
  readonly conflicts?: true
}

const json = (says: string, schema: Schema): Answer => ({ says, content: { 'application/json': schema } })
const state = { 200: json('The drill as it stands after that.', named('State')) }

const since: Schema = { ...whole('The place of the first event wanted; 0 is the journal’s first.') }
const journalAnswer: Answer = {
  says: 'The events in order.',
  content: {
    'application/x-ndjson': { ...named('JournalEvent'), description: 'A document like this on each line.' },
    'text/event-stream': text(
      'For who accepts nothing else: follows by itself. The id of a message is the event’s place, its data the event; the last message, ended, holds the verdict.',
    ),
  },
}

/** Everything the control API answers. The server, its checks of what is sent, and the OpenAPI document read this table. */
export const routes = {
  state: {
    method: 'GET',
    path: '/v1/state',
    summary: 'Where the drill is, and what it saw so far.',
    answers: { 200: json('The drill as it stands.', named('State')) },
  },
  journal: {
    method: 'GET',
    path: '/v1/journal',
    summary: 'What happened, one event a line.',
    says: 'Nothing in it is secret: keys, prompts and answers are left out. With `Last-Event-ID`, a stream goes on after that event.',
    query: { since, follow: flag('Goes on with what is to come, until the drill ends.') },
    answers: { 200: journalAnswer, 204: { says: 'The drill has ended, and the stream with it: nothing is to come.' } },
  },
  hold: {
    method: 'POST',
    path: '/v1/hold',
    summary: 'The phase goes on, with its faults, until it is released.',
    answers: state,
    conflicts: true,
  },
  release: {
    method: 'POST',
    path: '/v1/release',
    summary: 'A phase that was held may end.',
    answers: state,
    conflicts: true,
  },
  skip: {
    method: 'POST',
    path: '/v1/skip',
    summary: 'The phase ends now.',
    answers: state,
    conflicts: true,
  },
  extend: {
    method: 'POST',
    path: '/v1/extend',
    summary: 'The phase ends so much later.',
    body: bodyOf<Bodies['extend']>('By how much.', { by: { ...duration, description: 'Time of the scenario.' } }),
    answers: state,
    conflicts: true,
  },
  goto: {
    method: 'POST',
    path: '/v1/goto',
    summary: 'The timeline moves on to an instant; it never goes back.',
    body: bodyOf<Bodies['goto']>('Where to.', {
      to: text('A phase, start, end or healed, and an offset.', {
        minLength: 1,
        examples: ['blackout + 10s', 'healed'],
      }),
    }),
    answers: state,
    conflicts: true,
  },
  abort: {
    method: 'POST',
    path: '/v1/abort',
    summary: 'Every fault ends now, and so does the drill. Answers when clean-up is verified.',
    body: bodyOf<Bodies['abort']>('Why.', {
      why: text('One sentence for the journal.', { minLength: 1, maxLength: 500 }),
    }),
    answers: { 200: json('The drill is over.', named('Verdict')) },
    conflicts: true,
  },
  inject: {
    method: 'POST',
    path: '/v1/inject',
    summary: 'A fault from now on, beside those of the scenario.',
    body: named('Injection'),
    answers: { 201: json('It is in force.', named('Injected')) },
    conflicts: true,
  },
  stop: {
    method: 'POST',
    path: '/v1/stop',
    summary: 'A fault that was injected ends now.',
    body: bodyOf<Bodies['stop']>('Which.', { entry: text('As `inject` told it.', { minLength: 1 }) }),
    answers: state,
    conflicts: true,
  },
  mark: {
    method: 'POST',
    path: '/v1/mark',
    summary: 'A line in the journal for people: detected, declared, mitigated, or a note.',
    body: bodyOf<Bodies['mark']>('What to write.', {
      mark: text('One word.', { minLength: 1, maxLength: 60, examples: ['detected', 'declared', 'mitigated'] }),
      says: optional(text('More about it.', { maxLength: 1_000 })),
    }),
    answers: state,
    conflicts: true,
  },
  alerts: {
    method: 'POST',
    path: '/v1/alerts',
    summary: 'Alerts of a team’s own monitoring: the first that fires while the outage lasts sets the mark detected.',
    says: 'Takes the token as the password of HTTP basic authentication, too, whatever the user’s name.',
    takesBasic: true,
    body: named('Alerts'),
    answers: { 200: json('They are in the journal.', named('AlertsTaken')) },
    conflicts: true,
  },
  verdict: {
    method: 'GET',
    path: '/v1/verdict',
    summary: 'How the drill ended.',
    query: { wait: flag('Answers when the drill has ended, or after 60 s of real time.') },
    answers: {
      200: json('The drill has ended and was judged.', named('Verdict')),
      202: json('It goes on: ask again.', named('State')),
    },
  },
  openapi: {
    method: 'GET',
    path: '/v1/openapi.json',
    summary: 'This document.',
    open: true,
    answers: { 200: json('An OpenAPI document.', { type: 'object' }) },
  },
} as const satisfies Readonly<Record<string, Route>>

export type RouteId = keyof typeof routes
