import { resolve } from 'node:path'
import { clientFolders, shownPath } from '../../clients/find-client.ts'
import type { LoadedClient } from '../../clients/load.ts'
import { type OpenDrill, openDrill, type ProgramSpec } from '../../drill/open-drill.ts'
import { guardScratch } from '../../lib/scratch.ts'
import type { AppSpec } from '../../model/app.ts'
import { compilePlan, type Plan } from '../../model/timeline.ts'
import { jsonReport } from '../../reports/json.ts'
import { terminalReport } from '../../reports/terminal.ts'
import { catalogueOf, runOptionsOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { loadClient } from '../../run/load-client.ts'
import type { RunResult } from '../../run/result.ts'
import type { Invocation } from '../command.ts'
import { configFlag } from '../config-flags.ts'
import { maskSecrets } from '../mask.ts'
import { notice, useColor } from '../output.ts'
import { findScenarios } from '../registry.ts'
import { Collected } from '../run/collect.ts'
import { finish, refuse } from '../run/finish.ts'
import { readTargets } from '../run/read-targets.ts'
import { renderTexts } from '../run/render-texts.ts'
import { type RunRequest, readRunFlags, replayWords } from '../run/request.ts'
import { journalFile, type ReportTarget } from '../run/targets.ts'
import { againWordsOf } from './again.ts'
import { controlFilesOf, openControl } from './control.ts'
import { Endings } from './endings.ts'
import { unsupportedBy } from './engine.ts'
import { tellPlaces } from './places.ts'
import { programOf } from './program.ts'
import { type DrillRequest, readDrillFlags } from './request.ts'
import { type Watching, watchDrill } from './watch-drill.ts'

export interface RunDrillOptions {
  readonly config: LoadedConfig
  readonly reports: readonly ReportTarget[]
}

/** Does a drill from the command line to the reports; resolves to the exit code. Rejects with a `UsageError`. */
export async function runDrill(invocation: Invocation, { config, reports }: RunDrillOptions): Promise<number> {
  const request = readDrillFlags(invocation)
  const run = runRequestOf(invocation, request, { config, reports })
  const cwd = process.cwd()
  const ready = readTargets(run, {
    config,
    shown: path => shownPath(path, cwd),
    tell: true,
    unsupported: scenario => unsupportedBy(request.engine, scenario),
  })
  if (!Array.isArray(ready)) return refuse(reports, ready as Exclude<typeof ready, readonly unknown[]>)
  const [one] = ready
  if (!one) return 70
  const output = new Output()
  const endings = new Endings(text => output.line(text))
  guardScratch(controlFilesOf(request).map(file => resolve(file)))
  const { client: driver, program, app } = await appOf({ request, run, config, output })
  try {
    const { answersFrom: _, addresses: _addresses, ...underConfig } = runOptionsOf(config)
    endings.opening()
    const drill = await openDrill({
      ...underConfig,
      ...{ scenario: one.scenario, scenarioText: one.text, file: one.file, positions: one.positions },
      ...{ engine: request.engine, speed: request.speed, healedMs: request.healed?.ms, program, app },
      passThrough: request.passThrough,
      ...{ seed: run.seed, users: run.users, instances: run.instances },
      ...{ host: request.listen, port: request.port, tls: request.tls, answers: run.answers },
      ...(driver && { integration: driver.integration }),
      ...(run.journal !== undefined && { journal: resolve(journalFile(run.journal, one.scenario.id, true)) }),
      mask: line => output.masked(line),
      onNotice: says => output.line(`blackstart: ${says}`),
    })
    const result = await underControl(drill, {
      request,
      output,
      endings,
      hasProgram: program !== undefined,
      plan: compilePlan(one.scenario, catalogueOf(config).faults),
    })
    return tell(result, run, { config, again: againWordsOf(replayWords(run, one.target, result.seed), request) })
  } finally {
    await driver?.close()
  }
}

/** Where lines of the program go: above the view, while there is one. */
class Output {
  view: Watching | undefined
  /** With the real keys in it: an app in this process has others in their place. */
  private readonly ambient = { ...process.env }

  line(text: string): void {
    const masked = this.masked(text)
    if (this.view) this.view.line(masked)
    else notice(masked)
  }

  /** Without secrets of the environment. */
  masked(text: string): string {
    return maskSecrets(text, this.ambient)
  }
}

interface UnderControl {
  readonly request: DrillRequest
  readonly output: Output
  readonly endings: Endings
  /** Whether the drill starts a program, which has the addresses in its environment. */
  readonly hasProgram: boolean
  readonly plan: Plan
}

async function underControl(
  drill: OpenDrill,
  { request, output, endings, plan, hasProgram }: UnderControl,
): Promise<RunResult> {
  const { session } = drill
  endings.handle(() => session.interrupt())
  const control = await openControl(drill, request)
  tellPlaces(drill, request, hasProgram)
  const view = watchDrill(session, { plan, onQuit: () => endings.ask('SIGINT') })
  output.view = view
  try {
    const result = await session.result
    return result.exitCode === 130 ? { ...result, exitCode: endings.exitCode ?? 130 } : result
  } finally {
    output.view = undefined
    view.close()
    await control?.close()
  }
}

interface App {
  readonly client: LoadedClient | undefined
  readonly program: ProgramSpec | undefined
  /** How the config says that it is driven. */
  readonly app?: AppSpec | undefined
}

interface AppOptions {
  readonly request: DrillRequest
  readonly run: RunRequest
  readonly config: LoadedConfig
  readonly output: Output
}

/** Who is drilled: a module in this process, a program, or a program that a module or the config drives. */
async function appOf({ request, run, config, output }: AppOptions): Promise<App> {
  const cwd = process.cwd()
  const { app } = config
  const isModule = request.command.length === 0 && run.client !== undefined
  const program = isModule ? undefined : programOf(request, { app, cwd, onOutput: line => output.line(line) })
  const specifier = run.client ?? (program || app?.perform ? undefined : config.client)
  if (specifier !== undefined)
    return { client: await loadClient(specifier, { cwd, folders: clientFolders(cwd) }), program }
  return { client: undefined, program, app }
}

function runRequestOf(
  invocation: Invocation,
  { scenario }: DrillRequest,
  { config, reports }: RunDrillOptions,
): RunRequest {
  const [target] = findScenarios(scenario)
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

interface Telling {
  readonly config: LoadedConfig
  readonly again: readonly string[]
}

function tell(result: RunResult, run: RunRequest, { config, again }: Telling): number {
  const collected = new Collected()
  collected.take({
    type: 'part',
    index: 0,
    document: jsonReport(result, { replay: again }),
    texts: renderTexts(run, color => terminalReport(result, { color, replay: again })),
  })
  return finish(run, collected, { config, out: undefined })
}
