import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { clientFolders, shownPath, usualClient } from '../../clients/find-client.ts'
import type { LoadedClient } from '../../clients/load.ts'
import { journalLines } from '../../journal/journal.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Integration } from '../../model/integration.ts'
import { jsonReport } from '../../reports/json.ts'
import { painter } from '../../reports/paint.ts'
import { story, taskIds } from '../../reports/story.ts'
import { briefReport, terminalReport } from '../../reports/terminal.ts'
import { runOptionsOf } from '../../run/config/apply-config.ts'
import { type LoadedConfig, loadConfig } from '../../run/config/load-config.ts'
import { judgeFreshStart } from '../../run/fresh-start.ts'
import { loadClient } from '../../run/load-client.ts'
import type { RunResult } from '../../run/result.ts'
import { runScenario } from '../../run/run-scenario.ts'
import { maskSecrets } from '../mask.ts'
import { stackOf } from '../tell-error.ts'
import { Heartbeat } from './heartbeat.ts'
import type { Send } from './messages.ts'
import { stagedJournal } from './out-folder.ts'
import { type Ready, readTargets } from './read-targets.ts'
import { usageRefusal } from './refusal.ts'
import { renderTexts } from './render-texts.ts'
import { type RunRequest, replayWords } from './request.ts'
import { journalFile } from './targets.ts'

/** What one process does of a request. */
export interface ExecuteOrder {
  /** The targets to run, in this order. */
  readonly indices: readonly number[]
  /** It is the one that says what goes for all. */
  readonly isFirst: boolean
}

export interface ExecuteOptions extends ExecuteOrder {
  readonly send: Send
  /** Aborted with the name of the signal as its reason. */
  readonly signal: AbortSignal
}

/** Runs the request's scenarios in order, in this process, and tells what came of each. Never rejects. */
export async function execute(request: RunRequest, options: ExecuteOptions): Promise<void> {
  const { send } = options
  try {
    await runAll(request, options)
    send({ type: 'done' })
  } catch (error) {
    if (error instanceof UsageError) send({ type: 'refused', ...usageRefusal(error) })
    else send({ type: 'crashed', message: String(error), stack: stackOf(error) })
  }
}

async function runAll(request: RunRequest, { indices, isFirst, send, signal }: ExecuteOptions): Promise<void> {
  const from = indices[0] ?? 0
  const cwd = process.cwd()
  const idle = { t: 0, endMs: 0, phase: '', tasks: 0, attempts: 0 }
  const scenario = request.targets[from]?.spec ?? ''
  const first = {
    index: from,
    doing: 'loading',
    scenario,
    client: request.client ?? '',
    seed: request.seed ?? 1,
    ...idle,
  } as const
  using heartbeat = new Heartbeat(send, first)

  const config = await loadConfig(cwd, request.config ?? false)
  const { addresses: configAddresses, answersFrom, ...underConfig } = runOptionsOf(config)
  const addresses = { ...configAddresses, ...request.addresses }
  const upstream = request.answersFrom ?? answersFrom
  const shown = (path: string) => shownPath(path, cwd)
  const ready = readTargets(request, { config, shown, tell: isFirst })
  if (!isReady(ready)) return send({ type: 'refused', ...ready })
  const clients = new Clients(addresses, cwd)
  try {
    for (const index of indices) {
      const one = ready[index]
      if (!one || signal.aborted) break
      const seed = request.seed ?? one.scenario.seed ?? 1
      heartbeat.update({ ...idle, index, doing: 'loading', scenario: one.scenario.id, seed })
      const { integration, client } = await clients.next(clientOf(request, config, one))
      heartbeat.update({ doing: 'starting', client: integration.name })
      const result = await runScenario({
        ...underConfig,
        scenario: one.scenario,
        ...(one.text !== undefined && { scenarioText: one.text }),
        file: one.file,
        positions: one.positions,
        integration,
        reload: () => client.another(),
        seed,
        addresses,
        ...(request.answers !== undefined && { answers: request.answers }),
        ...(upstream !== undefined && { answersFrom: upstream }),
        ...(request.relations !== undefined && { relations: request.relations }),
        ...(request.users !== undefined && { users: request.users }),
        ...(request.instances !== undefined && { instances: request.instances }),
        signal,
        onProgress: ({ t, endMs, phase, tasks, attempts }) =>
          heartbeat.update({ doing: 'running', index, t, endMs, phase, tasks, attempts }),
      })
      heartbeat.update({ doing: 'judging', index })
      // Once is enough: what the modules keep, they keep in every scenario.
      const wantsFreshStart =
        isFirst && index === from && !integration.isolate && (result.exitCode === 0 || result.exitCode === 1)
      const whole = wantsFreshStart ? await judgeFreshStart(result, integration, await client.reload()) : result
      finishOne(request, { one, index, result: withSignal(whole, signal), send })
    }
  } finally {
    await clients.close()
  }
}

