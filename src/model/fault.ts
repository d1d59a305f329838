import type { Arrival } from './arrival.ts'
import type { CutPoint, Effect } from './effect.ts'
import type { Params } from './param.ts'
import type { ParamValue } from './scenario.ts'

/** What a provider or the network does wrong: one file each, an open set over the closed set of effects. */
export interface Fault {
  readonly id: string
  /** One sentence: what happens to the request. */
  readonly says: string
  readonly params: Params
  /** Streaming only, e.g. an error inside a stream; a non-streamed arrival is then not eligible. */
  readonly streamingOnly?: boolean
  /** It befalls connections that are used again; an arrival on a fresh one, where the engine can tell, is then not eligible. */
  readonly reusedOnly?: boolean
  /** The effect on one arrival. Pure: chance comes from `draw`, in [0, 1). */
  effect(params: FaultParams, context: FaultContext): Effect
}

export interface FaultContext {
  readonly arrival: Arrival
  /** A keyed draw in [0, 1); `purpose` keeps two draws of one arrival apart. */
  draw(purpose: string): number
}

/** Typed access to parsed parameters; the defaults of the declaration are filled in. */
export interface FaultParams {
  number(name: string): number
  optionalNumber(name: string): number | undefined
  text(name: string): string
  optionalText(name: string): string | undefined
  flag(name: string): boolean
  optionalFlag(name: string): boolean | undefined
  cutPoint(name: string): CutPoint
  textMap(name: string): Readonly<Record<string, string>>
  /** Full names, as the parser leaves them; none when absent. */
  surfaces(name: string): readonly string[]
}

/** Declares a fault; users may add their own. The id is kebab-case and equals the file's name. */
export function defineFault(fault: Fault): Fault {
  return Object.freeze(fault)
}

/** Reads `values` by the declaration `params`, filling defaults. */
export function faultParams(params: Params, values: Readonly<Record<string, ParamValue>>): FaultParams {
  const read = (name: string): unknown => values[name] ?? params[name]?.default
  const required = <T>(name: string, is: (value: unknown) => value is T): T => {
    const value = read(name)
    if (!is(value)) throw new TypeError(`Parameter "${name}" has no value of its kind`)
    return value
  }
  const optional = <T>(name: string, is: (value: unknown) => value is T): T | undefined => {
    const value = read(name)
    return is(value) ? value : undefined
  }
  return {
    number: name => required(name, isNumber),
    optionalNumber: name => optional(name, isNumber),
    text: name => required(name, isText),
    optionalText: name => optional(name, isText),
    flag: name => required(name, isFlag),
    optionalFlag: name => optional(name, isFlag),
    cutPoint: name => required(name, isCutPoint),
    textMap: name => optional(name, isTextMap) ?? {},
    surfaces: name => optional(name, isTextList) ?? [],
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number'
const isText = (value: unknown): value is string => typeof value === 'string'
const isFlag = (value: unknown): value is boolean => typeof value === 'boolean'
const isCutPoint = (value: unknown): value is CutPoint => typeof value === 'object' && value !== null
const isTextList = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isText)
const isTextMap = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && Object.values(value).every(isText)
