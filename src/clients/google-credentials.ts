import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let file: string | undefined

/**
 * A credentials file for Google's library, which reads its default credentials from nowhere else: a user's, as
 * `gcloud auth application-default login` leaves them, with `canary` for the refresh token. Made once, and removed when
 * the process exits.
 */
export function googleCredentialsFile(canary: string): string {
  if (file !== undefined) return file
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  file = join(folder, 'google-credentials.json')
  const credentials = {
    type: 'authorized_user',
    client_id: 'canary.apps.googleusercontent.com',
    client_secret: canary,
    refresh_token: canary,
  }
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 })
  return file
}
