import { ambientClock, type Clock } from '../clock/clock.ts'
import { passOn } from '../engines/loopback/pass-on.ts'
import type { PassedOn } from '../engines/loopback/server.ts'
import { type Forwarder, openForwarder } from '../engines/pass-through/forwarder.ts'
import { Guard } from '../engines/pass-through/guard.ts'
import { UsageError } from '../lib/errors.ts'
import type { Arrival } from '../model/arrival.ts'
import type { PassThrough } from './options.ts'

/** Real providers behind a drill. */
export interface Behind extends Disposable {
  readonly guard: Guard
  readonly upstreams: Readonly<Record<string, string>>
  /** Whether an arrival leads there and no fault may befall it. */
  isSpared(arrival: Arrival): boolean
  passOn(clock: Clock): (passed: PassedOn) => Promise<boolean>
}

export interface BehindOptions {
  readonly passThrough: PassThrough
  readonly seed: number
  readonly speed: number
}

/** Throws a `UsageError` for an upstream, or a key, that cannot be had. */
export function behind({ passThrough, seed, speed }: BehindOptions): Behind {
  const { upstreams, keyFrom, limits, ca } = passThrough
  const forwarder: Forwarder = openForwarder({
    upstreams,
    keyFrom,
    clock: ambientClock,
    ...(ca !== undefined && { ca }),
  })
  const guard = new Guard({ seed, clock: ambientClock, ...limits })
  return {
    guard,
    upstreams,
    isSpared: ({ provider, surface, user, session, call }) =>
      forwarder.leads(provider, surface) && !guard.mayInject({ user, session, call }),
    passOn: clock => passOn({ forwarder, guard, clock, speed }),
    [Symbol.dispose]() {
      guard[Symbol.dispose]()
      forwarder[Symbol.dispose]()
    },
  }
}

/** Throws a `UsageError` when an upstream is one of the drill's own ports: its requests would go round for ever. */
export function refuseOwnPorts({ upstreams }: Pick<Behind, 'upstreams'>, hosts: readonly string[]): void {
  for (const [provider, base] of Object.entries(upstreams))
    if (hosts.includes(new URL(base).host))
      throw new UsageError(
        `--upstream ${provider}=${base}: this is a port of the drill itself.`,
        'Name the real provider, or another server.',
      )
}
