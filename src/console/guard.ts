import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { type Role, roles } from './protocol.ts'
import { Refused } from './refused.ts'

/** Where the console listens, and nowhere else. */
export const consoleHost = '127.0.0.1'

/**
 * Refuses what reached the port by another name, as a page does whose name was rebound to this machine (DNS rebinding),
 * and what a page of another site asks for, one on another port of this machine included. `isPage`: a page may be opened
 * by a link from anywhere, since it holds nothing by itself.
 */
export function guardSite(headers: IncomingHttpHeaders, { port, isPage }: { port: number; isPage: boolean }): void {
  const { host, origin } = headers
  const names = [consoleHost, 'localhost', '[::1]'].map(name => `${name}:${port}`)
  if (host === undefined || !names.includes(host.toLowerCase()))
    throw new Refused({
      status: 403,
      message: `The console does not go by the name ${JSON.stringify(host ?? '')}.`,
      hint: `Open http://${names[0]}; it is for this machine alone.`,
    })
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    throw new Refused({
      status: 403,
      message: `The console takes nothing from a page of ${JSON.stringify(origin)}.`,
      hint: 'Use the page that it serves itself.',
    })
  const site = headers['sec-fetch-site']
  const isLink = isPage && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isLink)
    throw new Refused({
      status: 403,
      message: 'The console takes nothing from a page of another site.',
      hint: 'Use the page that it serves itself.',
    })
}

/** Whose token it is. Refuses who knows none. */
export function roleOf({ authorization }: IncomingHttpHeaders, tokens: Readonly<Record<Role, string>>): Role {
  const [, given] = /^bearer +(\S+)$/i.exec(authorization ?? '') ?? []
  // All of them are looked at whichever it is: how long that takes tells nothing.
  const found = given === undefined ? [] : roles.filter(role => isSame(given, tokens[role]))
  if (found[0] !== undefined) return found[0]
  throw new Refused({
    status: 401,
    message:
      authorization === undefined
        ? 'The console wants the token of a role.'
        : 'This is no token of this console: it may be of a show that is over.',
    hint: 'Open the address that the terminal has told, with all that stands behind #.',
    headers: { 'www-authenticate': 'Bearer realm="blackstart game day"' },
  })
}

/** Takes as long whatever is wrong with it: digests are of one length. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

/** What every answer says to the browser: nothing is kept, framed, sniffed, or fetched from elsewhere. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
