import type { Json } from './scenario.ts'

/**
 * A fault's or an oracle's parameter, declared once: the validator, the printer, the JSON Schema, the generators and
 * the reference table all read it.
 */
export type Param =
  | {
      readonly kind: 'duration'
      readonly says: string
      readonly default?: number
      readonly min?: number
      readonly max?: number
    }
  | { readonly kind: 'share'; readonly says: string; readonly default?: number }
  | {
      readonly kind: 'number'
      readonly says: string
      readonly unit?: string
      readonly default?: number
      readonly min?: number
      readonly max?: number
      readonly integer?: boolean
    }
  | { readonly kind: 'boolean'; readonly says: string; readonly default?: boolean }
  | { readonly kind: 'text'; readonly says: string; readonly default?: string }
  | { readonly kind: 'choice'; readonly says: string; readonly options: readonly string[]; readonly default?: string }
  /** `3 events`, `120 bytes`, `5s`, `inside frame`. Value: a `CutPoint`. */
  | { readonly kind: 'cut-point'; readonly says: string; readonly default?: Json }
  /** A map of names to text, as HTTP headers are. */
  | { readonly kind: 'text-map'; readonly says: string; readonly default?: Readonly<Record<string, string>> }
  /** A surface or a list of surfaces, in full names once parsed. */
  | { readonly kind: 'surfaces'; readonly says: string; readonly default?: readonly string[] }

export type Params = Readonly<Record<string, Param>>
