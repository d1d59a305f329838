import { sep } from 'node:path'
import { shownPath } from '../../clients/find-client.ts'
import { compilePlan } from '../../model/timeline.ts'
import type { Finding } from '../../oracles/oracle.ts'
import { reports } from '../../reports/index.ts'
import { jsonReport } from '../../reports/json.ts'
import { count, instant, spell } from '../../reports/text.ts'
import { catalogue } from '../../run/catalogue.ts'
import type { RunResult } from '../../run/result.ts'
import { readScenarioFile } from '../../scenario/index.ts'
import { packageRoot } from '../registry.ts'
import type { BusyStack, Frame } from './busy-stack.ts'
import type { Finished } from './collect.ts'
import type { Beat, Texts } from './messages.ts'
import { type RunRequest, replayWords } from './request.ts'
import type { Ending } from './watch.ts'

/** What an ending other than a good one says about the client; `undefined` when it says nothing about it. */
export function findingOf(ending: Ending, beat: Beat): Finding | undefined {
  const phase = beat.phase || (beat.doing === 'loading' ? 'loading' : 'steady-state')
  const common = { oracle: 'conduct', severity: 'fail', phase } as const
  if (ending.type === 'blocked') {
    if (!isClientsFault(ending.stack)) return undefined
    const frames = clientFrames(ending.stack).slice(0, 5).map(frameText)
    const where = frames[0] ? ` It is in ${frames[0]}.` : ' Where could not be told.'
    return {
      ...common,
      message: `The event loop was blocked for ${spell(ending.silentMs)} of real time, ${when(beat)}, until the process was killed: no timer fired, and no other task could go on.${where}`,
      evidence: frames,
      advice:
        'In production every request of the process stands still meanwhile and health checks fail. Look there for a loop that waits ' +
        'for a flag, a retry without an await, or a regular expression on a long answer; wait with a timer, and give the loop an end.',
    }
  }
  if (ending.type !== 'died') return undefined
  if (ending.signal === 'SIGABRT' || ending.code === 134) {
    return {
      ...common,
      message: `The process aborted, as Node does when memory runs out, ${when(beat)}. At its last sign of life the heap had ${Math.round(beat.heapBytes / 2 ** 20)} MB, after ${count(beat.tasks)} tasks and ${count(beat.attempts)} attempts.`,
      evidence: [],
      advice:
        'Something is kept for every task or attempt and never let go: a queue without a bound, a cache without eviction, listeners ' +
        'that are not removed. If it is only a very large run, give it fewer --users or more memory (NODE_OPTIONS=--max-old-space-size).',
    }
  }
  if (ending.code !== null && ending.code !== 70)
    return {
      ...common,
      message: `The process ended by itself with exit code ${ending.code}, ${when(beat)}.`,
      evidence: [],
      advice:
        'The client, or something it uses, ended the process past `process.exit`. A failing provider must not take down the process ' +
        'with all its other requests: throw instead.',
    }
  return undefined
}

/** Whether a silent process is in code that is not ours alone; where that cannot be told it is taken to be. */
export function isClientsFault(stack: BusyStack | undefined): boolean {
  return !stack || stack.frames.length === 0 || clientFrames(stack).length > 0
}

/** A run that ended without a result of its own, told from its last sign of life. */
export function cutShort(
  request: RunRequest,
  beat: Beat,
  { findings, wallMs, ...judged }: Pick<RunResult, 'verdict' | 'exitCode' | 'reason' | 'findings' | 'wallMs'>,
): Finished | undefined {
  const target = request.targets[beat.index]
  const scenario = target && readScenarioFile(target.path, { catalogue }).scenario
  if (!scenario) return undefined
  const plan = compilePlan(scenario, catalogue.faults)
  const result: RunResult = {
    scenario,
    file: shownPath(target.path, process.cwd()),
    plan,
    client: beat.client,
    seed: beat.seed,
    engine: 'msw',
    ...judged,
    realIo: false,
    simulatedMs: beat.doing === 'running' ? plan.warmUpMs + beat.t : 0,
    wallMs,
    journal: [],
    journalHash: '',
    faults: [],
    oracles: [
      {
        id: 'conduct',
        status: findings.length > 0 ? 'fail' : 'vacuous',
        examined: findings.length,
        named: false,
        findings,
      },
    ],
    findings,
    notices: ['The run was cut short: its journal is lost, and no other oracle could judge it.'],
  }
  const texts = Object.fromEntries(
    request.reports.map(({ kind, file }) => [
      kind,
      reports[kind].one(result, {
        color: request.color && file === undefined,
        replay: replayWords(request, target, beat.seed),
      }),
    ]),
  ) as Texts
  return { document: jsonReport(result), texts }
}

function when(beat: Beat): string {
  if (beat.doing === 'loading') return 'while the client module was loaded'
  if (beat.doing === 'starting') return 'in the start of the client or the healthy warm-up'
  return `at about t = ${instant(beat.t)} in phase ${beat.phase}`
}

const ourFolders = ['src', 'dist', 'bin'].map(name => packageRoot + name + sep)
const ourPackages = /[/\\]node_modules[/\\](msw|@mswjs|@sinonjs|yaml|tsx|esbuild|@esbuild)[/\\]/

/** The frames that are the client's or a package's it uses, its own first. */
function clientFrames(stack: BusyStack | undefined): readonly Frame[] {
  const theirs = (stack?.frames ?? []).filter(
    ({ path }) => !ourFolders.some(folder => path.startsWith(folder)) && !ourPackages.test(path),
  )
  const isPackage = ({ path }: Frame) => /[/\\]node_modules[/\\]/.test(path)
  return [...theirs.filter(frame => !isPackage(frame)), ...theirs.filter(isPackage)]
}

/** The innermost frames, as `name (file:line)`. */
export function framesText(frames: readonly Frame[]): string {
  return frames.slice(0, 5).map(frameText).join(', ')
}

function frameText({ name, path, line }: Frame): string {
  return `${name} (${shownPath(path, process.cwd())}:${line})`
}
