import { type Context, currentContext, inContext } from '../../attribution/attribution.ts'
import type { Exchange } from '../exchange.ts'

/**
 * A request of a client in this process that is on its way to a server in it. Whether it ever arrived is then known
 * exactly: what the server has not seen by the time the client has given up it never answers.
 */
export interface Sent {
  /** Goes with the request, under {@link sentHeader}. */
  readonly id: string
  readonly hasArrived: boolean
  /** The client has its answer, or has given up. */
  settle(): void
}

/** Between a client and a server in one process; no provider ever sees it. */
export const sentHeader = 'blackstart-sent'

interface UnderWay {
  readonly context: Context | undefined
  arrive(): Exchange | undefined
}

const underWay = new Map<string, UnderWay>()
let count = 0

/** `onArrival`: the server has it. What it gives is the attempt that this is, where the client has begun it. */
export function send(onArrival: () => Exchange | undefined): Sent {
  const id = String(++count)
  let hasArrived = false
  underWay.set(id, {
    context: currentContext(),
    arrive() {
      hasArrived = true
      return onArrival()
    },
  })
  return {
    id,
    get hasArrived() {
      return hasArrived
    },
    settle: () => void underWay.delete(id),
  }
}

/**
 * A request with this in its header has arrived. `exchange`: the attempt that it is, where that has begun. `undefined` when
 * whoever sent it has given up: it is not to be answered.
 */
export function arrived(id: string | undefined): { readonly exchange: Exchange | undefined } | undefined {
  if (id === undefined) return { exchange: undefined }
  const sent = underWay.get(id)
  return sent && { exchange: sent.arrive() }
}

/** Runs `fn` as the code of the client that sent it: whose instance and task it is no socket tells. */
export function asSender<T>(id: string | undefined, fn: () => T): T {
  const context = id === undefined ? undefined : underWay.get(id)?.context
  return context ? inContext(context, fn) : fn()
}
