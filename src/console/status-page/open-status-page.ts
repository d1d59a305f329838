import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { ambientClock } from '../../clock/clock.ts'
import { listenAt } from '../../drill/control/local-server.ts'
import { UsageError } from '../../lib/errors.ts'
import { statusAt } from '../../model/status.ts'
import type { Plan } from '../../model/timeline.ts'
import { dataAt, slowMs } from '../../providers/statuspage/dialect.ts'
import { statusPageHtml } from './page.ts'
import { script } from './script.ts'
import { type ProviderPage, type ProviderPages, pagesAt } from './sites.ts'
import { style } from './style.ts'

export interface StatusPageOptions {
  /** The scenario as people have moved it. */
  readonly plan: () => Plan
  /** Ms of the scenario since its first phase began; negative before. */
  readonly t: () => number
  /** When t = 0 is or was, ms since the epoch by the clock on the wall. */
  readonly originMs: () => number
  /** How many times faster than real time the scenario goes. */
  readonly speed: number
  /** A free one when absent or 0. */
  readonly port?: number
}

export interface OpenStatusPage {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  /** Lets go of whoever waits, and frees the port. */
  close(): Promise<void>
}

/** Real ms after which a page that cannot be reached lets go of who asks, as a connection that times out. */
const holdMs = 30_000
/** By more than this the clock on the wall was set. */
const steadyMs = 500
/** Real ms between two looks of an open page, and the fewest in a show that is speeded. */
const everyMs = { usual: 30_000, least: 2_000 }

/**
 * Serves the status pages of the providers to people and programs on this machine, with no token: a status page is for all
 * to read. It says what the scenario has it say by now, late and wrong words included, and nothing of what is to come.
 * Throws a `UsageError` where the port is taken.
 */
export async function openStatusPage(options: StatusPageOptions): Promise<OpenStatusPage> {
  const desk = new Desk(options)
  const server = createServer((request, response) => void desk.answer(request, response))
  const refused = (why: string) =>
    new UsageError(`Failed to open the status page on ${why}.`, 'Leave the port out, and a free one is taken.')
  const port = await listenAt(server, { host, port: options.port ?? 0 }, refused)
  desk.port = port
  return {
    url: `http://${host}:${port}`,
    async close() {
      desk.closing.abort()
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

const host = '127.0.0.1'

interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly headers?: Readonly<Record<string, string>>
}

class Desk {
  port = 0
  readonly closing = new AbortController()
  private readonly options: StatusPageOptions
  private originMs: number | undefined

  constructor(options: StatusPageOptions) {
    this.options = options
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const answer = await this.find(request, AbortSignal.any([gone.signal, this.closing.signal]))
    if (answer === undefined || response.destroyed) request.socket.destroy()
    else send(response, answer)
  }

  /** What is measured anew each time differs by a ms or two, and no time on a page may move by itself. */
  private origin(): number {
    const now = this.options.originMs()
    if (this.originMs === undefined || Math.abs(now - this.originMs) > steadyMs) this.originMs = now
    return this.originMs
  }

  /** `undefined`: nobody answers. */
  private async find(
    { method, url = '/', headers }: IncomingMessage,
    signal: AbortSignal,
  ): Promise<Answer | undefined> {
    // By another name it is reached by pages whose name was rebound to this machine.
    const names = [host, 'localhost', '[::1]'].map(name => `${name}:${this.port}`)
    if (!names.includes(headers.host?.toLowerCase() ?? ''))
      return plain(403, `This status page does not go by that name. Ask http://${names[0]}.`)
    if (method !== 'GET' && method !== 'HEAD')
      return { ...plain(405, 'A status page can be read, and nothing else.'), headers: { allow: 'GET, HEAD' } }
    const path = pathOf(url)
    if (path === '/status-page.css') return { status: 200, type: 'text/css; charset=utf-8', text: style }
    if (path === '/status-page.js') return { status: 200, type: 'text/javascript; charset=utf-8', text: script }
    return this.page(path, signal)
  }

  private async page(path: string, signal: AbortSignal): Promise<Answer | undefined> {
    const { plan, speed } = this.options
    const t = Math.round(this.options.t())
    const pages = pagesAt(plan(), t)
    const page = pageOf(pages, path)
    const view = statusAt(plan(), page.provider, t)
    const originMs = this.origin()
    const instant = (at: number) => new Date(originMs + at / speed).toISOString()
    const shown = { site: page.site, view, instant }
    if (view.page === 'unreachable') {
      await ambientClock.sleep(holdMs, signal)
      return undefined
    }
    if (view.page === 'slow') await ambientClock.sleep(slowMs / speed, signal)
    const rest = path.slice(page.path.length)
    if (rest === '') {
      const text = statusPageHtml({ ...{ shown, page, pages }, asOf: instant(t), everyMs: lookEveryMs(speed) })
      return { status: 200, type: 'text/html; charset=utf-8', text }
    }
    const data = dataAt(rest, shown)
    return data ? { status: 200, ...data } : plain(404, 'There is no such page.')
  }
}

function pageOf([own, ...others]: ProviderPages, path: string): ProviderPage {
  return others.find(page => path === page.path || path.startsWith(`${page.path}/`)) ?? own
}

/** Without the query, and without a slash at the end: `''` is the root. */
function pathOf(url: string): string {
  return (/^[^?#]*/.exec(url)?.[0] ?? '').replace(/\/+$/, '')
}

function lookEveryMs(speed: number): number {
  return Math.round(Math.max(everyMs.least, everyMs.usual / Math.max(1, speed)))
}

function plain(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', text: `${text}\n` }
}

function send(response: ServerResponse, { status, type, text, headers }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...headers,
  })
  response.end(text)
}
