import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Attributor } from '../../../../src/attribution/attribution.ts'
import { ambientClock } from '../../../../src/clock/clock.ts'
import { RealClock } from '../../../../src/clock/real.ts'
import { doorsOf } from '../../../../src/engines/loopback/door.ts'
import { type LoopbackOptions, LoopbackServer } from '../../../../src/engines/loopback/server.ts'
import { type OpenDoor, urlOf } from '../../../../src/engines/loopback/where-to.ts'
import { Network } from '../../../../src/engines/network.ts'
import { Responder } from '../../../../src/engines/responder.ts'
import { faults } from '../../../../src/faults/index.ts'
import type { JournalEvent } from '../../../../src/journal/event.ts'
import { Journal } from '../../../../src/journal/journal.ts'
import type { AnswerEntry } from '../../../../src/model/scenario.ts'
import { compilePlan, type Plan } from '../../../../src/model/timeline.ts'
import { createWorld } from '../../../../src/model/world.ts'
import { canaryKeys } from '../../../../src/providers/canary.ts'
import { providersFor } from '../../../../src/providers/for-run.ts'
import type { Provider } from '../../../../src/providers/provider.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import { parseScenario } from '../../../../src/scenario/index.ts'

export const wait = (ms: number) => ambientClock.sleep(ms)

/** Resolves when `is` holds; rejects after five seconds. */
export async function until(is: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await is()) return
    await wait(10)
  }
  throw new Error('it never came to that')
}

export interface OpenOptions {
  /** How many times faster than real time the scenario goes. */
  readonly speed?: number
  readonly answers?: readonly AnswerEntry[]
  readonly server?: Partial<LoopbackOptions>
}

type EventOf<T extends JournalEvent['type']> = JournalEvent & { readonly type: T }

/** A loopback server in the phases of a scenario, which are entered by hand: no test waits for one to come. */
export class Loopback implements AsyncDisposable {
  readonly clock: RealClock
  readonly network: Network
  readonly journal = new Journal()
  readonly responder: Responder
  readonly providers: readonly Provider[]
  readonly plan: Plan
  /** Hosts that were asked for through it as a proxy. */
  readonly strays: string[] = []
  /** Requests that nothing answers to. */
  readonly strangers: string[] = []
  private opened: LoopbackServer | undefined
  /** Of t = 0. */
  private originMs: number

  private constructor(plan: Plan, { speed = 1, answers }: OpenOptions) {
    this.plan = plan
    this.providers = providersFor(plan.scenario)
    this.clock = new RealClock(speed)
    this.network = new Network(this.clock)
    this.originMs = this.clock.now()
    this.responder = new Responder({
      ...{ plan, seed: 1, providers: this.providers, journal: this.journal, world: createWorld() },
      ...{ attributor: new Attributor(), ...(answers && { answers }) },
      now: () => this.clock.now(),
      origin: () => this.originMs,
      isOffline: () => this.network.isDown,
      pace: { speed, wall: () => this.clock.wall() },
    })
  }

