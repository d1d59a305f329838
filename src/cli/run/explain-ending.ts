import { sep } from 'node:path'
import { shownPath } from '../../clients/find-client.ts'
import type { Finding } from '../../oracles/oracle.ts'
import { count, instant, spell } from '../../reports/text.ts'
import { packageRoot } from '../registry.ts'
import type { BusyStack, Frame } from './busy-stack.ts'
import type { Beat } from './messages.ts'
import type { Ending } from './watch.ts'

/** Whose doing it was that a run did not come to its end. */
export type Explanation =
  | { readonly by: 'client'; readonly finding: Finding }
  /** Someone killed the process: nobody's bug, and no verdict. */
  | { readonly by: 'outside'; readonly reason: string }
  | { readonly by: 'blackstart'; readonly message: string; readonly isTold: boolean }

/** Explains an ending that was not a good one, from the process's last sign of life. */
export function explainEnding(ending: Ending, beat: Beat): Explanation {
  if (ending.type === 'blocked') return explainBlocked(ending, beat)
  if (ending.type === 'done') return ourBug('The process that ran the client ended without a result')
  const { signal, code } = ending
  if (signal === 'SIGKILL' || signal === 'SIGTERM')
    return {
      by: 'outside',
      reason: `The process that ran the client was killed from outside (${signal}), perhaps for want of memory.`,
    }
  if (signal === 'SIGABRT' || code === 134) return { by: 'client', finding: { ...common(beat), ...aborted(beat) } }
  if (signal !== null || code === null)
    return ourBug(`The process that ran the client died of ${signal}, ${when(beat)}`)
  // What goes wrong in our own code there says so itself, with this exit code.
  if (code === 70) return { ...ourBug('The process that ran the client failed'), isTold: true }
  return { by: 'client', finding: { ...common(beat), ...left(code, beat) } }
}

function ourBug(message: string) {
  return { by: 'blackstart', message, isTold: false } as const
}

/** Whether a silent process is in code that is not ours alone; where that cannot be told it is taken to be. */
export function isClientsFault(stack: BusyStack | undefined): boolean {
  return !stack || stack.frames.length === 0 || clientFrames(stack).length > 0
}

function explainBlocked({ stack, silentMs }: Extract<Ending, { type: 'blocked' }>, beat: Beat): Explanation {
  if (!isClientsFault(stack))
    return ourBug(
      `The run stood still in blackstart's own code: ${(stack?.frames ?? []).slice(0, 5).map(frameText).join(', ')}`,
    )
  const frames = clientFrames(stack).slice(0, 5).map(frameText)
  const where = frames[0] ? `It was in ${frames[0]}.` : 'Where could not be told.'
  const finding: Finding = {
    ...common(beat),
    message: `The event loop was blocked for ${spell(silentMs)} of real time, ${when(beat)}, until the process was killed: no timer fired, and no other task could go on. ${where}`,
    evidence: frames,
    advice:
      'In production every request of the process stands still meanwhile and health checks fail. Look there for a loop that waits ' +
      'for a flag, a retry without an await, or a regular expression on a long answer; wait with a timer, and give the loop an end.',
  }
  return { by: 'client', finding }
}

function common(beat: Beat) {
  const phase = beat.phase || (beat.doing === 'loading' ? 'loading' : 'steady-state')
  return { oracle: 'conduct', severity: 'fail', phase, evidence: [] } as const
}

function aborted(beat: Beat) {
  const heap = `${count(Math.round(beat.heapBytes / 2 ** 20))} MB`
  return {
    message: `The process aborted, as Node does when memory runs out, ${when(beat)}. At its last sign of life the heap had ${heap}, after ${count(beat.tasks)} tasks and ${count(beat.attempts)} attempts.`,
    advice:
      'Something is kept for every task or attempt and never let go: a queue without a bound, a cache without eviction, listeners ' +
      'that are not removed. If it is only a very large run, give it fewer --users or more memory (NODE_OPTIONS=--max-old-space-size).',
  }
}

function left(code: number, beat: Beat) {
  return {
    message: `The process ended by itself with exit code ${code}, ${when(beat)}.`,
    advice:
      'The client, or something it uses, ended the process past `process.exit`. A failing provider must not take down the process ' +
      'with all its other requests: throw instead.',
  }
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
  const isOurs = ({ path }: Frame) => ourFolders.some(folder => path.startsWith(folder)) || ourPackages.test(path)
  const isPackage = ({ path }: Frame) => /[/\\]node_modules[/\\]/.test(path)
  const theirs = (stack?.frames ?? []).filter(frame => !isOurs(frame))
  return [...theirs.filter(frame => !isPackage(frame)), ...theirs.filter(isPackage)]
}

function frameText({ name, path, line }: Frame): string {
  return `${name} (${shownPath(path, process.cwd())}:${line})`
}
