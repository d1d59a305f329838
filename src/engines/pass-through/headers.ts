/** As `node:http` hands them out: names in lower case, repeated ones joined, cookies apart. */
export type WireHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

// RFC 9110 §7.6.1: what is said about one connection is not said on the next.
const ofTheConnection = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

// Said anew for the upstream; and a fault in a body must find text.
const saidAnew = new Set(['accept-encoding', 'content-length', 'expect', 'host'])

/** What is sent to the upstream: the client's own headers, less those of its connection and those meant for the drill. */
export function requestHeaders(
  headers: WireHeaders,
  method: string,
  bodyBytes: number,
  change: (value: string) => string,
): Record<string, string | string[]> {
  const sent = passedOn(headers, name => saidAnew.has(name) || name.startsWith('blackstart-'), change)
  const hasBody = bodyBytes > 0 || /^(?:POST|PUT|PATCH)$/i.test(method)
  return { ...sent, 'accept-encoding': 'identity', ...(hasBody && { 'content-length': String(bodyBytes) }) }
}

/** What the client is to see of the upstream's headers. Other ways to reach the upstream would lead around the drill. */
export function responseHeaders(headers: WireHeaders): Record<string, string | string[]> {
  return passedOn(
    headers,
    name => name === 'alt-svc',
    value => value,
  )
}

/** One value a name, as providers write them: of several cookies the first, for the clients of APIs keep none. */
export function plainHeaders(headers: WireHeaders): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const only = typeof value === 'string' ? value : value?.[0]
    if (only !== undefined) plain[name] = only
  }
  return plain
}

function passedOn(
  headers: WireHeaders,
  isLeftOut: (name: string) => boolean,
  change: (value: string) => string,
): Record<string, string | string[]> {
  const named = String(headers['connection'] ?? '')
    .toLowerCase()
    .split(',')
    .map(name => name.trim())
  const kept: Record<string, string | string[]> = {}
  for (const [spelled, value] of Object.entries(headers)) {
    const name = spelled.toLowerCase()
    if (value === undefined || ofTheConnection.has(name) || named.includes(name) || isLeftOut(name)) continue
    kept[name] = typeof value === 'string' ? change(value) : value.map(change)
  }
  return kept
}