  /** `phases`: lines of YAML under `phases:`, and whatever else follows. */
  static async open(phases: string, options: OpenOptions = {}): Promise<Loopback> {
    const text = `blackstart: 1\nid: wire\nphases:\n${phases}`
    const { scenario, diagnostics } = parseScenario(text, { catalogue })
    if (!scenario || diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
    const loopback = new Loopback(compilePlan(scenario, faults), options)
    loopback.opened = await LoopbackServer.open({
      ...{ responder: loopback.responder, clock: loopback.network.inbound, doors: doorsOf(loopback.providers) },
      plan: () => loopback.plan,
      t: () => loopback.t(),
      isOffline: () => loopback.network.isDown,
      onRefused: host => loopback.strays.push(host),
      onStranger: line => loopback.strangers.push(line),
      ...options.server,
    })
    return loopback
  }

  get server(): LoopbackServer {
    if (!this.opened) throw new Error('it is not open')
    return this.opened
  }

  t(): number {
    return Math.round(this.clock.now() - this.originMs)
  }

  /** The scenario comes to a phase, by name (`healed` after the last), and every port to what it has of it. */
  async enter(phase: string): Promise<void> {
    this.comeTo(phase)
    await this.server.apply()
  }

  /** The scenario comes to a phase, and the ports are not there yet. */
  comeTo(phase: string): void {
    const at = this.plan.phases.find(({ name }) => name === phase)?.startMs ?? this.plan.lengthMs
    this.originMs = this.clock.now() - at - 1
  }

  door(provider = 'anthropic', surface = 'api'): OpenDoor {
    const door = this.server.doors.find(one => one.provider === provider && one.surface === surface)
    if (!door) throw new Error(`there is no door ${provider}.${surface}`)
    return door
  }

  /** Where the Messages API is. */
  get messages(): string {
    return `${this.url()}/v1/messages`
  }

  /** `http://127.0.0.1:21001`. */
  url(provider?: string, surface?: string): string {
    return urlOf(this.door(provider, surface))
  }

  port(provider?: string, surface?: string): number {
    return Number(this.door(provider, surface).at.split(':').at(-1))
  }

  events<T extends JournalEvent['type']>(type: T): readonly EventOf<T>[] {
    return this.journal.events.filter((event): event is EventOf<T> => event.type === type)
  }

  /** `effect → outcome` of every attempt so far, in the order of their beginnings. */
  attempts(): readonly string[] {
    const ended = new Map(this.events('attempt-ended').map(event => [event.attempt, event.outcome]))
    return this.events('attempt-started').map(({ attempt, effect }) => `${effect} → ${ended.get(attempt) ?? 'open'}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]()
    this.clock[Symbol.dispose]()
  }
}

export const canary = canaryKeys['anthropic'] ?? ''

/** Body of a Messages request. */
export function messages(more: object = {}): string {
  return JSON.stringify({
    model: 'claude-sonnet-5-5',
    max_tokens: 512,
    messages: [{ role: 'user', content: 'What is it? [q:1]' }],
    ...more,
  })
}

/** What `fetch` is given for a Messages request. */
export function asking(more: object = {}, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': canary, ...headers },
    body: messages(more),
  }
}

/** The same as text on the wire. */
export function rawRequest(more: object = {}, headers = ''): string {
  const body = messages(more)
  return `POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\nx-api-key: ${canary}\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** A connection, and all that comes over it. */
export interface Wire {
  readonly socket: Socket
  text(): string
  /** `end` for a FIN, else the code of the error; pending while it is open. */
  readonly ending: Promise<string>
}

export async function wireTo(port: number): Promise<Wire> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', data => {
    text += data.toString('latin1')
  })
  const ending = new Promise<string>(resolve => {
    socket.once('end', () => resolve('end'))
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  socket.on('error', () => {})
  await Promise.race([once(socket, 'connect'), ending])
  return { socket, text: () => text, ending }
}

/** Code of the error that a connection fails with; `connected`, or `nothing` within `patienceMs`. */
export async function connecting(port: number, patienceMs = 400): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  try {
    return await Promise.race([
      once(socket, 'connect').then(
        () => 'connected',
        (error: NodeJS.ErrnoException) => error.code ?? '',
      ),
      wait(patienceMs).then(() => 'nothing'),
    ])
  } finally {
    socket.on('error', () => {})
    socket.destroy()
  }
}

/** Code that `fetch` fails with, by the cause of its error. */
export async function failing(fetched: Promise<unknown>): Promise<string> {
  try {
    await fetched
    return 'nothing'
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error)
  }
}

/** What of a body came before it broke, and the code of what broke it. */
export async function readUntilBroken(response: Response): Promise<{ readonly text: string; readonly broke: string }> {
  const decoder = new TextDecoder()
  let text = ''
  const broke = await failing(
    (async () => {
      for await (const piece of response.body ?? []) text += decoder.decode(piece, { stream: true })
    })(),
  )
  return { text, broke }
}
