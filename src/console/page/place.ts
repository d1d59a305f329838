import { type Role, roles } from '../protocol.ts'

/** Where the page was opened: whose it is, and the token that says so. */
export interface Place {
  readonly role: Role
  readonly token: string
}

/** From an address such as `/observer#token=…`; `undefined` when there is no role or no token in it. */
export function placeOf({ pathname, hash }: { readonly pathname: string; readonly hash: string }): Place | undefined {
  const role = roles.find(one => pathname === `/${one}`)
  const token = new URLSearchParams(hash.slice(1)).get('token')
  return role && token ? { role, token } : undefined
}
