import type { Settlement } from './integration.ts'
import type { Json } from './scenario.ts'

/** An app that is driven over HTTP, in whatever language it is written: the `app` section of a config. Times are real ms. */
export interface AppSpec {
  /** How people know it. */
  readonly name?: string
  /** The program and its arguments; absent when somebody else starts it. */
  readonly start?: readonly string[]
  /** Where it is started. */
  readonly cwd?: string
  /** Variables of its own. */
  readonly env?: Readonly<Record<string, string>>
  readonly ready?: Ready
  readonly perform?: AppPerform
  readonly jobs?: AppJobs
}

/** How it shows that it is ready. */
export type Ready =
  /** Answers there with `status`, or with any of 200 to 299. */
  | { readonly http: string; readonly status?: number }
  /** Takes a connection at `host:port`. */
  | { readonly tcp: string }
  /** Prints a line that this regular expression is found in. */
  | { readonly log: string }
  /** Has run for so long. */
  | { readonly after: number }

export interface AppRequest {
  readonly request: RequestLine
  readonly headers?: Readonly<Record<string, string>>
  /** One body at most. Texts in it have placeholders; one that is nothing but a placeholder keeps its type. */
  readonly json?: Json
  readonly form?: Readonly<Record<string, string>>
  readonly text?: string
  /** How long its answer may take, the body included; 120 s when absent. */
  readonly within?: number
}

export interface RequestLine {
  readonly method: string
  /** Absolute, with placeholders. */
  readonly url: string
}

/** How a task is put to the app, and what its answer means. */
export interface AppPerform extends AppRequest {
  /** Where the text of the answer is; all of the body when absent. */
  readonly answer?: string
  /** The app's own word on what it gave; the marks in the text decide when absent. */
  readonly outcome?: Told<Settlement['outcome']>
  readonly source?: Told<NonNullable<Settlement['source']>>
  /** Whether the user is told that it is not the usual answer. */
  readonly labelled?: Told<boolean>
  /** How old it is: a number of `unit`, or a duration. */
  readonly age?: Told<never> & { readonly unit?: 'ms' | 's' }
}

/** Something that an answer tells, and which of its values means which of ours. */
export interface Told<T> {
  readonly path?: string
  readonly header?: string
  /** `*` is any other value, and none. */
  readonly map?: Readonly<Record<string, T>>
}

export interface AppJobs {
  readonly submit: AppRequest & {
    /** Where the job's id is; it is the task's own when absent. */
    readonly id?: string
  }
  readonly list: AppRequest & {
    /** Where the list is; the body itself when absent. */
    readonly jobs?: string
    /** Where each job has its id and its state: `id` and `state` when absent. */
    readonly id?: string
    readonly state?: string
    readonly attempts?: string
    /** What the app's own states mean. */
    readonly states?: Readonly<Record<string, 'queued' | 'running' | 'done' | 'failed' | 'dead'>>
  }
}
