import { ambientClock, type Clock } from '../../clock/clock.ts'
import { invariant } from '../../lib/invariant.ts'
import type { Plan } from '../../model/timeline.ts'
import { CarriedRoute, ownerOf, type RouteCount } from './carried-route.ts'
import { isAlive } from './child.ts'
import { ToxiproxyControl } from './control.ts'
import type { Route } from './route.ts'
import type { ToxiproxyServer } from './server.ts'
import { ToxiproxyTrouble } from './trouble.ts'
import { wireInstants } from './wire-state.ts'

export interface CarrierOptions {
  readonly server: Pick<ToxiproxyServer, 'url' | 'died'>
  readonly routes: readonly UpstreamRoute[]
  /** Asked whenever something is to be decided: a drill's plan may change under way. */
  plan(): Plan
  /** How many times faster than real time the scenario goes; 1 when absent. */
  readonly speed?: number
  readonly clock?: Clock
  /** How long each call of Toxiproxy's API may take, ms; 2,000 when absent. */
  readonly timeoutMs?: number
  /** Told, in a sentence, what had to be mended. */
  onNotice?(text: string): void
  /** An app's connection came through to a TCP service. */
  onConnection?(route: string): void
  /** An app's bytes did. */
  onBytes?(route: string, bytes: number): void
}

/** A route, and where it leads: for `http` a port of ours, `127.0.0.1:8080`; for `tcp` the service's own address. */
export interface UpstreamRoute extends Route {
  readonly upstream: string
}

/** Carries a plan's TCP faults over Toxiproxy. Disposing of it takes its proxies off, and throws unless that is verified. */
export interface Carrier extends AsyncDisposable {
  /** The port of 127.0.0.1 where the app reaches a route. */
  port(route: string): number
  /**
   * Brings every proxy into the state of `t`, ms since the first phase began, and reads it back. One that changes closes
   * its connections; one that is right already is left alone. Rejects with a `ToxiproxyTrouble` when it cannot be done.
   */
  apply(t: number): Promise<void>
  /** The next instant at which `apply` may have something to do; `undefined` when there is none. */
  nextChange(t: number): number | undefined
  counts(): readonly RouteCount[]
}

/** Puts a proxy in front of every route, at first without a fault. */
export async function openCarrier(options: CarrierOptions): Promise<Carrier> {
  const { server, clock = ambientClock, timeoutMs, onNotice } = options
  const control = new ToxiproxyControl({
    ...{ url: server.url, clock },
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(onNotice && { onNotice }),
  })
  await sweep(control, onNotice)
  const routes: CarriedRoute[] = []
  try {
    for (const route of options.routes) routes.push(await CarriedRoute.open(route, control, { ...options, clock }))
  } catch (error) {
    for (const route of routes) await route.close(false)
    throw error
  }
  return new OpenCarrier(options, control, routes)
}

class OpenCarrier implements Carrier {
  private readonly options: CarrierOptions
  private readonly control: ToxiproxyControl
  private readonly routes: ReadonlyMap<string, CarriedRoute>
  private ending: string | undefined
  private last: Promise<void> = Promise.resolve()

  constructor(options: CarrierOptions, control: ToxiproxyControl, routes: readonly CarriedRoute[]) {
    this.options = options
    this.control = control
    this.routes = new Map(routes.map(route => [route.name, route]))
    options.server.died.then(ending => {
      this.ending = ending
    })
  }

  port(route: string): number {
    return this.routeOf(route).port
  }

  apply(t: number): Promise<void> {
    // One after the other: what was asked for last holds.
    const applied = this.last.then(() => this.applyNow(t))
    this.last = applied.catch(() => {})
    return applied
  }

  nextChange(t: number): number | undefined {
    return wireInstants(this.options.plan(), this.options.routes).find(instant => instant > t)
  }

  counts(): readonly RouteCount[] {
    return [...this.routes.values()].map(route => route.count())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.last
    const routes = [...this.routes.values()]
    const ended = await Promise.allSettled(routes.map(route => route.close(this.ending !== undefined)))
    throwFirst(ended)
    if (this.ending === undefined) await this.control.verifyClean(routes.map(({ proxy }) => proxy))
  }

  private async applyNow(t: number): Promise<void> {
    if (this.ending !== undefined)
      throw new ToxiproxyTrouble('unreachable', `Toxiproxy has ended by itself: ${this.ending}.`)
    const plan = this.options.plan()
    throwFirst(await Promise.allSettled([...this.routes.values()].map(route => route.apply(plan, t))))
  }

  private routeOf(name: string): CarriedRoute {
    const route = this.routes.get(name)
    invariant(route, `no route ${name}`)
    return route
  }
}

/** A server of somebody else keeps the proxies of a process of ours that was killed: nobody but us would take them off. */
async function sweep(control: ToxiproxyControl, onNotice: CarrierOptions['onNotice']): Promise<void> {
  for (const { name } of await control.list()) {
    const owner = ownerOf(name)
    if (owner === undefined || isAlive(owner)) continue
    await control.remove(name)
    onNotice?.(`The proxy "${name}" of a process that is gone was taken off Toxiproxy.`)
  }
}

function throwFirst(results: readonly PromiseSettledResult<void>[]): void {
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
