import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { ambientClock } from '../../../../src/clock/clock.ts'
import { RealClock } from '../../../../src/clock/real.ts'
import { doorsOf } from '../../../../src/engines/loopback/door.ts'
import { type LoopbackOptions, LoopbackServer } from '../../../../src/engines/loopback/server.ts'
import { type OpenDoor, urlOf } from '../../../../src/engines/loopback/where-to.ts'
import { faults } from '../../../../src/faults/index.ts'
import type { JournalEvent } from '../../../../src/journal/event.ts'
import type { AnswerEntry } from '../../../../src/model/scenario.ts'
import { compilePlan } from '../../../../src/model/timeline.ts'
import { providersFor } from '../../../../src/providers/for-run.ts'
import type { Provider } from '../../../../src/providers/provider.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import { Stage } from '../../../../src/run/stage.ts'
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
  readonly stage: Stage<RealClock>
  readonly server: LoopbackServer
  readonly providers: readonly Provider[]
  /** Hosts that were asked for through it as a proxy. */
  readonly strays: string[]
  /** Requests that nothing answers to. */
  readonly strangers: string[]

  private constructor(
    stage: Stage<RealClock>,
    server: LoopbackServer,
    parts: Pick<Loopback, 'providers' | 'strays' | 'strangers'>,
  ) {
    this.stage = stage
    this.server = server
    this.providers = parts.providers
    this.strays = parts.strays
    this.strangers = parts.strangers
  }

  /** `phases`: lines of YAML under `phases:`, and whatever else follows. */
  static async open(phases: string, options: OpenOptions = {}): Promise<Loopback> {
    const { speed = 1, answers, server: more } = options
    const text = `blackstart: 1\nid: wire\nphases:\n${phases.replace(/^(?=- )/gm, '  ')}`
    const { scenario, diagnostics } = parseScenario(text, { catalogue })
    if (!scenario || diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
    const plan = compilePlan(scenario, faults)
    const providers = providersFor(scenario)
    const clock = new RealClock(speed)
    const stage = new Stage({
      ...{ plan, seed: 1, providers, clock, answers },
      pace: { speed, wall: () => clock.wall() },
    })
    const strays: string[] = []
    const strangers: string[] = []
    const server = await LoopbackServer.open({
      ...{ responder: stage.responder, clock: stage.network.inbound, doors: doorsOf(providers) },
      plan: () => stage.plan,
      t: () => stage.t(),
      isOffline: () => stage.network.isDown,
      onRefused: host => strays.push(host),
      onStranger: line => strangers.push(line),
      ...more,
    })
    return new Loopback(stage, server, { providers, strays, strangers })
  }

  /** The scenario comes to a phase, by name (`healed` after the last), and every port to what it has of it. */
  async enter(phase: string): Promise<void> {
    const { plan } = this.stage
    const at = plan.phases.find(({ name }) => name === phase)?.startMs ?? plan.lengthMs
    this.stage.originMs = this.stage.clock.now() - at - 1
    await this.server.apply()
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
    return this.stage.journal.events.filter((event): event is EventOf<T> => event.type === type)
  }

  /** `effect → outcome` of every attempt so far, in the order of their beginnings. */
  attempts(): readonly string[] {
    const ended = new Map(this.events('attempt-ended').map(event => [event.attempt, event.outcome]))
    return this.events('attempt-started').map(({ attempt, effect }) => `${effect} → ${ended.get(attempt) ?? 'open'}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stage.close()
    await this.server[Symbol.asyncDispose]()
    this.stage[Symbol.dispose]()
  }
}

export const canary = 'sk-ant-api03-blackstart-canary'

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
