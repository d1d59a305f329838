import type { Accepted } from '../../model/accepted.ts'
import type { Fault } from '../../model/fault.ts'
import type { AnswerEntry, Json } from '../../model/scenario.ts'
import type { Oracle } from '../../oracles/oracle.ts'

/** A length of time as scenarios spell it: `90s`, `1h30m`. */
type Duration = string
/** `10%`, or a number from 0 to 1. */
type Share = string | number

/** What `blackstart.config.ts` exports: what the app is, and what a team has agreed on. Words and units are those of scenarios. */
export interface Config {
  /** The client module, relative to the config, or the name of a shipped client. `--client` wins. */
  readonly client?: string
  /** An app that is driven over HTTP, in whatever language it is written; a `client` drives it in place of `perform`. */
  readonly app?: AppConfig
  /** Where neither `--seed` nor the scenario says; 1 otherwise. */
  readonly seed?: number
  /** Short for `workload.users`. */
  readonly users?: number
  /** Short for `workload.instances`. */
  readonly instances?: number
  /** What the app is asked to do, where the scenario does not say. */
  readonly workload?: WorkloadConfig
  readonly steady_state?: { readonly for?: Duration; readonly at_least?: Share; readonly within?: Duration }
  readonly stop_when?: readonly {
    readonly outcome: 'failed' | 'degraded' | 'queued'
    readonly above: Share
    readonly over: Duration
  }[]
  /** Parameters of oracles, by id, in the words of `expect`; `off` for one that is not judged. A scenario's `expect` wins. */
  readonly thresholds?: Readonly<Record<string, Readonly<Record<string, Json>> | 'off'>>
  /** Where providers are reached: base URLs by provider. */
  readonly addresses?: Readonly<Record<string, string>>
  /** What the model says where the scenario has no answer: a list, or the path of a file that has one. */
  readonly answers?: readonly AnswerEntry[] | string
  /** Base URL of another mock on this machine that answers in the provider's place. */
  readonly answers_from?: string
  /** Ids, files and folders that `blackstart run` runs when it is given none. */
  readonly scenarios?: readonly string[]
  /** Of those, or of all that ship, the ones with any of these tags. */
  readonly tags?: readonly string[]
  /** How many processes run scenarios side by side. */
  readonly jobs?: number
  /** The folder that `run` writes all it found to. */
  readonly out?: string
  /** Reports of `run`, as `--report` takes them. */
  readonly reports?: readonly string[]
  readonly faults?: readonly Fault[]
  readonly oracles?: readonly Oracle[]
  /** Findings that are known: they are shown, and do not fail the verdict. */
  readonly accepted?: readonly Accepted[]
}

/** How an app is started, and how it is asked. Addresses are on this machine; those that begin with `/` are under `url`. */
export interface AppConfig {
  readonly name?: string
  /** A command, parted at its spaces and quotes without a shell, or the list of its words. */
  readonly start?: string | readonly string[]
  /** Where it is started, relative to the config; the config's own folder when absent. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  readonly url?: string
  /** An address that answers, or another sign that the app is up. */
  readonly ready?:
    | string
    | { readonly http: string; readonly status?: number }
    | { readonly tcp: string }
    | { readonly log: string }
    | { readonly after: Duration }
  readonly perform?: AppRequestConfig & {
    /** A path to the text in the answer's JSON; all of the body when absent. */
    readonly answer?: string
    readonly outcome?: ToldConfig<'ok' | 'degraded' | 'queued' | 'failed'>
    readonly source?: ToldConfig<'live' | 'cache' | 'fallback' | 'queue'>
    readonly labelled?: ToldConfig<boolean>
    /** A number of seconds, or of `unit`, or a duration. */
    readonly age?: string | (Place & { readonly unit?: 'ms' | 's' })
  }
  readonly jobs?: {
    readonly submit: AppRequestConfig & { readonly id?: string }
    readonly list: AppRequestConfig & {
      readonly jobs?: string
      readonly id?: string
      readonly state?: string
      readonly attempts?: string
      readonly states?: Readonly<Record<string, 'queued' | 'running' | 'done' | 'failed' | 'dead'>>
    }
  }
}

/** Texts have placeholders: `{prompt}`, `{id}`, `{tenant}`, `{session}`, `{user}`, `{stream}`, `{env.NAME}` and others. */
export interface AppRequestConfig {
  /** `POST http://127.0.0.1:8000/ask` */
  readonly request: string
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: Json
  readonly form?: Readonly<Record<string, string>>
  readonly text?: string
  /** How long the answer may take, in real time; 120 s when absent. */
  readonly within?: Duration
}

type Place = { readonly path: string } | { readonly header: string }

/** A path into the answer's JSON, or a place in it and what its values mean. */
type ToldConfig<T> = string | (Place & { readonly map?: Readonly<Record<string, T>> })

export interface WorkloadConfig {
  readonly users?: number
  readonly instances?: number
  readonly tenants?: number
  readonly questions?: number
  /** Tasks of a healthy run, about. */
  readonly tasks?: number
  /** Mean time between a user's tasks. */
  readonly think?: Duration
  /** Tasks arrive at this rate, `60/m`, whoever is waiting. */
  readonly arrivals?: string | { readonly from: string; readonly to: string }
  readonly streaming?: Share
  readonly critical?: Share
  readonly sessions?: { readonly turns?: number; readonly tools?: boolean }
  readonly jobs?: { readonly share?: Share }
}

/** Adds types to a config; returns it as it is. */
export function defineConfig(config: Config): Config {
  return config
}
