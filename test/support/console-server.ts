import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Action, Bins, Entry, FacilitatorView, Problem, ResponderView } from '../../src/console/protocol.ts'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly referrer: string | undefined
  /** `Last-Event-ID` of a stream. */
  readonly lastId: string | undefined
}

/** What a page reads and does, from tests' own hands; it speaks the console's protocol, and believes every token but `wrong`. */
export interface FakeConsole extends AsyncDisposable {
  readonly origin: string
  readonly asked: readonly Asked[]
  readonly acts: readonly Action[]
  /** To all that listen, and to who comes later. */
  view(view: FacilitatorView | ResponderView): void
  bins(bins: Bins): void
  entry(entry: Entry): void
  /** What was told is of another show, and nothing of it is left. */
  anew(): void
  /** The last that a stream says. */
  closed(): void
  /** Cuts every stream; those who come back are refused until {@link mend}. */
  cut(): void
  mend(): void
  /** What the next action is answered with. */
  refuseNext(problem: Problem): void
}

const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}
const types = { js: 'text/javascript', css: 'text/css', html: 'text/html; charset=utf-8' } as const

/** Serves the page that was bundled into `folder`. */
export async function fakeConsole(folder: string, papers: Readonly<Record<string, string>> = {}): Promise<FakeConsole> {
  const asked: Asked[] = []
  const acts: Action[] = []
  const streams = new Set<ServerResponse>()
  const entries: Entry[] = []
  let [newestView, newestBins, refusal, isDown] = ['', '', undefined as Problem | undefined, false]
  const tell = (text: string) => {
    for (const stream of streams) stream.write(text)
  }

  const server = createServer(async (request, response) => {
    const { method = '', url = '' } = request
    const { authorization, referer: referrer } = request.headers
    const lastId = request.headers['last-event-id']?.toString()
    asked.push({ method, url, authorization, referrer, lastId })
    const send = (status: number, type: string, body = '') =>
      response.writeHead(status, { ...headers, 'content-type': type }).end(body)
    if (!url.startsWith('/api/')) {
      const name = /^\/(facilitator|responder|observer)$/.test(url) ? 'index.html' : url.slice(1)
      return send(200, types[name.split('.').at(-1) as keyof typeof types], readFileSync(join(folder, name), 'utf8'))
    }
    if (isDown) return response.destroy()
    if (authorization === 'Bearer wrong') return send(401, 'application/json', '{"message":"No such token."}')
    if (url === '/api/act') {
      acts.push(JSON.parse(await textOf(request)))
      const problem = refusal
      refusal = undefined
      return problem ? send(409, 'application/json', JSON.stringify(problem)) : send(204, 'text/plain')
    }
    const paper = papers[url.replace('/api/papers/', '')]
    if (paper !== undefined) return send(200, 'text/plain', paper)
    if (url !== '/api/stream') return send(404, 'text/plain')
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' })
    response.write(newestView + newestBins)
    // As a server may that is not sure what the page has: one entry more than it asks for.
    for (const entry of entries)
      if (lastId === undefined || entry.id >= Number(lastId)) response.write(entryText(entry))
    streams.add(response)
    response.on('close', () => streams.delete(response))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port
  const cut = () => {
    for (const stream of streams) stream.destroy()
  }

  return {
    ...{ origin: `http://127.0.0.1:${port}`, asked, acts },
    view(view) {
      newestView = `event: view\ndata: ${JSON.stringify(view)}\n\n`
      tell(newestView)
    },
    bins(bins) {
      newestBins = `event: bins\ndata: ${JSON.stringify(bins)}\n\n`
      tell(newestBins)
    },
    entry(entry) {
      entries.push(entry)
      tell(entryText(entry))
    },
    anew() {
      entries.length = 0
      tell('event: anew\ndata: {}\n\n')
    },
    closed: () => tell('event: closed\ndata: {}\n\n'),
    cut() {
      isDown = true
      cut()
    },
    mend() {
      isDown = false
    },
    refuseNext(problem) {
      refusal = problem
    },
    async [Symbol.asyncDispose]() {
      cut()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function entryText(entry: Entry): string {
  return `event: entry\nid: ${entry.id}\ndata: ${JSON.stringify(entry)}\n\n`
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request) text += String(part)
  return text
}
