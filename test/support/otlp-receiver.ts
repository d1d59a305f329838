import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An event as a collector got it. */
export interface ReceivedEvent {
  readonly name: string
  readonly says: string
  /** Ms since the epoch. */
  readonly atMs: number
  readonly facts: Readonly<Record<string, string | number>>
  readonly severity: string
  readonly resource: Readonly<Record<string, string | number>>
}

export interface Receiver extends AsyncDisposable {
  /** As for `--otel`. */
  readonly url: string
  readonly port: number
  readonly events: ReceivedEvent[]
  /** `POST /v1/logs TYPE HEADER`, one for each request; the header is `x-team`. */
  readonly requests: string[]
  /** All that came, as it came. */
  readonly bodies: string[]
}

interface ReceiverOptions {
  readonly status?: number
  onEvent?(event: ReceivedEvent): Promise<void> | void
}

interface Value {
  readonly stringValue?: string
  readonly intValue?: number | string
  readonly doubleValue?: number
}

interface Attribute {
  readonly key: string
  readonly value: Value
}

interface Document {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] }
    readonly scopeLogs: readonly {
      readonly logRecords: readonly {
        readonly eventName: string
        readonly timeUnixNano: string
        readonly severityText: string
        readonly body: Value
        readonly attributes: readonly Attribute[]
      }[]
    }[]
  }[]
}

/** A collector that takes OTLP over HTTP as JSON, and keeps what it gets. */
export async function otlpReceiver({ status = 200, onEvent }: ReceiverOptions = {}): Promise<Receiver> {
  const [events, requests, bodies]: [ReceivedEvent[], string[], string[]] = [[], [], []]
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    requests.push(`${request.method} ${request.url} ${request.headers['content-type']} ${request.headers['x-team']}`)
    bodies.push(body)
    const fresh = eventsIn(JSON.parse(body))
    events.push(...fresh)
    for (const event of fresh) await onEvent?.(event)
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // it listens on a port
  return {
    ...{ url: `http://127.0.0.1:${port}`, port, events, requests, bodies },
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function eventsIn({ resourceLogs }: Document): readonly ReceivedEvent[] {
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(record => ({
        name: record.eventName,
        says: record.body.stringValue ?? '',
        atMs: Number(record.timeUnixNano) / 1e6,
        facts: factsOf(record.attributes),
        severity: record.severityText,
        resource: factsOf(resource.attributes),
      })),
    ),
  )
}

function factsOf(attributes: readonly Attribute[]): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue ?? value.doubleValue)]),
  )
}
