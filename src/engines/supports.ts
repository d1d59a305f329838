import { unreachable } from '../lib/invariant.ts'
import type { Effect } from '../model/effect.ts'
import type { Fault } from '../model/fault.ts'

/** What carries a scenario's faults to an app. */
export type EngineName = 'msw' | 'loopback' | 'toxiproxy'

/** How far an engine does something: just so, or as near as a sentence says. */
export type Support = 'yes' | { readonly nearly: string }

export type EngineSupport = Readonly<Record<EngineName, Support>>

/** How the engines do what a fault does to one attempt. What none of them can do is no effect. */
export function supportOf(fault: Pick<Fault, 'reusedOnly'>, effect: Effect): EngineSupport {
  const support = supportOfEffect(effect)
  if (fault.reusedOnly !== true) return support
  return {
    ...support,
    msw: { nearly: 'There are no connections, so every attempt counts as one on a used connection.' },
  }
}

function supportOfEffect(effect: Effect): EngineSupport {
  switch (effect.type) {
    case 'pass':
    case 'answer':
    case 'answer-raw':
    case 'slow':
    case 'stall':
    case 'stream-error':
    case 'garble':
    case 'empty':
    case 'wrong':
      return everywhere
    case 'delay':
      return supportOfEffect(effect.then)
    case 'refuse':
      return { msw: 'yes', ...onSockets('A port is closed for all; a share of the requests is reset instead.') }
    case 'dns':
      return { msw: 'yes', ...onSockets('An address of this machine always resolves: the port is closed instead.') }
    case 'tls':
      return {
        msw: 'yes',
        loopback: { nearly: 'With `--tls`, and for all; else there is no handshake, and the request is reset.' },
        toxiproxy: { nearly: 'A proxy takes no part in handshakes: the connection is closed.' },
      }
    case 'reset':
      return {
        ...everywhere,
        toxiproxy: { nearly: 'A reset where it is for all; a share of the requests is closed by FIN.' },
      }
    case 'hold':
      return effect.connect
        ? {
            msw: 'yes',
            loopback: { nearly: 'For all; of a share the connection is accepted, and nothing is answered.' },
            toxiproxy: { nearly: 'A proxy accepts every connection: it is accepted, and nothing is answered.' },
          }
        : { ...everywhere, toxiproxy: { nearly: 'What it has swallowed is closed as it ends.' } }
    case 'cut':
      return effect.by === 'rst' ? finForReset : everywhere
    case 'lose':
      return finForReset
    default:
      return unreachable(effect)
  }
}

const everywhere: EngineSupport = { msw: 'yes', loopback: 'yes', toxiproxy: 'yes' }

const finForReset: EngineSupport = {
  ...everywhere,
  toxiproxy: { nearly: 'A reset of the server behind it comes through as FIN.' },
}

function onSockets(nearly: string): Pick<EngineSupport, 'loopback' | 'toxiproxy'> {
  return { loopback: { nearly }, toxiproxy: { nearly } }
}
