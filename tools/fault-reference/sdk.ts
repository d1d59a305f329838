import type { CallTask } from './run-calls.ts'

/** One SDK as an app uses it, on the wire of one provider. */
export interface Sdk {
  /** Heading of its column. */
  readonly name: string
  /** Whose API it speaks: a provider's id. */
  readonly provider: string
  /** The call that is made, as code. */
  readonly whole: string
  readonly streamed: string
  /** npm packages whose versions decide what is seen. */
  readonly packages: readonly string[]
  /** Makes one call and keeps in `got` what an app has of it by then. Rejects with what the app catches. */
  call(task: CallTask, how: Manner, got: Got): Promise<void>
}

export interface Manner {
  readonly stream: boolean
  /** 0, or undefined for the SDK's own default. */
  readonly maxRetries: 0 | undefined
}

/** What an app has in hand of an answer. */
export interface Got {
  /** Undefined when the SDK returned no text at all, not even an empty one. */
  text: string | undefined
  /** Why the answer ended, in the SDK's words. */
  finish: string | undefined
  /** An error that was not thrown but told to a callback. */
  told: unknown
}

/** `maxRetries` as an option, or no such option. */
export function retries({ maxRetries }: Manner): { readonly maxRetries?: 0 } {
  return maxRetries === undefined ? {} : { maxRetries }
}
