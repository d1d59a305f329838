import { faults } from '../faults/index.ts'
import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { Integration } from '../model/integration.ts'
import type { Scenario } from '../model/scenario.ts'
import { providerSurfaces } from '../providers/index.ts'
import { type RunOptions, runScenario } from '../run/run-scenario.ts'
import { cellScenario, type ProfileCell } from './cell.ts'
import { measureCell } from './measure.ts'

export interface ProfileOptions extends Pick<RunOptions, 'reload' | 'addresses' | 'signal'> {
  readonly integration: Integration
  /** Whose requests meet the faults; what the client assumes, or `anthropic`, when absent. */
  readonly provider?: string | undefined
  /** 1 when absent. */
  readonly seed?: number
  /** What else the app's own settings say of a scenario. */
  adapt?(scenario: Scenario): Scenario
}

/** One thing to try: a fault, on plain requests or on streams. */
export interface CellName {
  readonly fault: string
  readonly streamed: boolean
}

/** Every fault, plain and streamed, in the order of the catalogue; only `named` ones when there are any. Throws a `UsageError`. */
export function cellNames(named: readonly string[] = []): readonly CellName[] {
  const wrong = named.find(id => !faults.has(id))
  if (wrong !== undefined) {
    const near = suggest(wrong, faults.keys())
    throw new UsageError(
      `There is no fault "${wrong}".`,
      near ? `Did you mean ${near}?` : `Faults: ${[...faults.keys()].join(', ')}.`,
    )
  }
  const wanted = [...faults.values()].filter(({ id }) => named.length === 0 || named.includes(id))
  return wanted.flatMap(({ id, streamingOnly }) =>
    streamingOnly
      ? [{ fault: id, streamed: true }]
      : [
          { fault: id, streamed: false },
          { fault: id, streamed: true },
        ],
  )
}

/** The provider whose requests meet the faults. Throws a `UsageError` where it has no API. */
export function providerOf({ provider, integration }: Pick<ProfileOptions, 'provider' | 'integration'>): string {
  const name = provider ?? integration.assumes?.provider ?? 'anthropic'
  if (providerSurfaces.get(name)?.includes('api')) return name
  const near = suggest(name, providerSurfaces.keys())
  throw new UsageError(
    `There is no provider "${name}" with an api to profile.`,
    near ? `Did you mean ${near}?` : `Providers: ${[...providerSurfaces.keys()].join(', ')}.`,
  )
}

/** Takes the client through five minutes of one fault on virtual time, and tells what it did. Judges nothing. */
export async function profileCell({ fault, streamed }: CellName, options: ProfileOptions): Promise<ProfileCell> {
  const { integration, seed = 1, reload, addresses, signal } = options
  const made = cellScenario(fault, { streamed, provider: providerOf(options), assumes: integration.assumes })
  const scenario = options.adapt?.(made) ?? made
  const result = await runScenario({
    scenario,
    integration,
    seed,
    ...(reload && { reload }),
    ...(addresses && { addresses }),
    ...(signal && { signal }),
  })
  return measureCell(result, fault, streamed)
}
