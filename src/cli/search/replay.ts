import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import { catalogue } from '../../run/catalogue.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import { type LoadedConfig, loadConfig } from '../../run/config/load-config.ts'
import type { ExitCode } from '../../run/result.ts'
import { exitOrder } from '../../run/verdict.ts'
import { parseScenario } from '../../scenario/index.ts'
import { blockedMs } from '../blocked-ms.ts'
import { explainEnding } from '../run/explain-ending.ts'
import type { Refusal } from '../run/messages.ts'
import { readAddresses } from '../run/request.ts'
import { oneProcess } from './lane.ts'
import type { ReplayedFile, SearchMessage, SubjectRequest } from './order.ts'

export interface ReplayRequest extends SubjectRequest {
  readonly files: readonly string[]
  /** Their journals are wanted, too. */
  readonly journals?: boolean
}

export interface ReplayFlags {
  readonly client: string | undefined
  readonly config: string | false | undefined
  readonly addresses: readonly string[]
}

/**
 * What is to be replayed, and with whom: the client that is named, else the config's, else the one whose place all files
 * agree on. Throws a `UsageError` where there is none.
 */
export async function readReplay(words: readonly string[], flags: ReplayFlags): Promise<ReplayRequest> {
  const config = await loadConfig(process.cwd(), flags.config)
  const files = words.flatMap(filesIn)
  const found = files.map(file => provenanceOf(file, config))
  const modules = new Set(found.map(({ module }) => module))
  const [module] = modules.size === 1 ? modules : []
  const client = flags.client ?? config.client ?? module
  if (client === undefined)
    throw new UsageError('Name the client to replay with: --client MODULE.', clientHint(files, found))
  return { files, client, config: config.path, addresses: readAddresses(flags.addresses) }
}

interface Named {
  /** What the client calls itself. */
  readonly name?: string
  /** Where its module was, from the folder that the search was run in. */
  readonly module?: string
}

/** What a found file says of the client; nothing where it cannot be read, which is said when it is replayed. */
function provenanceOf(file: string, config: LoadedConfig): Named {
  const { client, module } =
    parseScenario(readFileSync(file, 'utf8'), { catalogue: catalogueOf(config) }).scenario?.found?.provenance ?? {}
  return {
    ...(typeof client === 'string' && { name: client }),
    ...(typeof module === 'string' && { module }),
  }
}

function filesIn(word: string): readonly string[] {
  if (!existsSync(word))
    throw new UsageError(`There is no file ${word}.`, 'blackstart search writes to blackstart-corpus.')
  if (!statSync(word).isDirectory()) return [word]
  const inside = readdirSync(word).filter(name => /\.ya?ml$/.test(name))
  if (inside.length === 0) throw new UsageError(`There is no found file in ${word}.`, 'Found files end in .yaml.')
  return inside.toSorted().map(name => join(word, name))
}

function clientHint([file]: readonly string[], [found]: readonly Named[]): string {
  return found?.name === undefined
    ? 'It is a path, or the name of a shipped client.'
    : `${file} was found with the client that calls itself "${found.name}".`
}

export interface Replayed {
  readonly replayed: readonly ReplayedFile[]
  readonly refusal: Refusal | undefined
  readonly crash: { readonly message: string; readonly printed: string; readonly isTold: boolean } | undefined
  readonly interrupted: 130 | 143 | undefined
}

/** Replays file after file in processes of their own: a client that does not come back is what some of them show. */
export async function superviseReplay({ files, journals = false, ...request }: ReplayRequest): Promise<Replayed> {
  const replayed: ReplayedFile[] = []
  let refusal: Refusal | undefined
  let crash: Replayed['crash']
  let interrupted: Replayed['interrupted']
  const onSignal = (signal: NodeJS.Signals) => {
    interrupted ??= signal === 'SIGTERM' ? 143 : 130
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  const take = (message: SearchMessage) => {
    if (message.type === 'replayed') replayed.push(message.file)
    if (message.type === 'refused') refusal ??= message
    if (message.type === 'crashed') crash ??= { message: message.message, printed: message.stack ?? '', isTold: false }
  }
  for (const file of files) {
    if (refusal || crash || interrupted) break
    const order = { do: 'replay', request, files: [file], journals } as const
    const { ending, beat, printed, isRefused } = await oneProcess({ blockedMs: blockedMs(), take }, order)
    if (ending.type === 'done' || isRefused || interrupted) continue
    const why = beat && explainEnding(ending, beat)
    if (why?.by === 'client') replayed.push(lostFile(file, why.finding.message))
    else if (why?.by === 'outside') replayed.push({ ...lostFile(file, why.reason), status: 'inconclusive' })
    else
      crash = {
        message: why?.message ?? 'The process that replays did not come up',
        printed,
        isTold: why?.isTold ?? false,
      }
  }
  process.off('SIGINT', onSignal)
  process.off('SIGTERM', onSignal)
  return { replayed, refusal, crash, interrupted }
}

/** What is said of a file whose run brought down the process. */
function lostFile(file: string, message: string): ReplayedFile {
  const { scenario } = parseScenario(readFileSync(file, 'utf8'), { catalogue })
  const { oracle = 'conduct', verdict: expected = 'fail' } = scenario?.found ?? {}
  const asExpected = expected === 'fail' && oracle === 'conduct'
  return { file, oracle, expected, status: asExpected ? 'as-expected' : 'regressed', says: message, exitCode: 1 }
}

/** `settles-1a2b3c4d.yaml: It still fails settles. The journal is the one of the file.` */
export function replayLine({ file, says, sameJournal, difference }: ReplayedFile): string {
  if (sameJournal === undefined) return `${file}: ${says}`
  const journal = sameJournal
    ? 'The journal is the one of the file, to the byte.'
    : `The journal is another than the file’s: ${difference ?? 'something changed'}.`
  return `${file}: ${says} ${journal}`
}

/**
 * The exit code of replays: 1 for a failure that is there still, or again; 0 where none is; 6 where a run proves nothing,
 * and with `exact` where a failure is there in another journal; 2 for what is no found file.
 */
export function replayExit(replayed: readonly ReplayedFile[], exact: boolean): number {
  const codes = replayed.map((file): ExitCode => {
    if (file.status === 'unreadable') return 2
    if (file.status === 'inconclusive') return 6
    if (file.status === 'fixed' || file.status === 'other-client') return 0
    if (file.status === 'as-expected' && file.expected !== 'fail') return 0
    return exact && file.sameJournal === false ? 6 : 1
  })
  return exitOrder.find(code => codes.includes(code)) ?? 0
}
