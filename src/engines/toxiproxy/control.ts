import { Proxy as ProxyHandle, Toxiproxy } from 'toxiproxy-node-client'
import { ambientClock, type Clock } from '../../clock/clock.ts'
import { differenceOf, haveSameToxics, type ProxySpec, type ProxyState, type ServerProxy } from './proxy-state.ts'
import { addressProblem, nameProblem, type Toxic, toxicProblem } from './toxic.ts'
import { Transport } from './transport.ts'
import { isTrouble, ToxiproxyTrouble } from './trouble.ts'

export interface ControlOptions {
  /** Where the server's API is: `http://127.0.0.1:8474`. */
  readonly url: string
  readonly clock?: Clock
  /** How long each call may take, ms. */
  readonly timeoutMs?: number
  /** Told, in a sentence, what had to be mended. */
  onNotice?(text: string): void
}

/**
 * Drives one server through `toxiproxy-node-client`, and believes nothing that it has not read back. Whatever goes wrong
 * is a `ToxiproxyTrouble`.
 *
 * Toxics are only ever put on a proxy that is new and still closed: taken off one with live connections they can lock up
 * the server's API, and added to one they spare, or reset, the connections that are there already.
 */
export class ToxiproxyControl {
  readonly url: string
  private readonly client: Toxiproxy
  private readonly options: ControlOptions

  constructor(options: ControlOptions) {
    this.options = options
    this.url = options.url
    this.client = new Toxiproxy(options.url)
    const transport = new Transport({ clock: options.clock ?? ambientClock, timeoutMs: options.timeoutMs ?? 2_000 })
    // What the client calls is public, its class is not: ours has the same four methods.
    this.client.api = transport as unknown as Toxiproxy['api']
  }

  /** `git` where it was built by `go install`, whatever the version. */
  async version(): Promise<string> {
    const text = await this.client.getVersion()
    try {
      const { version }: { version?: unknown } = JSON.parse(text)
      if (typeof version === 'string') return version
    } catch {}
    throw new ToxiproxyTrouble(
      'refusal',
      `What answers at ${this.url} is no Toxiproxy: it said "${text.slice(0, 80)}".`,
    )
  }

  /** All proxies of the server, those of others too. */
  async list(): Promise<readonly ServerProxy[]> {
    const { data } = await this.client.api.get<Readonly<Record<string, ServerProxy>>>(`${this.url}/proxies`)
    return Object.values(data)
  }

  async read(name: string): Promise<ServerProxy | undefined> {
    try {
      return (await this.client.api.get<ServerProxy>(`${this.url}/proxies/${name}`)).data
    } catch (error) {
      if (isTrouble(error, 'refusal') && error.status === 404) return undefined
      throw error
    }
  }

  /** Makes a proxy: closed, then with its toxics, then open. So no connection is there before its toxics are. */
  async create(spec: ProxySpec, state: ProxyState): Promise<ServerProxy> {
    checkSpec(spec)
    checkToxics(spec.name, state.toxics)
    const proxy = await this.client.createProxy({ ...spec, enabled: false })
    for (const toxic of state.toxics) await proxy.addToxic<Toxic['attributes']>(toxic)
    if (state.enabled) await proxy.update({ ...address(spec), enabled: true })
    return this.verified(spec, state)
  }

  /**
   * Brings a proxy into `state`, whether it is there or not. Every connection of one that changes is closed, or those
   * that are kept alive would live on under the rules of before. A call that is not answered makes the proxy anew.
   */
  async set(spec: ProxySpec, state: ProxyState): Promise<ServerProxy> {
    checkToxics(spec.name, state.toxics)
    try {
      const now = await this.read(spec.name)
      if (!now) return await this.create(spec, state)
      if (differenceOf(now, spec, state) === undefined) return now
      if (!haveSameToxics(now, state)) return await this.replace(spec, state)
      await this.handle(spec).update({ ...address(spec), enabled: state.enabled })
      return await this.verified(spec, state)
    } catch (error) {
      if (!isTrouble(error, 'timeout')) throw error
      this.options.onNotice?.(`${error.message} The proxy "${spec.name}" is made anew.`)
      return this.replace(spec, state)
    }
  }

  /** Ends all connections of a proxy that is open, and keeps it and its toxics as they are. */
  async closeConnections(spec: ProxySpec): Promise<void> {
    const now = await this.read(spec.name)
    if (!now?.enabled) return
    const handle = this.handle(spec)
    await handle.update({ ...address(spec), enabled: false })
    await handle.update({ ...address(spec), enabled: true })
    await this.verified(spec, { enabled: true, toxics: now.toxics })
  }

  /** Takes a proxy off the server, and sees that it is gone. One that is not there is well. */
  async remove(name: string): Promise<void> {
    try {
      await this.handle({ name, listen: '', upstream: '' }).remove()
    } catch (error) {
      if (!isTrouble(error, 'refusal') || error.status !== 404) throw error
    }
    if (await this.read(name))
      throw new ToxiproxyTrouble('difference', `Toxiproxy took the proxy "${name}" off, and has it still.`)
  }

  /** Throws when one of these proxies is still there. */
  async verifyClean(names: readonly string[]): Promise<void> {
    const left = (await this.list()).map(({ name }) => name).filter(name => names.includes(name))
    if (left.length > 0)
      throw new ToxiproxyTrouble('difference', `Toxiproxy at ${this.url} still has the proxies ${left.join(', ')}.`)
  }

  private async replace(spec: ProxySpec, state: ProxyState): Promise<ServerProxy> {
    await this.remove(spec.name)
    return this.create(spec, state)
  }

  private async verified(spec: ProxySpec, state: ProxyState): Promise<ServerProxy> {
    const now = await this.read(spec.name)
    const difference = now ? differenceOf(now, spec, state) : 'it is not there'
    if (now && difference === undefined) return now
    throw new ToxiproxyTrouble(
      'difference',
      `Toxiproxy has the proxy "${spec.name}" otherwise than asked: ${difference}.`,
    )
  }

  private handle(spec: ProxySpec): ProxyHandle {
    return new ProxyHandle(this.client, { ...spec, enabled: false, toxics: [] })
  }
}

function address({ listen, upstream }: ProxySpec): { listen: string; upstream: string } {
  return { listen, upstream }
}

function checkSpec({ name, listen, upstream }: ProxySpec): void {
  const problem = nameProblem(name) ?? addressProblem(listen) ?? addressProblem(upstream)
  if (problem !== undefined)
    throw new ToxiproxyTrouble('bad-request', `The proxy "${name}" cannot be made: ${problem}.`)
  if (listen.endsWith(':0'))
    throw new ToxiproxyTrouble(
      'bad-request',
      `The proxy "${name}" cannot be made: it needs a port that it keeps, not 0.`,
    )
}

function checkToxics(name: string, toxics: readonly Toxic[]): void {
  const seen = new Set<string>()
  for (const toxic of toxics) {
    const problem = toxicProblem(toxic) ?? (seen.has(toxic.name) ? `there are two toxics "${toxic.name}"` : undefined)
    if (problem !== undefined)
      throw new ToxiproxyTrouble('bad-request', `The proxy "${name}" cannot be given this toxic: ${problem}.`)
    seen.add(toxic.name)
  }
}
