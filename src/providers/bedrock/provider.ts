import { canaryKeys } from '../canary.ts'
import type { Provider } from '../provider.ts'
import { renderIn } from '../render.ts'
import { dialect } from './dialect.ts'
import { recognise } from './recognise.ts'
import { hosts, surfaces } from './surfaces.ts'

const canary = canaryKeys['bedrock'] ?? ''

/** Claude on Amazon Bedrock. */
export const bedrock: Provider = Object.freeze({
  id: 'bedrock',
  surfaces,
  hosts,
  canary,
  env: {
    AWS_ACCESS_KEY_ID: canary,
    AWS_SECRET_ACCESS_KEY: canary,
    AWS_REGION: 'us-east-1',
    ANTHROPIC_BEDROCK_BASE_URL: `https://${hosts[0]}`,
  },
  recognise,
  render: renderIn(dialect),
})
