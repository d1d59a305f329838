import { writeFileSync } from 'node:fs'
import { clientFolders, shownPath, usualClient } from '../../clients/find-client.ts'
import type { LoadedClient } from '../../clients/load.ts'
import { journalLines } from '../../journal/journal.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Integration } from '../../model/integration.ts'
import { reports } from '../../reports/index.ts'
import { jsonReport } from '../../reports/json.ts'
import { painter } from '../../reports/paint.ts'
import { story, taskIds } from '../../reports/story.ts'
import { judgeFreshStart } from '../../run/fresh-start.ts'
import { loadClient } from '../../run/load-client.ts'
import type { RunResult } from '../../run/result.ts'
import { runScenario } from '../../run/run-scenario.ts'
import { stackOf } from '../tell-error.ts'
import { Heartbeat } from './heartbeat.ts'
import type { Send } from './messages.ts'
import { type Ready, readTargets } from './read-targets.ts'
import { usageRefusal } from './refusal.ts'
import { renderTexts } from './render-texts.ts'
import { type RunRequest, replayWords } from './request.ts'
import { journalFile } from './targets.ts'

export interface ExecuteOptions {
  /** The first target to run; those before it are done already. */
  readonly from: number
  readonly send: Send
  /** Aborted with the name of the signal as its reason. */
  readonly signal: AbortSignal
}

/** Runs the request's scenarios in order, in this process, and tells what came of each. Never rejects. */
export async function execute(request: RunRequest, { from, send, signal }: ExecuteOptions): Promise<void> {
  try {
    await runAll(request, { from, send, signal })
    send({ type: 'done' })
  } catch (error) {
    if (error instanceof UsageError) send({ type: 'refused', ...usageRefusal(error) })
    else send({ type: 'crashed', message: String(error), stack: stackOf(error) })
  }
}

async function runAll(request: RunRequest, { from, send, signal }: ExecuteOptions): Promise<void> {
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

  const ready = readTargets(request, path => shownPath(path, cwd))
  if (!isReady(ready)) return send({ type: 'refused', ...ready })
  const clients = new Clients(request, cwd)
  try {
    for (let index = from; index < ready.length && !signal.aborted; index++) {
      const one = ready[index]
      if (!one) break
      const seed = request.seed ?? one.scenario.seed ?? 1
      heartbeat.update({ ...idle, index, doing: 'loading', scenario: one.scenario.id, seed })
      const { integration, client } = await clients.next(request.client ?? usualClient(one.scenario))
      heartbeat.update({ doing: 'starting', client: integration.name })
      const result = await runScenario({
        scenario: one.scenario,
        ...(one.text !== undefined && { scenarioText: one.text }),
        file: one.file,
        positions: one.positions,
        integration,
        reload: () => client.another(),
        seed,
        addresses: request.addresses,
        ...(request.answers !== undefined && { answers: request.answers }),
        ...(request.answersFrom !== undefined && { answersFrom: request.answersFrom }),
        ...(request.users !== undefined && { users: request.users }),
        ...(request.instances !== undefined && { instances: request.instances }),
        signal,
        onProgress: ({ t, endMs, phase, tasks, attempts }) =>
          heartbeat.update({ doing: 'running', index, t, endMs, phase, tasks, attempts }),
      })
      heartbeat.update({ doing: 'judging', index })
      // Once is enough: what the modules keep, they keep in every scenario.
      const wantsFreshStart = index === from && !integration.isolate && (result.exitCode === 0 || result.exitCode === 1)
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

  constructor({ addresses }: RunRequest, cwd: string) {
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
    writeFileSync(file, [...journalLines(result.journal)].join(''))
  }
  const replay = replayWords(request, one.target, result.seed)
  const texts = renderTexts(request, (kind, color) =>
    kind === 'terminal' && request.task !== undefined
      ? taskStory(result, request.task, color)
      : reports[kind].one(result, { color, replay, brief: !isOnly }),
  )
  send({ type: 'part', index, document: jsonReport(result), texts })
}

function taskStory(result: RunResult, id: string, color: boolean): string {
  const text = story(result, id, painter(color))
  if (text !== undefined) return text
  const ids = taskIds(result.journal)
  const range = ids.length > 0 ? `Its tasks are ${ids[0]} to ${ids.at(-1)}.` : 'No task was judged in it.'
  throw new UsageError(`There is no task "${id}" after the warm-up of this run.`, range)
}
