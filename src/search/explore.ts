import { type AppPart, appPart } from '../arbitraries/app-part.ts'
import { shownSurface } from '../arbitraries/entries.ts'
import { type Frame, frameFrom } from '../arbitraries/frame.ts'
import type { JournalEvent } from '../journal/event.ts'
import { UsageError } from '../lib/errors.ts'
import type { Integration } from '../model/integration.ts'
import type { FaultEntry, Phase, Scenario, StatusUpdate } from '../model/scenario.ts'
import type { RunResult } from '../run/result.ts'
import { runScenario } from '../run/run-scenario.ts'
import type { RunWith, SearchOptions } from './types.ts'

/** What a look at an app shows, before anything is searched for. */
export interface Explored {
  readonly frame: Frame
  /** A run in which nothing fails. */
  readonly healthy: RunResult
  /** Why there is nothing to search with: the app does not even get through a healthy stretch. */
  readonly problem: string | undefined
}

export interface ExploreOptions extends RunWith {
  readonly integration: Integration
  readonly base?: Scenario | undefined
  readonly signal?: AbortSignal | undefined
  /** A look is about to be taken. */
  onTry?: SearchOptions['onTry']
  /** How far it is, now and then. */
  onProgress?: SearchOptions['onProgress']
}

const m = 60_000
/** Reserves behind reserves: no more are looked for. */
const roundsAtMost = 3
/** An app that multiplies its requests while all is down has shown by then what it turns to. */
const attemptsAtMost = 5_000

/** The frame of an app: what it touches when all is well, and what it turns to when that is down. */
export async function frameOf(integration: Integration, base?: Scenario): Promise<Frame> {
  const { frame, problem } = await explore({ integration, base })
  if (problem !== undefined) throw new UsageError(`There is nothing to make outages of. ${problem}`)
  return frame
}

/** Runs the app in health, then with all down that it was seen to use, until it turns to nothing new. */
export async function explore({
  integration,
  base,
  signal,
  onTry,
  onProgress,
  ...runWith
}: ExploreOptions): Promise<Explored> {
  const app = appPart(integration.assumes, base)
  const run = (phases: readonly Phase[], page: readonly StatusUpdate[] = []) => {
    const scenario = lookAt(app, phases, page)
    onTry?.(scenario, 'sweep')
    return runScenario({
      scenario,
      ...(phases.length > 1 && { attemptsAtMost }),
      integration,
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
      ...runWith,
    })
  }
  const healthy = await run([{ name: 'healthy', for: 3 * m }])
  const journals: (readonly JournalEvent[])[] = [healthy.journal]
  let frame = frameFrom(app, journals)
  if (healthy.exitCode === 3 || frame.surfaces.length === 0) {
    const problem = healthy.exitCode === 3 ? healthy.reason : 'The app asked no provider for anything in three minutes.'
    return { frame, healthy, problem }
  }
  for (let round = 0; round < roundsAtMost && !signal?.aborted; round++) {
    const { journal } = await run(allDown(frame), redPage(frame))
    journals.push(journal)
    const known = frame.surfaces.length
    frame = frameFrom(app, journals)
    if (frame.surfaces.length === known) break
  }
  return { frame, healthy, problem: undefined }
}

function lookAt(app: AppPart, phases: readonly Phase[], page: readonly StatusUpdate[]): Scenario {
  const { expect: _expect, workload, ...rest } = app
  const { arrivals: _arrivals, tasks: _tasks, ...own } = workload ?? {}
  const users = Math.min(own.users ?? 6, 6)
  return {
    blackstart: 1,
    id: 'look',
    ...rest,
    phases,
    ...(page.length > 0 && { status_page: page }),
    workload: { ...own, users, think: 20_000, streaming: own.streaming ?? 0.5 },
  }
}

/** A status page that says so: there are apps that wait for it. */
function redPage(frame: Frame): readonly StatusUpdate[] {
  const pages = new Set(frame.surfaces.filter(({ kind }) => kind === 'status').map(({ provider }) => provider))
  const down = frame.surfaces.filter(({ kind, provider }) => kind === 'model' && pages.has(provider))
  const components = Object.fromEntries(
    down.map(({ name }) => [shownSurface(name.split('.').slice(0, 2).join('.'), frame), 'major_outage' as const]),
  )
  return down.length > 0 ? [{ at: { phase: 'start', offset: 0 }, incident: 'investigating', components }] : []
}

/** What makes an app turn elsewhere: no capacity, no such model, no such key. */
function allDown(frame: Frame): readonly Phase[] {
  const entries = (id: string): readonly FaultEntry[] =>
    frame.surfaces
      .filter(({ kind }) => kind !== 'status')
      .map(({ name }) => ({ surface: [shownSurface(name, frame)], fault: { id, params: {} } }))
  return ['overloaded', 'model-missing', 'unauthorized'].map(id => ({ name: id, for: 3 * m, faults: entries(id) }))
}
