import type { Clock } from '../../clock/clock.ts'
import type { Recognised, RenderContext, Script } from '../../providers/provider.ts'
import type { Dialect } from '../../providers/render.ts'
import type { Step } from './steps.ts'

export interface RelayOptions {
  /** How the provider speaks, for what is put into its answer. */
  readonly dialect: Dialect
  readonly request: Recognised
  readonly context: RenderContext
  /** The scenario's own time. */
  readonly clock: Clock
  /** How many times faster than real time that is; 1 when absent. */
  readonly speed?: number
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

/** A real answer after what the effect makes of it. */
export type Relayed =
  /** To be sent as it comes. */
  | {
      readonly type: 'stream'
      readonly status: number
      readonly headers: Readonly<Record<string, string | string[]>>
      readonly steps: AsyncIterable<Step>
    }
  /** To be performed like any other script; `broken` says why the upstream did not answer whole. */
  | { readonly type: 'script'; readonly script: Script; readonly broken?: string }
