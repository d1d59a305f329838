/** What one proxy does to bytes, as Toxiproxy 2.x knows it. Durations are ms but where a name says otherwise. */
export type Toxic = {
  /** Unique in its proxy, in both directions together. */
  readonly name: string
  /** `downstream` is what the service says, `upstream` what the app says. */
  readonly stream: 'downstream' | 'upstream'
  /** Share of connections that it takes, each for itself; in [0, 1]. */
  readonly toxicity: number
} & ToxicKind

export type ToxicKind =
  /** Every piece leaves this much later: a stream is shifted, not slowed. */
  | { readonly type: 'latency'; readonly attributes: { readonly latency: number; readonly jitter: number } }
  /** KB of 1,000 bytes a second for each connection. 0 holds everything back for as long as the toxic is there. */
  | { readonly type: 'bandwidth'; readonly attributes: { readonly rate: number } }
  | { readonly type: 'slow_close'; readonly attributes: { readonly delay: number } }
  /** Drops all bytes, and closes after this much silence; 0 never closes. */
  | { readonly type: 'timeout'; readonly attributes: { readonly timeout: number } }
  /** Drops the first bytes, waits this long, and resets. */
  | { readonly type: 'reset_peer'; readonly attributes: { readonly timeout: number } }
  /** Pieces of `average_size` bytes, and `delay` **microseconds** after each. */
  | {
      readonly type: 'slicer'
      readonly attributes: { readonly average_size: number; readonly size_variation: number; readonly delay: number }
    }
  /** Closes after so many bytes of a connection. */
  | { readonly type: 'limit_data'; readonly attributes: { readonly bytes: number } }

/** The attributes of each type, and the least that the server survives. */
const attributes: Readonly<Record<ToxicKind['type'], Readonly<Record<string, number>>>> = {
  latency: { latency: 0, jitter: 0 },
  bandwidth: { rate: 0 },
  slow_close: { delay: 0 },
  timeout: { timeout: 0 },
  reset_peer: { timeout: 0 },
  slicer: { average_size: 1, size_variation: 0, delay: 0 },
  limit_data: { bytes: 0 },
}

/** The server counts time in billionths of a second, in 63 bits: much more is less than nothing. */
const most = 1e12

/** A toxic as somebody wrote it, its words not yet looked at. */
export interface LooseToxic {
  readonly name: string
  readonly type: string
  readonly stream: string
  readonly toxicity: number
  readonly attributes: Readonly<Record<string, unknown>>
}

/**
 * Why `toxic` must not be sent, or `undefined` when it may. The server looks at nothing: a misspelt attribute is dropped
 * in silence and then 0, and some values end the whole process.
 */
export function toxicProblem({ name, type, stream, toxicity, attributes: given }: LooseToxic): string | undefined {
  const known = isType(type) ? attributes[type] : undefined
  if (type === 'down') return 'to take a proxy down is no toxic: disable the proxy'
  if (!known) return `there is no toxic "${type}"; there are ${Object.keys(attributes).join(', ')}`
  if (nameProblem(name) !== undefined) return nameProblem(name)
  if (stream !== 'downstream' && stream !== 'upstream')
    return `a stream is downstream or upstream, but "${stream}" was given`
  if (!(toxicity >= 0 && toxicity <= 1)) return `a toxicity is a share from 0 to 1, but ${toxicity} was given`
  for (const key of Object.keys(given))
    if (!Object.hasOwn(known, key)) return `${type} has no attribute "${key}"; it has ${Object.keys(known).join(', ')}`
  for (const [key, least] of Object.entries(known)) {
    const value = given[key]
    if (value === undefined) return `${type} needs its ${key}`
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      return `${key} of ${type} must be a whole number, but ${String(value)} was given`
    if (value > most) return `${key} of ${type} must be at most ${most}, but ${value} was given`
    if (value < least) return `${key} of ${type} must be at least ${least}, but ${value} was given`
  }
  if (type === 'slicer' && Number(given['size_variation']) >= Number(given['average_size']))
    return 'size_variation of slicer must be less than its average_size'
  return undefined
}

/** Why a proxy or a toxic cannot have this name, or `undefined` when it can. Other odd characters are encoded on the way. */
export function nameProblem(name: string): string | undefined {
  if (name === '' || name === '.' || name === '..') return `"${name}" is no name`
  // The server matches paths after it has decoded them.
  if (name.includes('/')) return `a name has no slash, but "${name}" has`
  return undefined
}

/** Why `address` cannot be given to the server, or `undefined` when it can. */
export function addressProblem(address: string): string | undefined {
  const [, host, port] = /^(.+):(\d+)$/.exec(address) ?? []
  if (host === undefined || Number(port) > 65_535) return `an address is host:port, but "${address}" was given`
  // It may be ::1 for one side and 127.0.0.1 for the other.
  if (host === 'localhost') return 'localhost may be an address of IPv6 alone: say 127.0.0.1'
  return undefined
}

function isType(type: string): type is ToxicKind['type'] {
  return Object.hasOwn(attributes, type)
}
