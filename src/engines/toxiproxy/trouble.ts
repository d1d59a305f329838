/** Why a Toxiproxy server did not do what it was asked. */
export type TroubleKind =
  /** No answer in time. */
  | 'timeout'
  /** Nothing answers at its address. */
  | 'unreachable'
  /** It said no. */
  | 'refusal'
  /** It said yes, and its state is another. */
  | 'difference'
  /** We would not ask that of it. */
  | 'bad-request'

/** A fault could not be put on the wire, or not be taken off it. The message is for people. */
export class ToxiproxyTrouble extends Error {
  override name = 'ToxiproxyTrouble'
  readonly kind: TroubleKind
  /** HTTP status of a refusal. */
  readonly status: number | undefined

  constructor(kind: TroubleKind, message: string, status?: number) {
    super(message)
    this.kind = kind
    this.status = status
  }
}

export function isTrouble(error: unknown, ...kinds: readonly TroubleKind[]): error is ToxiproxyTrouble {
  return error instanceof ToxiproxyTrouble && (kinds.length === 0 || kinds.includes(error.kind))
}
