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

const underWay = new Map<string, () => void>()
let count = 0

/** `onArrival`: the server has it. */
export function send(onArrival: () => void): Sent {
  const id = String(++count)
  let hasArrived = false
  underWay.set(id, () => {
    hasArrived = true
    onArrival()
  })
  return {
    id,
    get hasArrived() {
      return hasArrived
    },
    settle: () => void underWay.delete(id),
  }
}

/** A request with this in its header has arrived. False when whoever sent it has given up: it is not to be answered. */
export function arrived(id: string | undefined): boolean {
  if (id === undefined) return true
  const arrive = underWay.get(id)
  arrive?.()
  return arrive !== undefined
}
