import type { Integration } from '../model/integration.ts'
import { loadClient } from '../run/load-client.ts'
import { refusal } from '../run/refusal.ts'

/** A client module: what it exports, or its path. */
export type ClientSpec = Integration | string

/** A client that can be run, as another process would have it where its file is known. */
export interface FoundClient {
  readonly integration: Integration
  readonly path?: string
  reload?(): Promise<Integration>
  another?(): Promise<Integration>
}

/** Rejects with a `UsageError` for what is no client. */
export async function clientOf(client: unknown): Promise<FoundClient> {
  if (typeof client === 'string') {
    const { integration, path, reload, another } = await loadClient(client)
    return { integration, path, reload, another }
  }
  if (isIntegration(client)) return { integration: client }
  throw refusal(
    'What is to survive an outage is a client module: an object with a name and a function `perform`, or the path of its file.',
    "Write defineIntegration({ name: 'my-app', perform: (app, { prompt }) => ... }), or './outage-client.ts'.",
  )
}

export function isIntegration(value: unknown): value is Integration {
  return typeof value === 'object' && value !== null && 'perform' in value && typeof value.perform === 'function'
}
