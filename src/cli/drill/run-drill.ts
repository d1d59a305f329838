import { shownPath } from '../../clients/find-client.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import type { Invocation } from '../command.ts'
import { configFlag } from '../config-flags.ts'
import { useColor } from '../output.ts'
import { findScenarios } from '../registry.ts'
import { refuse } from '../run/finish.ts'
import { readTargets } from '../run/read-targets.ts'
import { type RunRequest, readRunFlags } from '../run/request.ts'
import type { ReportTarget } from '../run/targets.ts'
import { unsupportedBy } from './engine.ts'
import { liveDrill } from './live-drill.ts'
import { type DrillRequest, readDrillFlags } from './request.ts'
import { asToldAtFirst, itsScenario, resumeOf } from './resumed.ts'

export interface RunDrillOptions {
  readonly config: LoadedConfig
  readonly reports: readonly ReportTarget[]
}

/** Does a drill from the command line to the reports; resolves to the exit code. Rejects with a `UsageError`. */
export async function runDrill(invocation: Invocation, { config, reports }: RunDrillOptions): Promise<number> {
  const asked = readDrillFlags(invocation)
  const resume = resumeOf(invocation)
  const own = { request: asked, run: runRequestOf(invocation, asked, { config, reports }) }
  const { request, run } = asToldAtFirst(resume, own)
  const cwd = process.cwd()
  const ready = readTargets(run, {
    config,
    shown: path => shownPath(path, cwd),
    tell: true,
    unsupported: scenario => unsupportedBy(request.engine, scenario),
  })
  if (!('length' in ready)) return refuse(reports, ready)
  const [named] = ready
  const one = resume ? itsScenario(resume, named, config) : named
  return one ? liveDrill({ request, run, config, one, resume }) : 70
}

/** What a drill shares with a run, as the reports read it. */
export function runRequestOf(
  invocation: Invocation,
  { scenario }: DrillRequest,
  { config, reports }: RunDrillOptions,
): RunRequest {
  const [target] = scenario === undefined ? [] : findScenarios(scenario)
  return {
    ...readRunFlags(invocation),
    targets: target ? [target] : [],
    config: config.path,
    configFlag: configFlag(invocation),
    jobs: 1,
    out: undefined,
    staging: undefined,
    reports,
    color: useColor(process.stdout),
  }
}
