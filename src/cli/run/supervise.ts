import { nativeNow } from '../../clock/native.ts'
import { Collected } from './collect.ts'
import type { Beat, Message } from './messages.ts'
import { ProgressLine } from './progress.ts'
import type { RunRequest } from './request.ts'
import { watch } from './watch.ts'

/** Runs a request, in a process of its own unless told otherwise, and hears it out. */
export async function supervise(request: RunRequest): Promise<Collected> {
  const collected = new Collected()
  const progress = new ProgressLine(process.stderr, request.targets.length)
  let interrupted: 'SIGINT' | 'SIGTERM' | undefined
  const onSignal = (signal: NodeJS.Signals) => {
    interrupted ??= signal === 'SIGTERM' ? 'SIGTERM' : 'SIGINT'
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    if (runsInProcess()) await here(request, collected, progress)
    else await inChildren(request, collected, progress, () => interrupted !== undefined)
  } finally {
    progress.clear()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
  if (interrupted) collected.interrupted = interrupted === 'SIGINT' ? 130 : 143
  return collected
}

/** Asked for, or a debugger is attached: the process to debug is then this one. */
function runsInProcess(): boolean {
  if (process.env['BLACKSTART_NO_SUPERVISOR'] === '1') return true
  return /(^|\s)--inspect(-brk|-wait)?(=|\s|$)/.test([...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '))
}

async function here(request: RunRequest, collected: Collected, progress: ProgressLine): Promise<void> {
  const { execute } = await import('./execute.ts')
  const aborter = new AbortController()
  const abort = (signal: NodeJS.Signals) => aborter.abort(signal)
  process.on('SIGINT', abort)
  process.on('SIGTERM', abort)
  const send = (message: Message) => {
    if (message.type === 'beat') progress.show(message)
    collected.take(message)
  }
  await execute(request, { from: 0, send, signal: aborter.signal })
  process.off('SIGINT', abort)
  process.off('SIGTERM', abort)
}

/** One process for all scenarios; where one of them brings it down, another process goes on with the rest. */
async function inChildren(
  request: RunRequest,
  collected: Collected,
  progress: ProgressLine,
  isInterrupted: () => boolean,
): Promise<void> {
  const { explainEnding, isClientsFault } = await import('./explain-ending.ts')
  for (let from = 0; from < request.targets.length; ) {
    let beat: Beat | undefined
    let since = nativeNow()
    const onMessage = (message: Message) => {
      if (message.type === 'beat') {
        if (message.index !== beat?.index) since = nativeNow()
        beat = message
        progress.show(message)
      }
      collected.take(message)
    }
    const ending = await watch({ order: { request, from }, onMessage, isClientsFault, blockedMs: blockedMs() })
    progress.clear()
    if (ending.type === 'done' || isInterrupted()) return
    if (!beat) {
      const isTold = ending.type === 'died' && ending.code === 70
      collected.crash = { message: 'The process that runs the client did not come up', stack: undefined, isTold }
      return
    }
    const why = explainEnding(ending, beat)
    if (why.by === 'blackstart') {
      collected.crash = { message: why.message, stack: undefined, isTold: why.isTold }
      return
    }
    const { cutShort } = await import('./cut-short.ts')
    const part = cutShort({ request, beat, why, wallMs: nativeNow() - since })
    if (part) collected.parts.push(part)
    from = beat.index + 1
  }
}

/** How long an event loop may stand still, real ms. */
function blockedMs(): number {
  const given = Number(process.env['BLACKSTART_BLOCKED_MS'])
  return given > 0 ? given : 10_000
}
