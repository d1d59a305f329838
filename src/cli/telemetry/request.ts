import { UsageError } from '../../lib/errors.ts'
import { wholeNumber } from '../args.ts'
import type { Invocation } from '../command.ts'

/** Where a drill tells of itself besides the terminal and the journal. */
export interface TelemetryRequest {
  /** Where OpenTelemetry events go: the whole address. */
  readonly otel: URL | undefined
  /** Port of the figures for Prometheus; 0 for a free one. */
  readonly metrics: number | undefined
}

/** Reads `--otel` and `--metrics`. Without them nothing leaves, whatever the environment says. */
export function readTelemetry(invocation: Invocation): TelemetryRequest {
  const metrics = wholeNumber(invocation, 'metrics', 0)
  if (metrics !== undefined && metrics > 65_535) throw new UsageError(`--metrics ${metrics}: ports end at 65535.`)
  const otel = invocation.value('otel')
  return { otel: otel === undefined ? undefined : logsAddress(otel), metrics }
}

/** Of the base address of a collector, where it takes logs: events are logs with a name. */
function logsAddress(base: string): URL {
  const url = URL.parse(base)
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(
      `--otel ${base}: this is no web address.`,
      'Write where a collector takes OTLP over HTTP: http://127.0.0.1:4318',
    )
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      '--otel: an address with a password in it ends up in logs.',
      'Put it into a header: OTEL_EXPORTER_OTLP_HEADERS=authorization=…',
    )
  const path = url.pathname.replace(/\/+$/, '')
  url.pathname = path.endsWith('/v1/logs') ? path : `${path}/v1/logs`
  return url
}
