import { type ChildProcess, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { ambientClock, type Clock } from '../../clock/clock.ts'
import { nativeClearTimeout, nativeSetTimeout } from '../../clock/native.ts'
import { UsageError } from '../../lib/errors.ts'
import { invariant } from '../../lib/invariant.ts'
import { checkCommand } from './find-command.ts'
import { eachLine } from './lines.ts'
import { endGroup, membersOf, signalGroup } from './process-group.ts'
import { guarded, holdWatchdog, type Watchdog } from './watchdog.ts'

/** How a program ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export type OutputStream = 'stdout' | 'stderr'

export interface ProgramOptions {
  /** The program and its arguments; no shell reads them. */
  readonly argv: readonly string[]
  readonly cwd: string
  /** All of its environment: nothing is added to it. */
  readonly env: Readonly<Record<string, string>>
  /** Told each line that it prints. */
  onOutput?(line: string, stream: OutputStream): void
  /** Told once, when it has ended. */
  onExit?(exit: Exit): void
  /** How long `kill` lets it end in good order, ms on `clock`; 5 s when absent. */
  readonly graceMs?: number
  /** The real one when absent. */
  readonly clock?: Clock
}

/** Lines kept for whoever asks what it said last. */
const keptLines = 1_000
/** The last lines may still be on their way; what left the group may hold the pipe open for good. */
const outputPatienceMs = 1_000
/** Nothing outlives SIGKILL but what waits for a device. */
const killPatienceMs = 10_000
const lookEveryMs = 25

/**
 * Starts a program in a process group of its own. It never outlives this process, however that ends, and neither do the
 * processes that it starts, as long as they stay in its group. Rejects with a `UsageError` when it cannot be started.
 */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  if (process.platform === 'win32')
    throw new UsageError(
      'Programs cannot be started on Windows.',
      'Start it by hand: without a program a drill serves until the scenario ends.',
    )
  checkCommand(options.argv, options)
  const [file, args] = guarded(options.argv, options.env)
  const child = spawn(file, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', error => reject(notStarted(options.argv, error)))
  })
  return new Program(child, options)
}

function notStarted([name = '']: readonly string[], error: Error): UsageError {
  return new UsageError(`Failed to start "${name}": ${error.message}.`, 'Is the machine short of processes or memory?')
}

/** A program that was started. */
export class Program implements AsyncDisposable {
  readonly pid: number
  /** As it was typed. */
  readonly command: string
  /** Resolves when it has ended, its last lines told. */
  readonly exited: Promise<Exit>
  private readonly options: ProgramOptions
  private readonly watchdog: Watchdog
  private readonly lines: string[] = []
  private readonly listeners = new Set<(line: string) => void>()
  private ended: Exit | undefined
  private isGone = false
  /** Settles when its whole group is gone. */
  private ending: Promise<void> | undefined

  constructor(child: ChildProcess, options: ProgramOptions) {
    const { pid, stdout, stderr } = child
    const stream = child.stdio[3]
    invariant(pid !== undefined && stdout && stderr && stream instanceof Duplex, 'a started program has its pipes')
    this.pid = pid
    this.command = options.argv.join(' ')
    this.options = options
    this.watchdog = holdWatchdog(stream)
    eachLine(stdout, line => this.take(line, 'stdout'))
    eachLine(stderr, line => this.take(line, 'stderr'))
    this.exited = this.untilExit(child)
  }

  /** How it ended; `undefined` while it runs. */
  get exit(): Exit | undefined {
    return this.ended
  }

  /** What it printed last, oldest first. */
  recentLines(): readonly string[] {
    return this.lines
  }

  /** Calls `listener` with each line to come; the returned function ends that. */
  onLine(listener: (line: string) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /**
   * Ends it in good order: SIGTERM to its whole group, then SIGKILL to what is left after the grace. Resolves when every
   * process of the group is gone; rejects with their pids when some are not. Called again, it is the same ending.
   */
  kill(): Promise<void> {
    this.ending ??= this.graceful()
    return this.ending
  }

  /** Kills it and its group at once, as a crash does. Resolves and rejects as {@link kill}. */
  crash(): Promise<void> {
    // The number of a group that is gone may be another's by now.
    if (this.ending && !this.isGone) signalGroup(this.pid, 'SIGKILL')
    this.ending ??= this.sweep()
    return this.ending
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }

  private async graceful(): Promise<void> {
    const { clock = ambientClock, graceMs = 5_000 } = this.options
    let isOver = false
    const cancel = clock.after(graceMs, () => {
      isOver = true
    })
    signalGroup(this.pid, 'SIGTERM')
    while (!isOver && !(await this.isDone())) await new Promise<void>(resolve => nativeSetTimeout(resolve, lookEveryMs))
    cancel()
    await this.sweep()
  }

  /** Whether nobody but the watchdog is left: what it started may take longer to end than it does itself. */
  private async isDone(): Promise<boolean> {
    if (this.ended === undefined) return false
    const left = await membersOf(this.pid)
    return left.every(pid => pid === this.watchdog.pid)
  }

  private async sweep(): Promise<void> {
    const left = await endGroup(this.pid, killPatienceMs)
    this.isGone = left.length === 0
    this.watchdog.release()
    if (left.length > 0) throw new Error(`Some processes of "${this.command}" could not be ended: ${left.join(', ')}.`)
    if (this.ended === undefined) await this.exited
  }

  private async untilExit(child: ChildProcess): Promise<Exit> {
    const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
    const exit = await new Promise<Exit>(resolve => child.once('exit', (code, signal) => resolve({ code, signal })))
    this.ended = exit
    // What it leaves behind goes with it, unless it is being ended in good order.
    if (this.ending === undefined) {
      this.ending = this.sweep()
      // Told by `kill` and `crash`.
      this.ending.catch(() => {})
    }
    await within(closed, outputPatienceMs)
    this.options.onExit?.(exit)
    return exit
  }

  private take(line: string, stream: OutputStream): void {
    if (this.lines.push(line) > keptLines) this.lines.shift()
    this.options.onOutput?.(line, stream)
    for (const listener of this.listeners) listener(line)
  }
}

/** Waits for `promise`, at most so long. */
function within(promise: Promise<void>, ms: number): Promise<void> {
  return new Promise(resolve => {
    const timer = nativeSetTimeout(resolve, ms)
    promise.then(() => {
      nativeClearTimeout(timer)
      resolve()
    })
  })
}
