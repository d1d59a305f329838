import type { LogRecordExporter } from '@opentelemetry/sdk-logs'
import { ambientClock } from '../../clock/clock.ts'
import { UsageError } from '../../lib/errors.ts'
import { version } from '../../run/version.ts'
import { loadPeers } from './peers.ts'

/** An event as a collector gets it. */
export interface OtelEvent {
  readonly name: string
  /** Ms since the epoch. */
  readonly atMs: number
  readonly body: string
  readonly attributes: Readonly<Record<string, string | number>>
  readonly isBad: boolean
}

/** Where events go. */
export interface OtelSink {
  emit(event: OtelEvent): void
  /** Resolves when all is sent, or when that takes too long. */
  close(): Promise<void>
}

export interface OtelSinkOptions {
  readonly url: URL
  readonly env: Readonly<Record<string, string | undefined>>
  /** Told of each batch that did not get through. */
  onLost(why: string): void
}

/** Real ms: what happens stands on a dashboard so much later. */
const batchMs = 500
/** Real ms in which the library may try to send a batch, again and again. */
const sendMs = 5_000
/** Real ms that the end of a drill waits for the last of it. */
const lastMs = 3_000

const peers = {
  flag: 'otel',
  least: {
    '@opentelemetry/sdk-logs': '3',
    '@opentelemetry/exporter-logs-otlp-http': '0.300',
    '@opentelemetry/resources': '3',
  },
}

/**
 * Opens OpenTelemetry's own exporter, which sends JSON over `node:http`: nothing of that is taken over in a drill. Rejects
 * with a `UsageError`. To be called before the drill opens, as the library reads the environment.
 */
export async function openOtelSink({ url, env, onLost }: OtelSinkOptions): Promise<OtelSink> {
  refuseForeignHeaders(url, env)
  const [{ BatchLogRecordProcessor, LoggerProvider }, { OTLPLogExporter }, { resourceFromAttributes }] =
    await loadPeers(peers, () =>
      Promise.all([
        import('@opentelemetry/sdk-logs'),
        import('@opentelemetry/exporter-logs-otlp-http'),
        import('@opentelemetry/resources'),
      ]),
    )
  const otlp = new OTLPLogExporter({ url: url.href, timeoutMillis: sendMs })
  const exporter: LogRecordExporter = {
    export: (records, done) =>
      otlp.export(records, result => {
        if (result.code !== 0) onLost(reasonOf(result.error))
        done(result)
      }),
    forceFlush: () => otlp.forceFlush(),
    shutdown: () => otlp.shutdown(),
  }
  const environment = env['BLACKSTART_ENVIRONMENT']
  // A provider of our own, never the global one: that is the app's, which may be in this process.
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({
      ...{ 'service.name': 'blackstart', 'service.version': version },
      ...(environment !== undefined && { 'deployment.environment.name': environment }),
    }),
    processors: [new BatchLogRecordProcessor({ exporter, scheduledDelayMillis: batchMs, exportTimeoutMillis: sendMs })],
  })
  const logger = provider.getLogger('blackstart', version)
  return {
    emit: ({ name, atMs, body, attributes, isBad }) =>
      logger.emit({
        ...{ eventName: name, timestamp: new Date(atMs), body, attributes: { ...attributes } },
        ...(isBad ? { severityNumber: 17, severityText: 'ERROR' } : { severityNumber: 9, severityText: 'INFO' }),
      }),
    async close() {
      const enough = new AbortController()
      const sent = provider.shutdown().then(
        () => true,
        (error: unknown) => onLost(reasonOf(error)),
      )
      const late = ambientClock.sleep(lastMs, enough.signal).then(() => enough.signal.aborted || 'late')
      if ((await Promise.race([sent, late])) === 'late') onLost(`it took longer than ${lastMs / 1_000} s`)
      enough.abort()
    },
  }
}

/** Headers hold keys: they are for the address that stands beside them, and no other. */
function refuseForeignHeaders(url: URL, env: OtelSinkOptions['env']): void {
  const headers = ['OTEL_EXPORTER_OTLP_LOGS_HEADERS', 'OTEL_EXPORTER_OTLP_HEADERS'].find(name => env[name])
  const endpoint = ['OTEL_EXPORTER_OTLP_LOGS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'].find(name => env[name])
  if (headers === undefined || endpoint === undefined) return
  const meant = URL.parse(env[endpoint] ?? '')
  if (meant?.origin === url.origin) return
  throw new UsageError(
    `--otel ${url.origin}: ${headers} would go there too, and is for ${meant?.host ?? 'another address'} (${endpoint}).`,
    `Unset ${headers}, or give --otel "$${endpoint}".`,
  )
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason was given'
  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'number') return `it answered with ${code}`
  return typeof code === 'string' ? code : error.message
}
