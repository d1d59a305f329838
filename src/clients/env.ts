import { canaryKeys } from '../providers/canary.ts'
import type { Provider } from '../providers/provider.ts'
import { googleCredentialsFile } from './google-credentials.ts'

/** The environment a client runs in. */
export interface ClientEnv {
  /** Base URLs and canary keys under the SDKs' own names. */
  readonly set: Readonly<Record<string, string>>
  /** Whether an ambient variable of this name must not reach the client. */
  readonly clear: (name: string) => boolean
}

export interface InstalledEnv extends Disposable {
  /** Puts `process.env` back exactly as it was, whatever the client did to it meanwhile. */
  restore(): void
}

/**
 * Keys that no host accepts, so that any SDK can be constructed and none can spend money. A provider of the run brings
 * its own variables and wins over these.
 */
const canaries = {
  ...variables(canaryKeys['anthropic'], 'ANTHROPIC_API_KEY'),
  // The SDK appends `/v1/messages` to it and @ai-sdk/anthropic `/messages`, but for exactly this value: good for both.
  ANTHROPIC_BASE_URL: 'https://api.anthropic.com',
  ...variables(canaryKeys['openai'], 'OPENAI_API_KEY'),
  OPENAI_BASE_URL: 'https://api.openai.com/v1',
  ...variables(canaryKeys['gemini'], 'GEMINI_API_KEY', 'GOOGLE_API_KEY'),
  GOOGLE_GEMINI_BASE_URL: 'https://generativelanguage.googleapis.com',
  ...variables(canaryKeys['bedrock'], 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'),
  AWS_REGION: 'us-east-1',
  // Otherwise the credential chain may go and ask the machine's own metadata service.
  AWS_EC2_METADATA_DISABLED: 'true',
}

function variables(value: string | undefined, ...names: string[]): Record<string, string> {
  return value === undefined ? {} : Object.fromEntries(names.map(name => [name, value]))
}

/** Keys, profiles, addresses, custom headers and log levels of SDKs; tracing that would phone home; proxies. */
const ambient =
  /^(ANTHROPIC_|CLAUDE_|CLAUDECODE$|OPENAI_|AZURE_OPENAI_|AZURE_API_KEY$|AZURE_RESOURCE_NAME$|GOOGLE_|GEMINI_|GCLOUD_|CLOUDSDK_|(?:BEDROCK_)?AWS_|VERTEX|CLOUD_ML_REGION$|LANGCHAIN_|LANGSMITH_|NODE_USE_ENV_PROXY$|(.*_)?(HTTPS?|ALL|NO|FTP|WSS?)_PROXY$)/i

/** What a client sees of the environment while it runs against these providers. */
export function clientEnv(providers: readonly Provider[]): ClientEnv {
  return {
    set: Object.freeze(Object.assign({ ...canaries }, ...providers.map(envOf))),
    clear: name => ambient.test(name),
  }
}

function envOf({ id, env, canary }: Provider): Readonly<Record<string, string>> {
  return id === 'vertex' ? { ...env, GOOGLE_APPLICATION_CREDENTIALS: googleCredentialsFile(canary) } : env
}

/** Clears what `env` clears and sets what it sets, in `process.env`, until restored. */
export function installEnv(env: ClientEnv): InstalledEnv {
  const before = { ...process.env }
  for (const name of Object.keys(before)) if (env.clear(name)) delete process.env[name]
  Object.assign(process.env, env.set)

  let restored = false
  const restore = () => {
    // A second call must not undo what happened since the first.
    if (restored) return
    restored = true
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name]
    Object.assign(process.env, before)
  }
  return { restore, [Symbol.dispose]: restore }
}
