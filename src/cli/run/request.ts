import { parseDuration } from '../../lib/duration.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Addresses } from '../../providers/addressed.ts'
import { checkAddresses } from '../../providers/for-run.ts'
import { wholeNumber } from '../args.ts'
import type { Invocation } from '../command.ts'
import type { Target } from '../registry.ts'
import { checkWritable, type ReportTarget } from './targets.ts'

/** What `blackstart run` was asked to do: plain data, so that it can be handed to the process that does it. */
export interface RunRequest {
  readonly targets: readonly Target[]
  /** File of the config; none when absent. */
  readonly config: string | undefined
  /** `--config FILE`; `false` for `--no-config`. */
  readonly configFlag: string | false | undefined
  /** `--client`; the config's, else the scenario's usual one when absent. */
  readonly client: string | undefined
  readonly seed: number | undefined
  readonly users: number | undefined
  readonly instances: number | undefined
  /** `--address PROVIDER=URL`. */
  readonly addresses: Addresses
  /** `--answers FILE`. */
  readonly answers: string | undefined
  /** `--answers-from URL`. */
  readonly answersFrom: string | undefined
  /** `--duration`, as given and in ms. */
  readonly duration: { readonly text: string; readonly ms: number } | undefined
  readonly reports: readonly ReportTarget[]
  /** `--relations`: all of them; `--relation ID`: these; where neither, those that a scenario expects. */
  readonly relations: true | readonly string[] | undefined
  /** `--journal FILE`. */
  readonly journal: string | undefined
  /** `--task ID`. */
  readonly task: string | undefined
  /** Processes that run scenarios side by side. */
  readonly jobs: number
  /** `--out DIR`: where everything is written. */
  readonly out: string | undefined
  /** Folder that journals are kept in until all is written. */
  readonly staging: string | undefined
  /** Whether the report on stdout may have colour. */
  readonly color: boolean
}

export type RunFlags = Pick<
  RunRequest,
  | 'client'
  | 'seed'
  | 'users'
  | 'instances'
  | 'addresses'
  | 'answers'
  | 'answersFrom'
  | 'duration'
  | 'relations'
  | 'journal'
  | 'task'
> & { readonly jobs: number | undefined }

/** Reads all flags but `--tag` and `--report`. */
export function readRunFlags(invocation: Invocation): RunFlags {
  const journal = invocation.value('journal')
  if (journal !== undefined) checkWritable(journal, '--journal', { folder: true })
  return {
    client: invocation.value('client'),
    seed: wholeNumber(invocation, 'seed', 0),
    users: wholeNumber(invocation, 'users', 1),
    instances: wholeNumber(invocation, 'instances', 1),
    addresses: readAddresses(invocation.values('address')),
    answers: invocation.value('answers'),
    answersFrom: invocation.value('answers-from'),
    duration: readDuration(invocation.value('duration')),
    relations: readRelations(invocation),
    journal,
    task: invocation.value('task'),
    jobs: wholeNumber(invocation, 'jobs', 1),
  }
}

export function readAddresses(given: readonly string[]): Addresses {
  const addresses: Record<string, string> = {}
  for (const text of given) {
    const [, provider, url] = /^([a-z]+)=(.+)$/.exec(text) ?? []
    if (provider === undefined || url === undefined)
      throw new UsageError(
        `--address ${text}: expected a provider and a URL.`,
        'Write it like --address anthropic=https://gateway.example/claude',
      )
    addresses[provider] = url
  }
  checkAddresses(addresses)
  return addresses
}

function readRelations(invocation: Invocation): RunRequest['relations'] {
  if (invocation.has('relations')) return true
  const ids = invocation.values('relation')
  return ids.length > 0 ? ids : undefined
}

function readDuration(text: string | undefined): RunRequest['duration'] {
  if (text === undefined) return undefined
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0) return { text, ms }
  throw new UsageError(`--duration ${text}: expected a length of time.`, 'Write it like 90s, 10m or 1h30m.')
}

/** Words after `blackstart run` that give one run of the request again. `seed` is the one it had. */
export function replayWords(request: RunRequest, target: Target, seed: number): readonly string[] {
  const pair = (flag: string, value: string | number | undefined) =>
    value === undefined ? [] : [`--${flag}`, String(value)]
  return [
    target.spec,
    ...pair('config', request.configFlag === false ? undefined : request.configFlag),
    ...(request.configFlag === false ? ['--no-config'] : []),
    ...pair('client', request.client),
    ...pair('seed', seed),
    ...pair('users', request.users),
    ...pair('instances', request.instances),
    ...Object.entries(request.addresses).flatMap(([provider, url]) => pair('address', `${provider}=${url}`)),
    ...pair('answers', request.answers),
    ...pair('answers-from', request.answersFrom),
    ...pair('duration', request.duration?.text),
    ...(request.relations === true ? ['--relations'] : (request.relations ?? []).flatMap(id => pair('relation', id))),
  ].map(quoted)
}

function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
