import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ambientClock } from '../../clock/clock.ts'
import { guardOrigin } from '../../drill/control/guard.ts'
import { UsageError } from '../../lib/errors.ts'
import { createMetrics } from './metrics.ts'
import type { Outlet, OutletOptions } from './outlet.ts'
import { listen } from './watched.ts'

/** This machine alone. */
const host = '127.0.0.1'
/** Real ms in which a scrape that is under way may be read to its end. */
const lastWordsMs = 1_000

/**
 * Serves the figures of a drill at `/metrics`, on a port of its own. Rejects with a `UsageError` where prom-client is not
 * installed, or the port is taken.
 */
export async function openMetrics(port: number, { say, mask }: OutletOptions): Promise<Outlet> {
  const metrics = await createMetrics()
  const server = createServer((request, response) => void answer(request, response))
  await bind(server, port)
  const address = server.address() as AddressInfo // it listens on a port
  say(`metrics at http://${host}:${address.port}/metrics`)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type = 'text/plain', text } = await replyTo(request)
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(text)
  }

  async function replyTo({ method, url, headers }: IncomingMessage): Promise<Reply> {
    try {
      guardOrigin(headers, address.port)
    } catch {
      return { status: 403, text: `Ask http://${host}:${address.port}/metrics, from this machine.\n` }
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
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeIdleConnections()
      const cancel = ambientClock.after(lastWordsMs, () => server.closeAllConnections())
      await closed
      cancel()
    },
  }
}

interface Reply {
  readonly status: number
  readonly type?: string
  readonly text: string
}

function bind(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error =>
      reject(
        new UsageError(
          `Failed to serve the metrics on ${host}:${port}: ${error.message}.`,
          'Give another port; with 0 a free one is taken.',
        ),
      ),
    )
    server.listen(port, host, resolve)
  })
}
