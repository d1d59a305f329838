import { createServer } from 'node:http'
import { closeServer, listenAt } from '../drill/control/local-server.ts'
import { newToken } from '../drill/control/server.ts'
import { UsageError } from '../lib/errors.ts'
import type { RunResult } from '../run/result.ts'
import { type Assets, readAssets } from './assets.ts'
import { Desk } from './desk.ts'
import { consoleHost } from './guard.ts'
import { type CheckLine, type Role, roles } from './protocol.ts'
import { type ConsoleDrill, ConsoleShow, type Papers, type ShowOptions } from './show.ts'
import { type OpenStatusPage, openStatusPage } from './status-page/open-status-page.ts'

export interface ConsoleOptions extends Omit<ShowOptions, 'links'> {
  /** A free one when absent or 0. */
  readonly port?: number | undefined
  /** Those of a show that goes on; made up when absent. */
  readonly tokens?: Readonly<Record<Role, string>> | undefined
  /** The port of the status page; a free one when absent, or where it is taken. */
  readonly statusPort?: number | undefined
  /** The folder of the page; where it was built when absent. */
  readonly assets?: string | undefined
  /** What people at the terminal should know, once each. */
  say?(text: string): void
  /** What leaves for a browser, without secrets. */
  mask?(text: string): string
}

/** The web console of a game day, on this machine alone. */
export interface GameDayConsole {
  readonly port: number
  readonly tokens: Readonly<Record<Role, string>>
  /** `http://127.0.0.1:PORT/facilitator#token=…`: for the terminal alone. */
  readonly urls: Readonly<Record<Role, string>>
  /** The word to begin, from the page or by `begin`. */
  readonly started: Promise<{ readonly confirmed: readonly string[] }>
  /** Ends the lobby. */
  begin(): void
  /** An item of the go/no-go list was looked at. */
  check(line: CheckLine): void
  /**
   * The drill is open: the console follows it, and its status page is served on a port of its own. Resolves to that page's
   * address; rejects with a `UsageError` where it cannot be had.
   */
  attach(drill: { readonly session: ConsoleDrill }): Promise<string>
  /** The drill has ended; the papers are there to be read. */
  ended(result: RunResult, papers: Papers): void
  /** Resolves, once the show has ended, when the facilitator closes the console, or nobody looks at it any more. */
  readonly closed: Promise<void>
  /** Tells readers that it was the last, and frees the ports. */
  close(): Promise<void>
}

/** Opens the console in its lobby. Rejects with a `UsageError` where the port is taken, or the page was not built. */
export async function openConsole(options: ConsoleOptions): Promise<GameDayConsole> {
  const tokens = options.tokens ?? { facilitator: newToken(), responder: newToken(), observer: newToken() }
  const pathOf = (role: Role) => `/${role}#token=${tokens[role]}`
  const links = byRole(pathOf)
  const show = new ConsoleShow({ ...options, links })
  const said = new Set<string>()
  const failed = (error: unknown) => {
    const text = `the console could not show something (${error instanceof Error ? error.message : error}); the show goes on`
    if (said.has(text)) return
    said.add(text)
    options.say?.(text)
  }
  const desk = new Desk({
    ...{ show, tokens, failed, assets: assetsOf(options), warmUpMs: options.plan.warmUpMs },
    mask: text => options.mask?.(text) ?? text,
  })
  const server = createServer((request, response) => void desk.answer(request, response))
  server.requestTimeout = 30_000
  const port = await listenAt(server, { host: consoleHost, port: options.port ?? 0 }, notOpened)
  desk.port = port
  let statusPage: OpenStatusPage | undefined
  let closing: Promise<void> | undefined
  return {
    ...{ port, tokens, started: show.started, closed: desk.left },
    urls: byRole(role => `http://${consoleHost}:${port}${pathOf(role)}`),
    begin: () => show.begin(),
    check: line => show.check(line),
    async attach({ session }) {
      show.attach(session, { onLog: () => desk.tellLog(), failed })
      statusPage = await statusPageOf(session, options)
      show.statusPage = statusPage.url
      if (closing) await statusPage.close()
      return statusPage.url
    },
    ended(result, papers) {
      show.ended(result, papers)
      desk.ended()
    },
    close() {
      desk.close()
      closing ??= Promise.all([closeServer(server), statusPage?.close()]).then(() => {})
      return closing
    },
  }
}

async function statusPageOf(session: ConsoleDrill, { speed, statusPort }: ConsoleOptions): Promise<OpenStatusPage> {
  const { warmUpMs } = session.plan()
  const shown = {
    plan: () => session.plan(),
    // Before it begins, time stands still.
    t: () => Math.max(session.state().t, -warmUpMs),
    originMs: () => session.originWallMs(),
    speed,
  }
  if (statusPort === undefined) return openStatusPage(shown)
  try {
    return await openStatusPage({ ...shown, port: statusPort })
  } catch {
    return openStatusPage(shown)
  }
}

function assetsOf({ assets }: ConsoleOptions): Assets {
  return readAssets(assets)
}

function byRole(of: (role: Role) => string): Readonly<Record<Role, string>> {
  const [facilitator, responder, observer] = roles
  return { facilitator: of(facilitator), responder: of(responder), observer: of(observer) }
}

function notOpened(why: string): UsageError {
  return new UsageError(
    `Failed to open the console on ${why}.`,
    'Leave the port out, and a free one is taken; --no-console goes without.',
  )
}
