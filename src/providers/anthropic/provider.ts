import { canaryKeys } from '../canary.ts'
import type { Provider } from '../provider.ts'
import { renderIn } from '../render.ts'
import { claudeStatus } from '../statuspage/site.ts'
import { withStatusPage } from '../statuspage/with-status-page.ts'
import { dialect } from './dialect.ts'
import { recognise } from './recognise.ts'
import { hosts, surfaces } from './surfaces.ts'

const canary = canaryKeys['anthropic'] ?? ''

const api: Provider = {
  id: 'anthropic',
  surfaces,
  hosts,
  canary,
  env: { ANTHROPIC_API_KEY: canary, ANTHROPIC_BASE_URL: 'https://api.anthropic.com' },
  recognise,
  render: renderIn(dialect),
}

/** The Claude API and the products around it, its status page among them. */
export const anthropic: Provider = withStatusPage(api, claudeStatus)
