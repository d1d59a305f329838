import { canaryKeys } from '../canary.ts'
import type { Provider } from '../provider.ts'
import { renderIn } from '../render.ts'
import { dialect } from './dialect.ts'
import { recognise } from './recognise.ts'
import { hosts, surfaces } from './surfaces.ts'

const canary = canaryKeys['openai'] ?? ''
const azureResource = 'blackstart-canary'
const azureVersion = '2024-10-21'

/** OpenAI's API, and whatever speaks its protocol in its place: a gateway, or Azure. */
export const openai: Provider = Object.freeze({
  id: 'openai',
  surfaces,
  hosts,
  canary,
  env: {
    OPENAI_API_KEY: canary,
    OPENAI_BASE_URL: 'https://api.openai.com/v1',
    // Azure's, as OpenAI's own SDK names them, LangChain and the Vercel AI SDK.
    AZURE_OPENAI_API_KEY: canary,
    AZURE_OPENAI_ENDPOINT: `https://${azureResource}.openai.azure.com`,
    OPENAI_API_VERSION: azureVersion,
    AZURE_OPENAI_API_INSTANCE_NAME: azureResource,
    AZURE_OPENAI_API_DEPLOYMENT_NAME: 'gpt-4o',
    AZURE_OPENAI_API_VERSION: azureVersion,
    AZURE_RESOURCE_NAME: azureResource,
    AZURE_API_KEY: canary,
  },
  recognise,
  render: renderIn(dialect),
})
