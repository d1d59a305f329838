import type { ProfileCell } from '../../profile/cell.ts'
import type { CellName } from '../../profile/profile.ts'

/** Set, with a {@link ProfileOrder} as JSON, in the process that runs the client. */
export const profileVariable = 'BLACKSTART_PROFILE'

/** What the process that prints asks of the one that runs the client. */
export interface ProfileOrder {
  readonly client: string
  readonly provider: string | undefined
  readonly seed: number
  readonly cells: readonly CellName[]
  /** The config's file; absent where none is heeded. */
  readonly config: string | undefined
}

/** What that one tells, one JSON text a line. */
export type ProfileMessage =
  | { readonly type: 'loaded'; readonly client: string; readonly provider: string }
  | { readonly type: 'alive' }
  | { readonly type: 'cell'; readonly cell: ProfileCell }
  | { readonly type: 'refused'; readonly message: string; readonly hint: string | undefined }
