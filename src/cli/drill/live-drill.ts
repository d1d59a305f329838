import { resolve } from 'node:path'
import { clientFolders } from '../../clients/find-client.ts'
import type { LoadedClient } from '../../clients/load.ts'
import { type OpenDrill, openDrill, type ProgramSpec } from '../../drill/open-drill.ts'
import { eventsBefore } from '../../drill/resume/go-on.ts'
import { lockOf, refuseInUse } from '../../drill/resume/journal-lock.ts'
import type { Resume } from '../../drill/resume/read-resume.ts'
import { guardScratch } from '../../lib/scratch.ts'
import type { AppSpec } from '../../model/app.ts'
import { compilePlan, type Plan } from '../../model/timeline.ts'
import { jsonReport } from '../../reports/json.ts'
import { terminalReport } from '../../reports/terminal.ts'
import { catalogueOf, runOptionsOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { loadClient } from '../../run/load-client.ts'
import type { RunResult } from '../../run/result.ts'
import { maskSecrets } from '../mask.ts'
import { notice } from '../output.ts'
import { Collected } from '../run/collect.ts'
import { finish } from '../run/finish.ts'
import type { Ready } from '../run/read-targets.ts'
import { renderTexts } from '../run/render-texts.ts'
import { type RunRequest, replayWords } from '../run/request.ts'
import { journalFile } from '../run/targets.ts'
import type { Outlet } from '../telemetry/outlet.ts'
import { openTelemetry } from '../telemetry/telemetry.ts'
import { againWordsOf } from './again.ts'
import { askerOf } from './asker.ts'
import { controlFilesOf, type OpenControl, openControl } from './control.ts'
import { Endings } from './endings.ts'
import { tellPlaces } from './places.ts'
import { programOf, refuseWithoutProgram } from './program.ts'
import type { DrillRequest } from './request.ts'
import { isUnfinished } from './resumed.ts'
import { type Watching, watchDrill } from './watch-drill.ts'

export interface LiveDrill {
  readonly request: DrillRequest
  readonly run: RunRequest
  readonly config: LoadedConfig
  readonly one: Ready
  /** The journal that it goes on in. */
  readonly resume?: Resume | undefined
  /** What a game day does on top of it. */
  readonly show?: Show
}

/** An exercise on top of a drill. */
export interface Show {
  /** What is typed for it after `npx blackstart`. */
  readonly command: string
  /** The drill is open, and in its warm-up. The returned function is called when it has ended, with what it came to. */
  begin(stage: ShowStage): (result: RunResult) => Promise<RunResult>
  /** After the reports, with what was told in them. */
  end(result: RunResult): void
  /** People may look at what it came to for a while. `onQuit`: somebody asks for the end. */
  stay?(onQuit: (leave: () => void) => void): Promise<void>
}

export interface ShowStage {
  readonly drill: OpenDrill
  readonly control: OpenControl | undefined
  /** For people, above the view; secrets of the environment are blotted out. */
  line(text: string): void
}

/** Goes through one scenario in real time, as it was asked for; resolves to the exit code. Rejects with a `UsageError`. */
export async function liveDrill({ request, run, config, one, resume, show }: LiveDrill): Promise<number> {
  const output = new Output()
  const endings = new Endings(text => output.line(text))
  const journal = run.journal === undefined ? undefined : resolve(journalFile(run.journal, one.scenario.id, true))
  const own = [...controlFilesOf(request), ...(journal === undefined ? [] : [lockOf(journal)])]
  // What another process has said of itself there is not ours to remove.
  if (journal !== undefined) refuseInUse(journal)
  guardScratch(own.map(file => resolve(file)))
  const { client: driver, program, app } = await appOf({ request, run, config, output })
  let telemetry: Outlet | undefined
  try {
    telemetry = await openTelemetry(request.telemetry, {
      env: { ...process.env },
      say: says => output.line(`blackstart: ${says}`),
      mask: text => output.masked(text),
    })
    const { answersFrom: _, addresses: _addresses, ...underConfig } = runOptionsOf(config)
    if (journal !== undefined && !resume && isUnfinished(journal))
      output.line(`blackstart: ${journal} held a show that was not brought to its end; this one is written over it.`)
    endings.opening()
    const drill = await openDrill({
      ...underConfig,
      ...{ scenario: one.scenario, scenarioText: one.text, file: one.file, positions: one.positions },
      ...{ engine: request.engine, speed: request.speed, healedMs: request.healed?.ms, program, app },
      ...{ passThrough: request.passThrough, tellsInjects: show !== undefined },
      ...{ seed: run.seed, users: run.users, instances: run.instances },
      ...{ host: request.listen, port: request.port, tls: request.tls, answers: run.answers },
      ...(driver && { integration: driver.integration }),
      ...{ journal, resume },
      mask: line => output.masked(line),
      onNotice: says => output.line(`blackstart: ${says}`),
    })
    const result = await underControl(drill, {
      request,
      output,
      endings,
      hasProgram: program !== undefined,
      plan: compilePlan(one.scenario, catalogueOf(config).faults),
      show,
      telemetry,
      told: eventsBefore(resume).length,
    })
    const again = againWordsOf(replayWords(run, one.target, result.seed), request)
    const exitCode = tell(result, run, { config, again, command: show?.command })
    show?.end(result)
    await show?.stay?.(leave => endings.handle(leave))
    return exitCode
  } finally {
    await telemetry?.close()
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
  readonly show: Show | undefined
  /** Who is told of it elsewhere. */
  readonly telemetry: Outlet
  /** Events of a drill that was resumed which were told by then. */
  readonly told: number
}

async function underControl(
  drill: OpenDrill,
  { request, output, endings, plan, hasProgram, show, telemetry, told }: UnderControl,
): Promise<RunResult> {
  const { session } = drill
  endings.handle(() => session.interrupt())
  telemetry.begin({ session, speed: request.speed, told })
  const control = await openControl(drill, request)
  tellPlaces(drill, request, hasProgram)
  const view = watchDrill(session, { plan, onQuit: () => endings.ask('SIGINT') })
  output.view = view
  const ended = show?.begin({ drill, control, line: text => output.line(text) })
  try {
    const own = await session.result
    const result = (await ended?.(own)) ?? own
    telemetry.end(result)
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
  if (!program) refuseWithoutProgram(request)
  const asker = askerOf({ request, run, config })
  if (asker.type === 'module')
    return { client: await loadClient(asker.specifier, { cwd, folders: clientFolders(cwd) }), program }
  return { client: undefined, program, app }
}

interface Telling {
  readonly config: LoadedConfig
  readonly again: readonly string[]
  readonly command: string | undefined
}

function tell(result: RunResult, run: RunRequest, { config, again: replay, command }: Telling): number {
  const collected = new Collected()
  collected.take({
    type: 'part',
    index: 0,
    document: jsonReport(result, { replay, command }),
    texts: renderTexts(run, color => terminalReport(result, { color, replay, command })),
  })
  return finish(run, collected, { config, out: undefined })
}
