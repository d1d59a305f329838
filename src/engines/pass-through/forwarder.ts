import { getCACertificates } from 'node:tls'
import type { Clock } from '../../clock/clock.ts'
import { invariant } from '../../lib/invariant.ts'
import { createAgents, type Lookup } from './agents.ts'
import type { Forwarded, ForwardRequest } from './forwarded.ts'
import { requestHeaders, type WireHeaders } from './headers.ts'
import { type KeyFrom, readKeys } from './keys.ts'
import { addressOf, pathAt, type Upstreams } from './read-upstreams.ts'
import { type Asked, ask } from './request.ts'

export interface ForwarderOptions {
  /** Base URLs by provider, as the command line named them. */
  readonly upstreams: Upstreams
  /** Real time: servers know no other, whatever the speed of the scenario. */
  readonly clock: Clock
  /** Certificates (PEM) of authorities of one's own, beside those that Node trusts. */
  readonly ca?: string | readonly string[]
  /** How long an answer may take to begin, ms; ten minutes when absent, as with the SDKs. */
  readonly timeoutMs?: number
  /** Variables whose keys take the place of canary ones; a provider that is not named keeps what its client sent. */
  readonly keyFrom?: KeyFrom
  readonly env?: Readonly<Record<string, string | undefined>>
  /** How names become addresses; the system's own way when absent. */
  readonly lookup?: Lookup
}

const answerPatienceMs = 600_000

/**
 * Sends requests on to real servers and hands back what they answer, byte for byte and as it comes. Certificates are
 * always checked, whatever the environment says. Throws a `UsageError` for an upstream or a key that cannot be used.
 */
export function openForwarder(options: ForwarderOptions): Forwarder {
  return new Forwarder(options)
}

export class Forwarder implements Disposable {
  private readonly options: ForwarderOptions
  private readonly bases: ReadonlyMap<string, URL>
  private readonly keys: ReturnType<typeof readKeys>
  private readonly agents: ReturnType<typeof createAgents>
  private readonly closing = new AbortController()

  constructor(options: ForwarderOptions) {
    const { upstreams, keyFrom = {}, env = process.env, ca, lookup } = options
    this.options = options
    this.bases = new Map(Object.entries(upstreams).map(([provider, base]) => [provider, addressOf(provider, base)]))
    this.keys = readKeys(keyFrom, env)
    this.agents = createAgents({
      ...(ca !== undefined && { ca: [...getCACertificates('default'), ...[ca].flat()] }),
      ...(lookup && { lookup }),
    })
  }

  /**
   * Whether requests for `surface` (without the provider's name) have somewhere to go. An upstream stands for the API: login,
   * status pages and products are at other hosts in life.
   */
  leads(provider: string, surface: string): boolean {
    return this.bases.has(provider) && (surface === 'api' || surface.startsWith('api.'))
  }

  /** Never rejects for what an upstream does: that is told as data, without keys. */
  async forward(request: ForwardRequest): Promise<Forwarded> {
    const { provider, method, headers, body, signal, pathAndQuery } = request
    const base = this.bases.get(provider)
    invariant(base, `No upstream of ${provider} was named`)
    const place = base.host
    if (isSigned(headers)) return { type: 'unreachable', why: signedFor(place) }
    const withKey = (text: string) => this.keys.replaceIn(provider, text)
    const asked: Asked = {
      base,
      place,
      method,
      path: withKey(pathAt(base, pathAndQuery)),
      headers: requestHeaders(headers, method, body.byteLength, withKey),
      body,
      agent: this.agents.of(base),
      signal: AbortSignal.any([this.closing.signal, ...(signal ? [signal] : [])]),
      clock: this.options.clock,
      answerPatienceMs: this.options.timeoutMs ?? answerPatienceMs,
      hide: text => this.keys.hideIn(text),
    }
    return await ask(asked)
  }

  /** Lets go of everything that is under way, and of all connections. */
  [Symbol.dispose](): void {
    this.closing.abort()
    this.agents.destroy()
  }
}

/** AWS signs the host and the headers of a request: sent to another host it is worth nothing. */
function isSigned(headers: WireHeaders): boolean {
  return /^AWS4-/.test(String(headers['authorization'] ?? ''))
}

function signedFor(place: string): string {
  return (
    `the request is signed (AWS Signature Version 4) for the address that the client was given, so ${place} would turn ` +
    'it down; a client that signs in with a Bedrock API key (AWS_BEARER_TOKEN_BEDROCK) can be let through'
  )
}
