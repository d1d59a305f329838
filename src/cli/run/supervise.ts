import { nativeNow } from '../../clock/native.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { blockedMs } from '../blocked-ms.ts'
import { Collected } from './collect.ts'
import type { ExecuteOrder } from './execute.ts'
import { lanesOf } from './lanes.ts'
import type { Beat, Message } from './messages.ts'
import { ProgressLine } from './progress.ts'
import type { RunRequest } from './request.ts'
import { watch } from './watch.ts'

/** Runs a request, in processes of its own unless told otherwise, and hears it out. */
export async function supervise(request: RunRequest, config: LoadedConfig): Promise<Collected> {
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
    else {
      const isInterrupted = () => interrupted !== undefined
      const lane = (order: ExecuteOrder) => inChildren({ request, config, order, collected, progress, isInterrupted })
      await Promise.all(lanesOf(request.targets.length, request.jobs).map(lane))
    }
  } finally {
    progress.clear()
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
  if (interrupted) collected.interrupted = interrupted === 'SIGINT' ? 130 : 143
  collected.parts.sort((a, b) => a.index - b.index)
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
  const [order] = lanesOf(request.targets.length, 1)
  if (order) await execute(request, { ...order, send, signal: aborter.signal })
  process.off('SIGINT', abort)
  process.off('SIGTERM', abort)
}

interface Lane {
  readonly request: RunRequest
  readonly config: LoadedConfig
  readonly order: ExecuteOrder
  readonly collected: Collected
  readonly progress: ProgressLine
  isInterrupted(): boolean
}

/** One process for all scenarios of a lane; where one of them brings it down, another process goes on with the rest. */
async function inChildren({ request, config, order, collected, progress, isInterrupted }: Lane): Promise<void> {
  const { explainEnding, isClientsFault } = await import('./explain-ending.ts')
  for (let { indices } = order; indices.length > 0; ) {
    // Another lane has found out that nothing can come of it.
    if (collected.refusal || collected.crash) return
    let beat: Beat | undefined
    let since = nativeNow()
    const onMessage = (message: Message) => {
      if (message.type === 'beat') {
        if (message.index !== beat?.index) since = nativeNow()
        beat = message
        // Several lanes on one line would be no line.
        if (order.isFirst) progress.show(message, collected.parts.length)
      }
      collected.take(message)
    }
    const lane = { indices, isFirst: order.isFirst }
    const ending = await watch({ order: { request, lane }, onMessage, isClientsFault, blockedMs: blockedMs() })
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
    const part = cutShort({ request, config, beat, why, wallMs: nativeNow() - since })
    if (part) collected.parts.push(part)
    indices = indices.slice(indices.indexOf(beat.index) + 1)
  }
}
