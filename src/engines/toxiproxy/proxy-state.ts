import type { Toxic } from './toxic.ts'

/** Where a proxy stands. */
export interface ProxySpec {
  readonly name: string
  /** `127.0.0.1:20000`: where the app connects. */
  readonly listen: string
  /** Where it leads. */
  readonly upstream: string
}

/** What a proxy does. */
export interface ProxyState {
  /** Whether it listens at all: when not, connections are refused. */
  readonly enabled: boolean
  readonly toxics: readonly Toxic[]
}

/** A proxy as the server tells it; it has other keys besides. */
export interface ServerProxy extends ProxySpec, ProxyState {}

/** Lets everything through. */
export const healthyState: ProxyState = Object.freeze({ enabled: true, toxics: [] })

export function haveSameToxics(a: ProxyState, b: ProxyState): boolean {
  return toxicsText(a.toxics) === toxicsText(b.toxics)
}

/** What of `now` is not as it should be, in words; `undefined` when all is. */
export function differenceOf(now: ServerProxy, spec: ProxySpec, state: ProxyState): string | undefined {
  for (const key of ['listen', 'upstream'] as const)
    if (now[key] !== spec[key]) return `${key} is ${now[key]} and not ${spec[key]}`
  if (now.enabled !== state.enabled) return `it is ${now.enabled ? 'open' : 'closed'}`
  if (haveSameToxics(now, state)) return undefined
  return `its toxics are ${toxicsText(now.toxics)} and not ${toxicsText(state.toxics)}`
}

function toxicsText(toxics: readonly Toxic[]): string {
  if (toxics.length === 0) return 'none'
  return toxics.map(toxicText).toSorted().join(', ')
}

function toxicText({ name, type, stream, toxicity, attributes }: Toxic): string {
  const values = Object.entries(attributes)
    .map(([key, value]) => `${key} ${value}`)
    .toSorted()
  // The server keeps a toxicity in 32 bits.
  return `${name} (${type}, ${stream}, ${Number(Math.fround(toxicity).toPrecision(6))}, ${values.join(', ')})`
}
