import { canaryKeys } from '../canary.ts'
import type { Provider } from '../provider.ts'
import { renderIn } from '../render.ts'
import { dialect } from './dialect.ts'
import { recognise } from './recognise.ts'
import { hosts, surfaces } from './surfaces.ts'

/** Claude on Google Cloud's Vertex AI. */
export const vertex: Provider = Object.freeze({
  id: 'vertex',
  surfaces,
  hosts,
  canary: canaryKeys['vertex'] ?? '',
  env: {
    ANTHROPIC_VERTEX_PROJECT_ID: 'blackstart-canary',
    // Or Google's library would look for a project by running programs and asking the machine's metadata service.
    GOOGLE_CLOUD_PROJECT: 'blackstart-canary',
    ANTHROPIC_VERTEX_BASE_URL: `https://${hosts[0]}/v1`,
    CLOUD_ML_REGION: 'us-east5',
    // As the Vercel AI SDK names them.
    GOOGLE_VERTEX_PROJECT: 'blackstart-canary',
    GOOGLE_VERTEX_LOCATION: 'us-east5',
  },
  recognise,
  render: renderIn(dialect),
})
