import { canaryKeys } from '../canary.ts'
import type { Provider } from '../provider.ts'
import { renderIn } from '../render.ts'
import { dialect } from './dialect.ts'
import { recognise } from './recognise.ts'
import { hosts, surfaces } from './surfaces.ts'

const canary = canaryKeys['anthropic'] ?? ''

/** The Claude API and the products around it. */
export const anthropic: Provider = Object.freeze({
  id: 'anthropic',
  surfaces,
  hosts,
  canary,
  env: { ANTHROPIC_API_KEY: canary, ANTHROPIC_BASE_URL: 'https://api.anthropic.com' },
  recognise,
  render: renderIn(dialect),
})
