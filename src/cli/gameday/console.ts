import { type ConsoleOptions, type GameDayConsole, openConsole } from '../../console/server.ts'
import { UsageError } from '../../lib/errors.ts'
import { wholeNumber } from '../args.ts'
import type { Invocation } from '../command.ts'
import { maskSecrets } from '../mask.ts'
import { notice } from '../output.ts'
import { consoleFileOf, readConsoleFile, removeConsoleFile, writeConsoleFile } from './console-file.ts'

/** What was said of the console. */
export interface ConsoleRequest {
  /** `--console`, as given. */
  readonly port: number | undefined
  /** Where the app is, for people. */
  readonly app: string | undefined
}

/** Reads `--console`, `--no-console` and `--app`; nothing where none is wanted. */
export function readConsoleFlags(invocation: Invocation): ConsoleRequest | undefined {
  const port = wholeNumber(invocation, 'console', 0)
  const app = invocation.value('app')
  if (port !== undefined && port > 65_535) throw new UsageError(`--console ${port}: ports end at 65535.`)
  if (app !== undefined && !/^https?:$/.test(URL.parse(app)?.protocol ?? ''))
    throw new UsageError(`--app ${app}: this is no web address.`, 'Write it like http://127.0.0.1:3000.')
  if (!invocation.has('no-console')) return { port, app }
  const [other] = ['console', 'app'].filter(flag => invocation.has(flag))
  if (other !== undefined) throw new UsageError(`--no-console and --${other} do not go together.`, 'Leave one out.')
  return undefined
}

export interface OpenShowConsole extends Pick<ConsoleOptions, 'plan' | 'catalogue' | 'speed' | 'checks'> {
  readonly asked: ConsoleRequest
  /** Where the journal is kept. */
  readonly journal: string | undefined
  /** The show goes on after it was killed. */
  readonly isResumed: boolean
}

/** The console of a show; what there is of it on disk goes with it. */
export interface ShowConsole {
  readonly console: GameDayConsole
  /** The show lasts from now on: should it be killed, its console can be found again. */
  keep(): void
  close(): Promise<void>
}

/**
 * Opens the console, and tells its addresses at the terminal, which is the only place that has them. `undefined` where the
 * page is not there and nobody has asked for it by name: a show goes on without.
 */
export async function openShowConsole(options: OpenShowConsole): Promise<ShowConsole | undefined> {
  const { asked, journal, isResumed, ...show } = options
  const file = journal === undefined ? undefined : consoleFileOf(journal)
  const left = isResumed && file !== undefined ? readConsoleFile(file) : undefined
  const ambient = { ...process.env }
  const mask = (text: string) => maskSecrets(text, ambient)
  const say = (text: string) => notice(`blackstart: ${mask(text)}.`)
  const own = { ...show, mask, say, app: asked.app, tokens: left?.tokens, statusPort: left?.statusPort }
  let console: GameDayConsole
  try {
    // Whoever has the port now may have been told the tokens by pages that are open.
    console = await (asked.port === undefined && left
      ? openConsole({ ...own, port: left.port }).catch(() => openConsole({ ...own, tokens: undefined }))
      : openConsole({ ...own, port: asked.port }))
  } catch (error) {
    if (!(error instanceof UsageError) || asked.port !== undefined) throw error
    notice(`blackstart: no console: ${[error.message, error.hint].filter(Boolean).join(' ')}`)
    return undefined
  }
  const { facilitator, responder, observer } = console.urls
  notice(
    [
      'blackstart: the console, by an address for each role; who has the address has the role:',
      `  facilitator  ${facilitator}`,
      `  responders   ${responder}`,
      `  observers    ${observer}`,
    ].join('\n'),
  )
  let isKept = false
  /** Whether it can go on in another process. */
  let isUnfinished = isResumed
  const forget = () => {
    if (file !== undefined && isKept && !isUnfinished) removeConsoleFile(file)
  }
  const keep = (statusPort?: number) => {
    // Who asks for the end while nothing is open yet ends the process at once.
    if (!isKept) process.once('exit', forget)
    isKept = true
    if (file !== undefined) writeConsoleFile(file, { ...console, statusPort })
  }
  return {
    console: {
      ...console,
      async attach(drill) {
        isUnfinished = true
        const url = await console.attach(drill)
        keep(Number(new URL(url).port))
        return url
      },
      ended(result, papers) {
        isUnfinished = false
        console.ended(result, papers)
      },
    },
    keep: () => keep(left?.statusPort),
    async close() {
      forget()
      process.off('exit', forget)
      await console.close()
    },
  }
}
