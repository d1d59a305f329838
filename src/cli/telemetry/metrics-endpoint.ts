import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { guardOrigin } from '../../drill/control/guard.ts'
import { closeServer, listenAt } from '../../drill/control/local-server.ts'
import { UsageError } from '../../lib/errors.ts'
import { createMetrics } from './metrics.ts'
import type { Outlet, OutletOptions } from './outlet.ts'
import { listen } from './watched.ts'

/** This machine alone. */
const host = '127.0.0.1'

/**
 * Serves the figures of a drill at `/metrics`, on a port of its own. Rejects with a `UsageError` where prom-client is not
 * installed, or the port is taken.
 */
export async function openMetrics(port: number, { say, mask }: OutletOptions): Promise<Outlet> {
  const metrics = await createMetrics()
  const server = createServer((request, response) => void answer(request, response))
  const refused = (why: string) =>
    new UsageError(`Failed to serve the metrics on ${why}.`, 'Give another port; with 0 a free one is taken.')
  const bound = await listenAt(server, { host, port }, refused)
  say(`metrics at http://${host}:${bound}/metrics`)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type = 'text/plain', text } = await replyTo(request)
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
  }

  async function replyTo({ method, url, headers }: IncomingMessage): Promise<Reply> {
    try {
      guardOrigin(headers, bound)
    } catch {
      return { status: 403, text: `Ask http://${host}:${bound}/metrics, from this machine.\n` }
    }
    if (url?.split('?')[0] !== '/metrics') return { status: 404, text: 'The figures are at /metrics.\n' }
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'There is nothing to send here.\n' }
    try {
      return { status: 200, type: metrics.registry.contentType, text: mask(await metrics.registry.metrics()) }
    } catch (error) {
      return { status: 500, text: `${error instanceof Error ? error.message : error}\n` }
    }
  }

  let leave = () => {}
  return {
    begin(drill) {
      metrics.begin(drill)
      let isTold = false
      // Counts of a drill that was resumed are of all of it.
      leave = listen(drill, {
        take: event => metrics.take(event),
        failed(error) {
          if (!isTold) say(`The metrics are not whole: ${error instanceof Error ? error.message : error}`)
          isTold = true
        },
      })
    },
    end() {},
    async close() {
      leave()
      await closeServer(server)
    },
  }
}

interface Reply {
  readonly status: number
  readonly type?: string
  readonly text: string
}
