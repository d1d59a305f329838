import { hash } from 'node:crypto'

/** The first `length` hex digits of the SHA-256 of `text`: a name for it that does not give it away. */
export function shortHash(text: string, length = 12): string {
  return hash('sha256', text, 'hex').slice(0, length)
}
