/** One HTTP request as the provider sees it. */
export interface Arrival {
  readonly provider: string
  /** Without the provider's name: `api.messages`. */
  readonly surface: string
  readonly model: string | undefined
  readonly streaming: boolean
  /** Name of the credential, never its value: `canary`, or a short hash. */
  readonly key: string
  readonly tenant: string | undefined
  readonly region: string | undefined
  readonly session: string | undefined
  /** Estimated from the request's text, four characters a token. */
  readonly inputTokens: number
  readonly maxOutputTokens: number
  /** Who sent it, as far as attribution could tell; `0`-based numbers, `-1` when unknown. */
  readonly instance: number
  readonly user: number
  readonly taskNumber: number
  /** `1` for the first attempt of the task, counting all its calls. */
  readonly attemptNumber: number
  readonly call: string | undefined
  /** `1` for the first call of the task. Unlike `call` it does not depend on what others did. */
  readonly callNumber: number
  /** Nothing was asked before on the connection it came by; absent where the engine has no connections. */
  readonly isFresh?: boolean
}

/** `anthropic` + `api.messages` → `anthropic.api.messages`. */
export function surfaceName(provider: string, surface: string): string {
  return `${provider}.${surface}`
}

/** Whether `pattern` (a full surface name) covers `name`: itself or anything below it. */
export function covers(pattern: string, name: string): boolean {
  return name === pattern || name.startsWith(`${pattern}.`)
}

/** What told which task an attempt belongs to. */
export type AttributedBy = 'header' | 'context' | 'marker' | 'fingerprint' | 'none'
