import { generateKeySync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { UsageError } from '../../lib/errors.ts'
import type { DrillControls, DrillVerdict } from '../controls.ts'
import { findRoute, readBody, readQuery } from './asked.ts'
import { guardOrigin, guardToken } from './guard.ts'
import { type Ask, type Ending, handlers, type Reply } from './handlers.ts'
import { JournalStream } from './journal-stream.ts'
import { closeServer, listenAt } from './local-server.ts'
import { Refused } from './problem.ts'
import { type Route, routes } from './routes.ts'

export interface ControlServerOptions {
  /** What whoever asks must know; made up when absent. */
  readonly token?: string
  /** A free one when 0. */
  readonly port?: number
  /** This machine alone: there is no wider address. */
  readonly host?: '127.0.0.1'
}

export interface ControlServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string
  readonly port: number
  readonly token: string
  /** Ends every stream, lets answers that are under way be read for a moment, and frees the port. */
  close(): Promise<void>
}

const tokenLengthMin = 16

/** A token that nobody guesses, the app under drill included: its chance, and with it `randomBytes`, comes from the seed. */
export function newToken(): string {
  return generateKeySync('aes', { length: 256 }).export().toString('base64url')
}

/** Serves the control API on a loopback port of its own. Throws a `UsageError` where the port is taken, or the token short. */
export async function openControlServer(
  controls: DrillControls,
  { token = newToken(), port = 0, host = '127.0.0.1' }: ControlServerOptions = {},
): Promise<ControlServer> {
  if (token.length < tokenLengthMin || /\s/.test(token))
    throw new UsageError(
      `The token of the control API must have ${tokenLengthMin} characters at least, and no blanks.`,
      'Leave it out: a good one is made up in each drill.',
    )
  const desk = new Desk(controls, token)
  const server = createServer((request, response) => void desk.answer(request, response))
  // What comes later than this was never meant: a body has 64 KB.
  server.requestTimeout = 30_000
  const refused = (why: string) =>
    new UsageError(`Failed to open the control API on ${why}.`, 'Leave the port out, and a free one is taken.')
  desk.port = await listenAt(server, { host, port }, refused)
  return {
    url: `http://${host}:${desk.port}`,
    port: desk.port,
    token,
    async close() {
      desk.close()
      await closeServer(server)
    },
  }
}

/** Answers one request after the other. */
class Desk {
  port = 0
  private readonly controls: DrillControls
  private readonly token: string
  private readonly ending: Ending
  private readonly streams = new Set<JournalStream>()
  private readonly closing = new AbortController()

  constructor(controls: DrillControls, token: string) {
    this.controls = controls
    this.token = token
    const ending: { verdict: DrillVerdict | undefined; failure: unknown; over: Promise<void> } = {
      verdict: undefined,
      failure: undefined,
      over: controls.verdict().then(
        verdict => {
          ending.verdict = verdict
          this.endStreams()
        },
        (error: unknown) => {
          ending.failure = error ?? new Error('The drill broke off.')
          this.endStreams()
        },
      ),
    }
    this.ending = ending
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    try {
      this.send(response, await this.reply(request, AbortSignal.any([gone.signal, this.closing.signal])))
    } catch (error) {
      if (response.destroyed) return
      const { status, problem, headers } = refusalOf(error)
      sendJson(response, { status, body: problem, headers })
    }
  }

  close(): void {
    this.closing.abort()
    this.endStreams()
  }

  private async reply(request: IncomingMessage, signal: AbortSignal): Promise<Reply> {
    const { method = 'GET', url = '/', headers } = request
    guardOrigin(headers, this.port)
    const { pathname, searchParams } = readUrl(url)
    const { open = false, takesBasic = false } = routeAt(method, pathname) ?? {}
    if (!open) guardToken(headers, { token: this.token, query: searchParams, takesBasic })
    const id = findRoute(method, pathname)
    const query = readQuery(routes[id], searchParams)
    const body = await readBody(routes[id], request)
    const handle = handlers[id] as (ask: Ask) => Reply | Promise<Reply> // `readBody` holds the body to what `id` takes
    return handle({ controls: this.controls, ending: this.ending, query, body, headers, signal })
  }

  private send(response: ServerResponse, reply: Reply): void {
    switch (reply.type) {
      case 'json':
        sendJson(response, reply)
        return
      case 'nothing':
        response.writeHead(204, { 'cache-control': 'no-store' }).end()
        return
      case 'journal': {
        const type = reply.order.form === 'lines' ? 'application/x-ndjson' : 'text/event-stream'
        response.writeHead(200, { ...common, 'content-type': type })
        const stream = new JournalStream(response, this.controls, reply.order)
        this.streams.add(stream)
        response.once('close', () => this.streams.delete(stream))
        const { verdict, failure } = this.ending
        if (verdict !== undefined || failure !== undefined || this.closing.signal.aborted) stream.end(verdict)
      }
    }
  }

  private endStreams(): void {
    for (const stream of this.streams) stream.end(this.ending.verdict)
  }
}

const common = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

interface JsonAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

function sendJson(response: ServerResponse, { status, body, headers = {} }: JsonAnswer): void {
  const text = Buffer.from(`${JSON.stringify(body)}\n`)
  response.writeHead(status, {
    ...common,
    'content-type': 'application/json',
    'content-length': text.length,
    ...headers,
  })
  response.end(text)
}

/** Refusals of ours, what the drill cannot do now, and bugs. */
function refusalOf(error: unknown): Refused {
  if (error instanceof Refused) return error
  if (error instanceof UsageError) return new Refused('conflict', { message: error.message, hint: error.hint })
  const message = error instanceof Error ? error.message : String(error)
  return new Refused('internal', { message: `The drill failed to do it: ${message}` })
}

/** A path and a query; what comes as a whole address, or with a doubled slash, has no path of ours. */
function readUrl(url: string): URL {
  return URL.parse(`http://127.0.0.1${url.startsWith('/') ? '' : '/'}${url}`) ?? new URL('http://127.0.0.1/?')
}

function routeAt(method: string, pathname: string): Route | undefined {
  return Object.values<Route>(routes).find(route => route.path === pathname && route.method === method)
}
