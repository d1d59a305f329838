import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Refused } from './problem.ts'

/**
 * Refuses what reached the port by another name, as a page does whose name was rebound to this machine (DNS rebinding),
 * and what a page of another site asks for.
 */
export function guardOrigin({ host, origin }: IncomingHttpHeaders, port: number): void {
  const names = ['127.0.0.1', 'localhost', '[::1]'].map(name => `${name}:${port}`)
  if (host === undefined || !names.includes(host.toLowerCase()))
    throw new Refused('host-refused', {
      message: `The control API does not go by the name ${JSON.stringify(host ?? '')}.`,
      hint: `Ask http://${names[0]}; it is for this machine alone.`,
    })
  if (origin !== undefined && !names.some(name => origin.toLowerCase() === `http://${name}`))
    throw new Refused('origin-refused', {
      message: `The control API takes nothing from a page of ${JSON.stringify(origin)}.`,
      hint: 'Ask from a program, without an origin header.',
    })
}

export interface GuardTokenOptions {
  readonly token: string
  readonly query: URLSearchParams
  /** The password of basic authentication is looked at, too. */
  readonly takesBasic: boolean
}

/** Refuses who does not know the token. */
export function guardToken(
  { authorization }: IncomingHttpHeaders,
  { token, query, takesBasic }: GuardTokenOptions,
): void {
  const [, bearer] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  const given = bearer ?? (takesBasic ? passwordOf(authorization) : undefined)
  if (given !== undefined && isSame(given, token)) return
  throw new Refused('unauthorized', {
    message:
      authorization === undefined
        ? 'The control API wants the token of this drill.'
        : given === undefined
          ? 'The authorization header is not of the form "Bearer TOKEN".'
          : 'This is not the token of this drill.',
    hint: query.has('token')
      ? 'A token in a URL ends up in logs and is not taken: send the header "authorization: Bearer TOKEN".'
      : 'Send the header "authorization: Bearer TOKEN", with the token that the drill told at its start.',
    headers: { 'www-authenticate': 'Bearer realm="blackstart drill"' },
  })
}

function passwordOf(authorization: string | undefined): string | undefined {
  const [, encoded] = /^basic +([\w+/=-]+)$/i.exec(authorization ?? '') ?? []
  if (encoded === undefined) return undefined
  const pair = Buffer.from(encoded, 'base64').toString('utf8')
  const at = pair.indexOf(':')
  return at < 0 ? undefined : pair.slice(at + 1)
}

/** Takes as long whatever is wrong with it: digests are of one length. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}
