import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { nativeClearInterval, nativeNow, nativeSetInterval, nativeSetTimeout } from '../../clock/native.ts'
import { type BusyStack, busyStack } from './busy-stack.ts'
import { freePort } from './free-port.ts'
import { type Message, workerVariable } from './messages.ts'
import { waitedForCpuMs } from './waited-for-cpu.ts'

/** How a running process ended. */
export type Ending =
  | { readonly type: 'done' }
  /** Its event loop stood still and it was killed; `stack` when it could be read. */
  | { readonly type: 'blocked'; readonly silentMs: number; readonly stack: BusyStack | undefined }
  | { readonly type: 'died'; readonly code: number | null; readonly signal: NodeJS.Signals | null }

export interface WatchOptions<M extends { readonly type: string }> {
  /** Handed over as JSON, in the environment variable `variable`; the one of runs when absent. */
  readonly order: unknown
  readonly variable?: string
  onMessage(message: M): void
  /** Takes what the process prints; it goes to stderr when absent. */
  onPrinted?(text: string): void
  /** More flags of Node for it. */
  readonly nodeFlags?: readonly string[]
  /** Asked when the process has been silent for long; `false` lets it go on for as long again, a few times. */
  isClientsFault(stack: BusyStack): boolean
  readonly blockedMs: number
}

const bin = fileURLToPath(new URL('../../../bin/blackstart.js', import.meta.url))
const tickMs = 100
/** Blackstart's own work may keep the event loop this many times as long as a client's. */
const ownPatience = 12
/** And so many times where nobody could see what it does: on a busy machine the answer may come late. */
const unseenPatience = 2

/**
 * Runs an order in a process of its own and watches over it: in process nothing can interrupt a client that never gives
 * the event loop back. What the client prints goes to stderr, whatever it prints with.
 */
export async function watch<M extends { readonly type: string } = Message>(options: WatchOptions<M>): Promise<Ending> {
  const { order, variable = workerVariable, onMessage, onPrinted, isClientsFault, blockedMs, nodeFlags = [] } = options
  const port = await freePort()
  const print = onPrinted ? 'pipe' : 2
  const child = spawn(
    process.execPath,
    // Only the port: the inspector opens when it is asked to, and then says nothing.
    [...process.execArgv, ...nodeFlags, `--inspect-port=127.0.0.1:${port}`, '--inspect-publish-uid=http', bin],
    {
      stdio: ['ignore', print, print, 'pipe'],
      env: { ...process.env, [variable]: JSON.stringify(order) },
      windowsHide: true,
    },
  )
  let silentMs = 0
  let isDone = false
  let blocked: Ending | undefined
  if (onPrinted)
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', text => onPrinted(text))
  readMessages<M>(child, message => {
    silentMs = 0
    if (message.type === 'done' || message.type === 'refused' || message.type === 'crashed') isDone = true
    onMessage(message)
  })

  let lastTick = nativeNow()
  let lastWaited = 0
  let isAsking = false
  let forgivenMs = 0
  const timer = nativeSetInterval(async () => {
    const now = nativeNow()
    const waited = waitedForCpuMs(child.pid)
    // A machine that slept, or a Ctrl-Z, stops this process too, and a busy one lets it wait: that is nobody's silence.
    silentMs += Math.max(0, Math.min(now - lastTick, tickMs * 5) - Math.max(0, waited - lastWaited))
    lastTick = now
    lastWaited = waited
    if (silentMs - forgivenMs < blockedMs || isAsking || blocked) return
    isAsking = true
    const stack = child.pid === undefined ? undefined : await busyStack(child.pid, port)
    isAsking = false
    // It may have come back to life while it was being asked.
    if (silentMs < blockedMs) return stack?.resume()
    const patience = stack === undefined ? unseenPatience : isClientsFault(stack) ? 1 : ownPatience
    if (silentMs < blockedMs * patience) {
      forgivenMs = silentMs
      return stack?.resume()
    }
    blocked = { type: 'blocked', silentMs, stack }
    child.kill('SIGKILL')
  }, tickMs)

  const unforward = forwardSignals(child)
  const { code, signal } = await ended(child)
  nativeClearInterval(timer)
  unforward()
  if (blocked) return blocked
  return isDone ? { type: 'done' } : { type: 'died', code, signal }
}

function readMessages<M>(child: ChildProcess, take: (message: M) => void): void {
  const stream = child.stdio[3]
  if (!stream || !('read' in stream)) return
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line => {
    try {
      take(JSON.parse(line))
    } catch {
      // A process that was killed may leave half a line.
    }
  })
}

function ended(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => {
      // The last messages may still be on their way; a grandchild may hold the pipe open for good.
      const wait = nativeSetTimeout(() => resolve({ code, signal }), 1_000)
      child.once('close', () => {
        clearTimeout(wait)
        resolve({ code, signal })
      })
    })
  })
}

/** How long an interrupted run may take to clean up. */
const cleanUpMs = 5_000

/** Hands interrupts on; a second one, or a clean-up that takes too long, ends the process the hard way. */
function forwardSignals(child: ChildProcess): () => void {
  let since: number | undefined
  let timer: NodeJS.Timeout | undefined
  const forward = (signal: NodeJS.Signals) => {
    const now = nativeNow()
    // At a terminal the child has had the same Ctrl-C already; it takes any number of them for one.
    if (since === undefined) {
      since = now
      child.kill(signal)
      timer = nativeSetTimeout(() => child.kill('SIGKILL'), cleanUpMs)
    } else if (now - since > 300) child.kill('SIGKILL')
  }
  process.on('SIGINT', forward)
  process.on('SIGTERM', forward)
  return () => {
    clearTimeout(timer)
    process.off('SIGINT', forward)
    process.off('SIGTERM', forward)
  }
}