/** The client module in use, loaded afresh for every run: what one outage left in it cannot change the next run. */
class Clients {
  private current: (LoadedClient & { readonly specifier: string }) | undefined
  private readonly options: { cwd: string; folders: readonly string[]; addresses: RunRequest['addresses'] }

  constructor(addresses: RunRequest['addresses'], cwd: string) {
    this.options = { cwd, folders: clientFolders(cwd), addresses }
  }

  async next(specifier: string): Promise<{ integration: Integration; client: LoadedClient }> {
    if (this.current?.specifier === specifier) return { integration: await this.current.reload(), client: this.current }
    await this.close()
    const client = await loadClient(specifier, this.options)
    this.current = { ...client, specifier }
    return { integration: client.integration, client }
  }

  async close(): Promise<void> {
    await this.current?.close()
    this.current = undefined
  }
}

function clientOf({ client }: RunRequest, config: LoadedConfig, { scenario }: Ready): string {
  return client ?? config.client ?? usualClient(scenario)
}

function isReady(ready: ReturnType<typeof readTargets>): ready is readonly Ready[] {
  return Array.isArray(ready)
}

/** A run that SIGTERM ended has an exit code of its own. */
function withSignal(result: RunResult, signal: AbortSignal): RunResult {
  return result.exitCode === 130 && signal.reason === 'SIGTERM' ? { ...result, exitCode: 143 } : result
}

interface Finished {
  readonly one: Ready
  readonly index: number
  readonly result: RunResult
  readonly send: Send
}

function finishOne(request: RunRequest, { one, index, result, send }: Finished): void {
  const isOnly = request.targets.length === 1
  if (request.journal !== undefined) {
    const file = journalFile(request.journal, result.scenario.id, isOnly)
    writeFileSync(file, shownJournal(result))
  }
  if (request.staging !== undefined) writeFileSync(join(request.staging, stagedJournal(index)), shownJournal(result))
  const replay = replayWords(request, one.target, result.seed)
  const texts = renderTexts(request, color => {
    if (request.task !== undefined) return taskStory(result, request.task, color)
    const isBrief = !isOnly && result.verdict === 'pass'
    return (isBrief ? briefReport : terminalReport)(result, { color, replay })
  })
  send({ type: 'part', index, document: jsonReport(result, { replay }), texts })
}

/** The journal as a file: what the client said of its own secrets is not in it. */
function shownJournal({ journal }: RunResult): string {
  return maskSecrets([...journalLines(journal)].join(''), process.env)
}

function taskStory(result: RunResult, id: string, color: boolean): string {
  const text = story(result, id, painter(color))
  if (text !== undefined) return text
  const ids = taskIds(result.journal)
  const range = ids.length > 0 ? `Its tasks are ${ids[0]} to ${ids.at(-1)}.` : 'No task was judged in it.'
  throw new UsageError(`There is no task "${id}" after the warm-up of this run.`, range)
}
