import type { Door } from './door.ts'

/** A door of the server, and where it can be reached. */
export interface OpenDoor extends Door {
  /** `127.0.0.1:21001`. */
  readonly at: string
  /** What is spoken there; `http` when absent. */
  readonly scheme?: 'http' | 'https'
}

/** `http://127.0.0.1:21001`. With TLS it goes by name, which every client can hold against a certificate. */
export function urlOf({ scheme = 'http', at }: Pick<OpenDoor, 'scheme' | 'at'>): string {
  return `${scheme}://${scheme === 'https' ? at.replace(/^127\.0\.0\.1:/, 'localhost:') : at}`
}

/** What a request on the shared port is for, by the first part of its path: a provider's id, or a host of its own. */
export interface WhereTo {
  readonly door: OpenDoor
  /** What is left of the path and the query. */
  readonly path: string
}

/** `/anthropic/v1/messages` → the API of Anthropic, `/v1/messages`; `/claude.ai/` → the product. */
export function whereTo(target: string, doors: readonly OpenDoor[]): WhereTo | undefined {
  const [, first = '', rest = ''] = /^\/([^/?#]*)([^#]*)/.exec(target) ?? []
  const name = first.toLowerCase()
  const door = doors.find(one => one.host === name) ?? doors.find(one => one.provider === name)
  if (!door) return undefined
  return { door, path: rest.startsWith('/') ? rest : `/${rest}` }
}
