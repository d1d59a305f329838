import { canaryKeys } from '../canary.ts'
import type { Provider } from '../provider.ts'
import { renderIn } from '../render.ts'
import { dialect } from './dialect.ts'
import { recognise } from './recognise.ts'
import { hosts, surfaces } from './surfaces.ts'

const canary = canaryKeys['openai'] ?? ''

/** OpenAI's API, and whatever speaks its protocol in its place: a gateway, or Azure. */
export const openai: Provider = Object.freeze({
  id: 'openai',
  surfaces,
  hosts,
  canary,
  env: { OPENAI_API_KEY: canary, OPENAI_BASE_URL: 'https://api.openai.com/v1' },
  recognise,
  render: renderIn(dialect),
})
