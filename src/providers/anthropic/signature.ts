import { shortHash } from '../hash.ts'

/** The signature of a thought as it is shown, so that each can be checked by itself. */
export function signatureOf(thinking: string): string {
  return Buffer.from(shortHash(`${thinking} thought`, 60)).toString('base64')
}

const own = /^[0-9a-f]{60}$/

/**
 * Whether a thought came back changed. Signatures that only the real API could have made (in answers that were recorded
 * or come from elsewhere) are taken at their word.
 */
export function isTampered(thinking: string, signature: string): boolean {
  if (signature === signatureOf(thinking)) return false
  const isForeign = signature.length >= 40 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(signature)
  return !isForeign || own.test(Buffer.from(signature, 'base64').toString('latin1'))
}
