import http2 from 'node:http2'
import { Socket } from 'node:net'
import { currentContext } from '../attribution/attribution.ts'
import { type ClientEnv, installEnv } from '../clients/env.ts'
import { type Chance, installChance, replace } from '../clock/chance.ts'
import type { Fetch } from '../engines/fetch-tap.ts'
import type { NoteKind } from '../journal/event.ts'
import { UsageError } from '../lib/errors.ts'
import { describeError } from './describe-error.ts'

export interface TakeOverOptions {
  readonly env: ClientEnv
  readonly fetch: Fetch
  chance(): Chance
  /** Whether standard output is a test runner's, which may write to it at any time. */
  readonly isTest?: boolean
  /** Something the client did that belongs into the journal. */
  note(kind: NoteKind, says: string): void
}

let busy = false

/** Throws a `UsageError` while a run is under way: two would share the globals. */
export function refuseSecondRun(): void {
  if (!busy) return
  throw new UsageError(
    'Failed to start the run: another one is under way in this thread, and each needs the timers to itself.',
    'Await the first, or give each a process of its own.',
  )
}

/**
 * Puts a run's own world around the client: its environment, `fetch`, chance, standard output and process-level
 * handlers. `dispose` puts every one of them back.
 */
export function takeOver(options: TakeOverOptions): Disposable {
  refuseSecondRun()
  busy = true
  const isNodeTest = 'NODE_TEST_CONTEXT' in process.env
  const env = installEnv(options.env)
  const { exitCode } = process
  const undo = [
    () => {
      process.exitCode = exitCode
    },
    replace(globalThis, 'fetch', options.fetch),
    installChance(options.chance),
    replace(process.stdout, 'write', stdoutFor(options.isTest ?? isNodeTest)),
    replace(process, 'exit', (code?: number) => {
      options.note('process-exit', `process.exit(${code ?? ''}) was called${where()}.`)
      throw new Error('process.exit was called; blackstart goes on without it.')
    }),
    catchProcessEvent('unhandledRejection', reason => options.note('unhandled-rejection', describe(reason))),
    catchProcessEvent('uncaughtException', error => options.note('uncaught-exception', describe(error))),
  ]
  return {
    [Symbol.dispose]() {
      for (const restore of undo.reverse()) restore()
      env.restore()
      busy = false
    },
  }
}

/** Names of globals that are not what they were at `before`. Empty after a clean run. */
export function changedSince(before: Snapshot): readonly string[] {
  const now = snapshot()
  return [...before].filter(([name, value]) => now.get(name) !== value).map(([name]) => name)
}

export type Snapshot = ReadonlyMap<string, unknown>

/** Every global that a run or its clock replaces. */
export function snapshot(): Snapshot {
  return new Map<string, unknown>([
    ['fetch', globalThis.fetch],
    ['setTimeout', globalThis.setTimeout],
    ['clearTimeout', globalThis.clearTimeout],
    ['setInterval', globalThis.setInterval],
    ['clearInterval', globalThis.clearInterval],
    ['setImmediate', globalThis.setImmediate],
    ['clearImmediate', globalThis.clearImmediate],
    ['Date', globalThis.Date],
    ['performance', globalThis.performance],
    ['performance.now', globalThis.performance.now],
    ['AbortSignal.timeout', AbortSignal.timeout],
    ['Math.random', Math.random],
    ['crypto.randomUUID', globalThis.crypto.randomUUID],
    ['crypto.getRandomValues', globalThis.crypto.getRandomValues],
    ['process.hrtime', process.hrtime],
    ['net.Socket.setTimeout', Socket.prototype.setTimeout],
    ['http2.connect', http2.connect],
    ['process.exit', process.exit],
    ['process.exitCode', process.exitCode],
    ['process.stdout.write', process.stdout.write],
    ['process.env', JSON.stringify(Object.entries(process.env).toSorted())],
    ['unhandledRejection', process.listeners('unhandledRejection').length],
    ['uncaughtException', process.listeners('uncaughtException').length],
  ])
}

/**
 * Reports own standard output: what the client prints goes to standard error. A test runner may write its own reports
 * there meanwhile, as `node --test` does, so there the client is told by its context.
 */
function stdoutFor(isTest: boolean): typeof process.stdout.write {
  const out = process.stdout.write.bind(process.stdout)
  const err = process.stderr.write.bind(process.stderr)
  if (!isTest) return err
  const write = (...args: Parameters<typeof out>) => (currentContext()?.life ? err : out)(...args)
  return write as typeof out // whose overloads have the same arguments
}

/** Handles a process event alone: other listeners (a test runner's) come back afterwards. */
function catchProcessEvent(
  event: 'unhandledRejection' | 'uncaughtException',
  handle: (reason: unknown) => void,
): () => void {
  const others = process.listeners(event as 'uncaughtException')
  process.removeAllListeners(event)
  process.on(event as 'uncaughtException', handle)
  return () => {
    process.removeListener(event, handle)
    for (const other of others) process.on(event as 'uncaughtException', other)
  }
}

function describe(reason: unknown): string {
  return `${describeError(reason)}${where()}`
}

function where(): string {
  const context = currentContext()
  return context?.task === undefined ? '' : ` in task ${context.task}`
}
