import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scratchFolder } from '../lib/scratch.ts'

/** Files by where they send for a token. */
const files = new Map<string, string>()

/**
 * A credentials file for Google's libraries, which read their default credentials from nowhere else: a user's, as
 * `gcloud auth application-default login` leaves them, with `canary` for the refresh token. With `tokenUrl` they are
 * those of a user of a company's own accounts, whose library asks there in place of Google's host. Each is made once,
 * and removed when the process exits.
 */
export function googleCredentialsFile(canary: string, tokenUrl = ''): string {
  const known = files.get(tokenUrl)
  if (known !== undefined) return known
  const file = join(mkdtempSync(join(scratchFolder(), 'google-')), 'google-credentials.json')
  const secrets = {
    client_id: 'canary.apps.googleusercontent.com',
    client_secret: canary,
    refresh_token: canary,
  }
  const credentials =
    tokenUrl === ''
      ? { type: 'authorized_user', ...secrets }
      : {
          type: 'external_account_authorized_user',
          audience: '//iam.googleapis.com/locations/global/workforcePools/canary/providers/blackstart',
          ...secrets,
          token_url: tokenUrl,
          token_info_url: tokenUrl,
          quota_project_id: 'blackstart-canary',
        }
  writeFileSync(file, JSON.stringify(credentials), { mode: 0o600 })
  files.set(tokenUrl, file)
  return file
}
