import { clientEnv } from '../clients/env.ts'
import { activateTap, followingFetch, nativeFetch } from '../engines/active-tap.ts'
import { createTap } from '../engines/fetch-tap.ts'
import { openSocketNet } from '../engines/socket-net.ts'
import type { Provider } from '../providers/provider.ts'
import type { Stage } from '../run/stage.ts'
import { takeOver } from '../run/take-over.ts'

export interface WorldOptions {
  readonly providers: readonly Provider[]
  /** Whether hosts that are no surface are reached as without an outage. */
  readonly passesOthers: boolean
}

/** The run's world around a test: environment, network, chance and process handlers, until disposed of. */
export interface OpenWorld extends Disposable {
  readonly env: Readonly<Record<string, string>>
  /** Ends the connections: what that brings about is still of this world. */
  closeNet(): void
}

/** Puts it there. The stage's clock must have the timers already. Leaves nothing behind when it throws. */
export function openWorld(stage: Stage, { providers, passesOthers }: WorldOptions): OpenWorld {
  const { responder, clock } = stage
  const { inbound } = stage.network
  const onRefused = (host: string, by?: 'http2') => stage.hostRefused(host, by)
  const outer = globalThis.fetch
  const others = passesOthers ? outer : undefined
  const tap = createTap({ responder, clock, inbound, native: nativeFetch, others, onRefused })
  const env = clientEnv(providers)
  const globals = takeOver({
    env,
    fetch: followingFetch,
    chance: () => stage.chance(),
    isTest: true,
    note: (kind, says) => stage.note(kind, says),
  })
  const open: Disposable[] = [globals]
  const dispose = () => {
    for (const one of open.splice(0).reverse()) one[Symbol.dispose]()
  }
  try {
    open.push(activateTap(tap))
    const net = openSocketNet({ responder, clock, inbound, passesOthers, onRefused })
    open.push(net)
    return { env: env.set, closeNet: () => net[Symbol.dispose](), [Symbol.dispose]: dispose }
  } catch (error) {
    dispose()
    throw error
  }
}
