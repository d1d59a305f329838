import { canaryKeys } from '../canary.ts'
import type { Provider } from '../provider.ts'
import { renderIn } from '../render.ts'
import { dialect } from './dialect.ts'
import { recognise } from './recognise.ts'
import { hosts, surfaces } from './surfaces.ts'

const canary = canaryKeys['gemini'] ?? ''

/** The Gemini API for developers. */
export const gemini: Provider = Object.freeze({
  id: 'gemini',
  surfaces,
  hosts,
  canary,
  env: {
    GEMINI_API_KEY: canary,
    GOOGLE_API_KEY: canary,
    // As the Vercel AI SDK names it.
    GOOGLE_GENERATIVE_AI_API_KEY: canary,
    GOOGLE_GEMINI_BASE_URL: `https://${hosts[0]}`,
  },
  recognise,
  render: renderIn(dialect),
})
