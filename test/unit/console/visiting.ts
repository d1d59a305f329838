import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type ClientRequest, type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ambientClock } from '../../../src/clock/clock.ts'
import type { Action, Bins, CheckLine, Entry, FacilitatorView, Role, View } from '../../../src/console/protocol.ts'
import { type ConsoleOptions, type GameDayConsole, openConsole } from '../../../src/console/server.ts'
import type { ConsoleDrill } from '../../../src/console/show.ts'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { compilePlan, type Plan } from '../../../src/model/timeline.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { parseScenario } from '../../../src/scenario/index.ts'
import { FakeDrill, fakeState } from '../../support/fake-drill.ts'

/** A show whose words a responder must never read. */
const text = `blackstart: 1
id: hush-hush
title: Everything burns at noon
steady_state: { for: 2m }
workload: { users: 6, streaming: 0 }
answers: [{ says: "Yes." }]
phases:
  - { name: blaze, for: 10m, note: the worst of it, faults: [{ surface: api, fault: overloaded }] }
  - { name: embers, for: 10m, limits: [{ surface: api, requests: 30/m }] }
status_page:
  - { at: blaze + 5m, incident: investigating, components: { api: major_outage }, says: "We look into it." }
stop_when: [{ outcome: failed, above: 50%, over: 5m }]
game_day:
  objectives: [See who notices first]
  hypothesis: The breaker opens.
  injects: [{ at: blaze + 1m, ticket: It hangs, from: a customer, expect: A link to the incident }]
  actions: [{ says: Declare an incident, by: blaze + 5m, owner: responders, mark: declared }]
`

export function planOf(yaml = text): Plan {
  const { scenario, diagnostics } = parseScenario(yaml, { catalogue })
  if (!scenario) throw new Error(JSON.stringify(diagnostics))
  return compilePlan(scenario, catalogue.faults)
}

/** A drill of which a test says where it stands, with the plan above. */
export class ShownDrill extends FakeDrill implements ConsoleDrill {
  private readonly planned: Plan

  constructor(planned: Plan) {
    super()
    this.planned = planned
    const { id: scenario, title } = planned.scenario
    this.now = { ...fakeState, scenario, title, phase: 'blaze', nextPhase: 'embers' }
  }

  plan(): Plan {
    return this.planned
  }

  originWallMs(): number {
    return 1_000_000
  }
}

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

interface Sending {
  readonly body?: unknown
  /** `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly role?: Role
}

/** A console with a fake drill, asked over its socket. */
export class Visiting implements AsyncDisposable {
  readonly console: GameDayConsole
  readonly drill: ShownDrill
  private readonly folder: string
  private readonly streams: Stream[] = []

  private constructor(console: GameDayConsole, drill: ShownDrill, folder: string) {
    this.console = console
    this.drill = drill
    this.folder = folder
  }

  static async open({ checks = [], ...more }: Partial<ConsoleOptions> = {}): Promise<Visiting> {
    const folder = mkdtempSync(join(tmpdir(), 'blackstart-console-'))
    for (const name of ['index.html', 'page.js', 'page.css']) writeFileSync(join(folder, name), `/* ${name} */`)
    const plan = planOf()
    const console = await openConsole({ plan, catalogue, speed: 20, checks, assets: folder, ...more })
    return new Visiting(console, new ShownDrill(plan), folder)
  }

  /** With the drill under way. */
  static async held(more: Partial<ConsoleOptions> = {}): Promise<Visiting> {
    const visiting = await Visiting.open(more)
    visiting.console.begin()
    await visiting.console.attach({ session: visiting.drill })
    return visiting
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const stream of this.streams) stream.leave()
    await this.console.close()
    rmSync(this.folder, { recursive: true, force: true })
  }

  act = (role: Role, action: Action) => this.ask('POST', '/api/act', { role, body: action })
  get = (path: string, sending: Sending = {}) => this.ask('GET', path, sending)

  ask(method: string, path: string, { body, headers = {}, role }: Sending = {}): Promise<Answered> {
    const sent = body === undefined ? undefined : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const asked = this.begin(method, path, {
        ...(role && { authorization: `Bearer ${this.console.tokens[role]}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      })
      asked.on('error', reject)
      asked.on('response', response => {
        let text = ''
        response.setEncoding('utf8').on('data', part => {
          text += part
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      })
      asked.end(sent)
    })
  }

  /** Follows the show as one browser does. */
  async follow(role: Role, last?: number): Promise<Stream> {
    const asked = this.begin('GET', '/api/stream', {
      authorization: `Bearer ${this.console.tokens[role]}`,
      ...(last !== undefined && { 'last-event-id': String(last) }),
    })
    const stream = new Stream(asked)
    this.streams.push(stream)
    await stream.opened
    return stream
  }

  private begin(method: string, path: string, headers: Readonly<Record<string, string | undefined>>): ClientRequest {
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
    return request({ host: '127.0.0.1', port: this.console.port, method, path, headers: given, agent: false })
  }
}

/** What one browser has been told. */
export class Stream {
  readonly opened: Promise<void>
  /** All of it, as it came. */
  text = ''
  isOver = false
  private readonly asked: ClientRequest

  constructor(asked: ClientRequest) {
    this.asked = asked
    this.opened = new Promise((resolve, reject) => {
      asked.on('error', error => (this.text === '' ? reject(error) : undefined))
      asked.on('response', response => {
        response.setEncoding('utf8').on('data', part => {
          this.text += part
        })
        response.on('close', () => {
          this.isOver = true
        })
        response.on('error', () => {})
        resolve()
      })
    })
    asked.end()
  }

  leave(): void {
    this.asked.destroy()
  }

  get view(): View | undefined {
    return this.told<View>('view').at(-1)
  }

  get facilitator(): FacilitatorView {
    const { view } = this
    if (!view || view.role === 'responder') throw new Error('No view of a facilitator has come.')
    return view
  }

  get entries(): readonly Entry[] {
    return this.told('entry')
  }

  get bins(): readonly Bins[] {
    return this.told('bins')
  }

  /** Resolves once it has been told so. */
  async until(is: (stream: this) => boolean, what = 'what was waited for'): Promise<void> {
    for (let i = 0; i < 500; i++) {
      if (is(this)) return
      await ambientClock.sleep(10)
    }
    throw new Error(`${what} did not come: ${this.text.slice(-2_000)}`)
  }

  private told<T>(event: string): readonly T[] {
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .flatMap(message => {
        const lines = message.split('\n')
        const data = lines.find(line => line.startsWith('data: '))
        return lines.includes(`event: ${event}`) && data ? [JSON.parse(data.slice(6)) as T] : []
      })
  }
}

export const check = (what: string, state: CheckLine['state']): CheckLine => ({ what, state, why: 'because' })

/** Tasks that ended so, one after the other, each begun `tookMs` earlier. */
export function tasks(from: number, outcomes: readonly ('ok' | 'failed')[], tookMs: number): JournalEvent[] {
  return outcomes.flatMap((outcome, i): JournalEvent[] => {
    const task = `t${from + i}`
    return [
      {
        ...{ type: 'task-started', t: from, task, instance: 0, user: i, tenant: 'a', session: 's', class: 'chat' },
        ...{ question: 'q', streaming: false },
      },
      { type: 'task-settled', t: from + tookMs, task, outcome, claimed: true, answer: 'none' },
    ]
  })
}
