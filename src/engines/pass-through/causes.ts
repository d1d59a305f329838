/** Why an upstream did not answer, in words that people can act on. `place` is its host, with a port where it has one. */
export function causeInWords(error: unknown, place: string): string {
  const code = codeOf(error)
  const known = words[code]
  if (known !== undefined) return known(place)
  if (code.startsWith('HPE_')) return `${place} does not speak HTTP/1.1 (${code})`
  if (/^ERR_(?:SSL|TLS)/.test(code) || code === 'EPROTO') return `the TLS handshake with ${place} failed (${code})`
  const message = error instanceof Error ? error.message : String(error)
  return `asking ${place} failed: ${message}${code === '' ? '' : ` (${code})`}`
}

type Words = Readonly<Record<string, (place: string) => string>>

const nobodyKnown = (place: string) =>
  `the certificate of ${place} is signed by nobody that is trusted here; a CA of your own is named by NODE_EXTRA_CA_CERTS`
const unresolved = (place: string) => `the name of ${place} does not resolve`

const words: Words = {
  ENOTFOUND: unresolved,
  EAI_AGAIN: unresolved,
  ECONNREFUSED: place => `${place} refuses connections`,
  ECONNRESET: place => `${place} closed the connection before it answered`,
  EPIPE: place => `${place} closed the connection before it answered`,
  ETIMEDOUT: place => `${place} cannot be connected to: no reply`,
  EHOSTUNREACH: place => `there is no route to ${place}`,
  ENETUNREACH: place => `there is no route to ${place}`,
  ERR_TLS_CERT_ALTNAME_INVALID: place => `the certificate of ${place} is for another name`,
  CERT_HAS_EXPIRED: place => `the certificate of ${place} has expired`,
  CERT_NOT_YET_VALID: place => `the certificate of ${place} is not valid yet`,
  CERT_REVOKED: place => `the certificate of ${place} is revoked`,
  DEPTH_ZERO_SELF_SIGNED_CERT: nobodyKnown,
  SELF_SIGNED_CERT_IN_CHAIN: nobodyKnown,
  UNABLE_TO_GET_ISSUER_CERT: nobodyKnown,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: nobodyKnown,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: nobodyKnown,
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
