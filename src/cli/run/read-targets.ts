import { type Unsupported, unsupportedByMsw } from '../../engines/msw-support.ts'
import { formatDuration } from '../../lib/duration.ts'
import { scaleScenario, scenarioLengthMs } from '../../model/scale.ts'
import type { Scenario } from '../../model/scenario.ts'
import { catalogueOf, underConfig } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { fixedVariants } from '../../run/fixed-variants.ts'
import {
  type Diagnostic,
  outOfRunDiagnostics,
  type Positions,
  type ReadResult,
  readScenarioFile,
  renderCheck,
  sortDiagnostics,
  type Variants,
  variantDiagnostics,
  variantsOf,
} from '../../scenario/index.ts'
import { notice } from '../output.ts'
import type { Target } from '../registry.ts'
import type { Refusal } from './messages.ts'
import { jsonDiagnostic } from './refusal.ts'
import type { RunRequest } from './request.ts'

/** A scenario ready to run. */
export interface Ready {
  readonly target: Target
  readonly scenario: Scenario
  /** Its text as it stands in the file; absent when the run's scenario is a scaled one. */
  readonly text?: string
  /** The file, as people want to read it. */
  readonly file: string
  readonly positions: Positions
}

export interface ReadOptions {
  readonly config: LoadedConfig
  /** A path as people want to read it. */
  shown(path: string): string
  /** Whether warnings are said; one process of several does. */
  readonly tell: boolean
  /** How a file is read; as a scenario when absent. */
  read?(path: string): ReadResult
  /** What the engine cannot do of a scenario; that of simulations when absent. */
  unsupported?(scenario: Scenario): readonly Unsupported[]
}

/** Reads every scenario of the request before the first one runs. All that is wrong with any of them comes back at once. */
export function readTargets(
  request: RunRequest,
  { config, shown, tell, read: readFile, unsupported = unsupportedByMsw }: ReadOptions,
): readonly Ready[] | Refusal {
  const catalogue = catalogueOf(config)
  const refused: { text: string; diagnostics: readonly Diagnostic[] }[] = []
  const ready: Ready[] = []
  const matrices = new Map<string, Variants>()
  for (const target of request.targets) {
    const file = shown(target.path)
    const read = readFile ? readFile(target.path) : readScenarioFile(target.path, { catalogue })
    const matrix = matrices.get(target.path) ?? (read.scenario ? variantsOf(read.scenario, catalogue) : noVariants)
    matrices.set(target.path, matrix)
    const diagnostics = sortDiagnostics([
      ...read.diagnostics,
      ...(read.scenario ? engineProblems(unsupported(read.scenario), read.scenario, read.positions, request) : []),
      ...(read.scenario ? outOfRunDiagnostics(read.scenario, read.positions, file) : []),
      ...variantDiagnostics(matrix, read.positions, file),
    ]).map(d => ({ ...d, file }))
    const text = renderCheck(file, diagnostics, read.text)
    if (!read.scenario || diagnostics.some(d => d.severity === 'error')) refused.push({ text, diagnostics })
    else {
      if (text && tell) notice(text)
      // The places in a variant are those in the file with the matrix.
      const one = matrix.variants[target.variant ?? -1] ?? { scenario: read.scenario, text: read.text }
      const own = configured({ target, ...one, file, positions: read.positions }, config)
      ready.push(request.duration ? scaled(own, request.duration.ms, tell) : own)
    }
  }
  if (refused.length === 0) return ready
  return {
    text: refused.map(file => file.text).join('\n'),
    diagnostics: refused.flatMap(file => file.diagnostics.map(jsonDiagnostic)),
  }
}

/** With what the config adds; then the text of the file is no longer the whole of it. */
function configured(ready: Ready, config: LoadedConfig): Ready {
  const { text: _own, ...rest } = ready
  const scenario = underConfig(ready.scenario, config, { file: ready.target.path })
  return scenario === ready.scenario ? ready : { ...rest, scenario }
}

const noVariants: Variants = { variants: [], problems: [] }

function engineProblems(
  unsupported: readonly Unsupported[],
  scenario: Scenario,
  positions: Positions,
  request: RunRequest,
): Diagnostic[] {
  return [...unsupported, ...fixedVariants(scenario, request)].map(({ path, message, hint }) => ({
    file: '',
    ...positions.of(path),
    code: 'engine-cannot',
    severity: 'error',
    message,
    hint,
  }))
}

/** Shorter than this, a phase is over before a client that backs off has come back. */
const shortPhaseMs = 10_000

function scaled(ready: Ready, durationMs: number, tell: boolean): Ready {
  const { text: _unscaled, ...rest } = ready
  const scenario = scaleScenario(ready.scenario, durationMs / scenarioLengthMs(ready.scenario))
  const phases = scenario.phases.flatMap(item => ('repeat' in item ? item.repeat.phases : [item]))
  const short = phases.filter(phase => phase.for < shortPhaseMs)
  if (short.length > 0 && tell)
    notice(
      `blackstart: with --duration ${formatDuration(durationMs)}, ${short.map(p => `${p.name} lasts ${formatDuration(p.for)}`).join(', ')} ` +
        `in ${scenario.id}; under 10s a client that backs off may never see a phase.`,
    )
  return { ...rest, scenario }
}
