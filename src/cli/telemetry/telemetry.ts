import type { Outlet, OutletOptions } from './outlet.ts'
import type { TelemetryRequest } from './request.ts'

export interface TelemetryOptions extends OutletOptions {
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Opens what was asked for, or nothing. Rejects with a `UsageError`; then nothing is left open. */
export async function openTelemetry({ otel, metrics }: TelemetryRequest, options: TelemetryOptions): Promise<Outlet> {
  const outlets: Outlet[] = []
  try {
    if (metrics !== undefined) {
      const { openMetrics } = await import('./metrics-endpoint.ts')
      outlets.push(await openMetrics(metrics, options))
    }
    if (otel !== undefined) {
      const { openOtel } = await import('./otel.ts')
      outlets.push(await openOtel({ ...options, url: otel }))
    }
  } catch (error) {
    await closeAll(outlets)
    throw error
  }
  return {
    begin(drill) {
      for (const outlet of outlets) outlet.begin(drill)
    },
    end(result) {
      for (const outlet of outlets) outlet.end(result)
    },
    close: () => closeAll(outlets),
  }
}

async function closeAll(outlets: readonly Outlet[]): Promise<void> {
  await Promise.all(outlets.map(outlet => outlet.close()))
}
