import type { IncomingHttpHeaders } from 'node:http'
import { ambientClock } from '../../clock/clock.ts'
import { parseDuration } from '../../lib/duration.ts'
import type { DrillControls, DrillVerdict } from '../controls.ts'
import { alertsOf, takeAlerts } from './alerts.ts'
import type { JournalOrder } from './journal-stream.ts'
import { openApi } from './openapi.ts'
import { Refused } from './problem.ts'
import type { Bodies, Query, RouteId } from './routes.ts'

/** What a handler works with. What was sent has been checked. */
export interface Ask<Body = unknown> {
  readonly controls: DrillControls
  readonly ending: Ending
  readonly query: Partial<Query>
  readonly body: Body
  readonly headers: IncomingHttpHeaders
  /** Whoever asked is gone, or the server closes. */
  readonly signal: AbortSignal
}

/** Whether the drill is over, as far as the server knows. */
export interface Ending {
  readonly verdict: DrillVerdict | undefined
  /** Why there is none. */
  readonly failure: unknown
  /** Resolves when there is a verdict, or none will come. */
  readonly over: Promise<void>
}

export type Reply =
  | { readonly type: 'json'; readonly status: number; readonly body: unknown }
  | { readonly type: 'journal'; readonly order: JournalOrder }
  | { readonly type: 'nothing' }

type Handlers = {
  readonly [Id in RouteId]: (ask: Ask<Id extends keyof Bodies ? Bodies[Id] : undefined>) => Reply | Promise<Reply>
}

const waitAtMostMs = 60_000

/** What each route does. */
export const handlers: Handlers = {
  state: stateOf,
  journal: ask => journal(ask),
  verdict: ask => verdict(ask),
  openapi: () => json(openApi()),
  hold: steer(({ controls }) => controls.hold()),
  release: steer(({ controls }) => controls.release()),
  skip: steer(({ controls }) => controls.skip()),
  extend: steer(({ controls, body }) => controls.extend(lengthMs(body.by))),
  goto: steer(({ controls, body }) => controls.goto(body.to)),
  stop: steer(({ controls, body }) => controls.stopInjected(body.entry)),
  mark: steer(({ controls, body }) => controls.mark(body.mark, body.says)),
  alerts: ({ controls, body }) => json(takeAlerts(controls, alertsOf(body))),
  inject: ({ controls, body }) => json(controls.inject(body), 201),
  abort: async ({ controls, body }) => json(await controls.abort(body.why)),
}

function json(body: unknown, status = 200): Reply {
  return { type: 'json', status, body }
}

function stateOf({ controls }: Pick<Ask, 'controls'>): Reply {
  return json(controls.state())
}

function steer<Body>(act: (ask: Ask<Body>) => void): (ask: Ask<Body>) => Reply {
  return ask => {
    act(ask)
    return stateOf(ask)
  }
}

function lengthMs(by: string | number): number {
  const ms = typeof by === 'number' ? by : parseDuration(by)
  if (ms === undefined || ms <= 0) throw new Refused('bad-request', { message: '"by" must be longer than nothing.' })
  return ms
}

function journal({ query, headers, ending }: Ask<undefined>): Reply {
  const isStream = /^\s*text\/event-stream\s*(?:;|$)/i.test(headers.accept ?? '')
  if (!isStream)
    return { type: 'journal', order: { since: query.since ?? 0, follow: query.follow ?? false, form: 'lines' } }
  const last = headers['last-event-id']
  if (last !== undefined && !/^\d{1,15}$/.test(String(last)))
    throw new Refused('bad-request', {
      message: `Last-Event-ID must be the place of an event, not ${JSON.stringify(last)}.`,
    })
  // A reader that was told the end comes back for more, unless it hears that there is none.
  const isOver = ending.verdict !== undefined || ending.failure !== undefined
  if (last !== undefined && isOver) return { type: 'nothing' }
  const since = last === undefined ? (query.since ?? 0) : Number(last) + 1
  return { type: 'journal', order: { since, follow: true, form: 'messages' } }
}

async function verdict({ query, controls, ending, signal }: Ask<undefined>): Promise<Reply> {
  if (query.wait) {
    const enough = new AbortController()
    const done = AbortSignal.any([signal, enough.signal])
    await Promise.race([ending.over, ambientClock.sleep(waitAtMostMs, done)])
    enough.abort()
  }
  if (ending.failure !== undefined) throw ending.failure
  return ending.verdict ? json(ending.verdict) : json(controls.state(), 202)
}
