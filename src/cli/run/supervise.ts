import { nativeNow } from '../../clock/native.ts'
import type { Finding } from '../../oracles/oracle.ts'
import { Collected } from './collect.ts'
import type { Beat, Message } from './messages.ts'
import { ProgressLine } from './progress.ts'
import type { RunRequest } from './request.ts'
import { type Ending, watch } from './watch.ts'

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
  const { cutShort, findingOf, framesText, isClientsFault } = await import('./cut-short.ts')
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
    const wallMs = nativeNow() - since
    const part = beat && cutShort(request, beat, { ...judge(ending, findingOf(ending, beat)), wallMs })
    if (!beat || !part || isBug(ending, findingOf(ending, beat))) {
      collected.crash = {
        message: endingText(ending),
        stack: undefined,
        isTold: ending.type === 'died' && ending.code === 70,
      }
      return
    }
    collected.parts.push(part)
    from = beat.index + 1
  }
}

function judge(ending: Ending, finding: Finding | undefined) {
  if (finding) return { verdict: 'fail', exitCode: 1, reason: 'Failed: conduct.', findings: [finding] } as const
  const reason = `${endingText(ending)}; clean-up could not be verified.`
  return { verdict: 'inconclusive', exitCode: 5, reason, findings: [] } as const
}

/** Killed from outside is nobody's bug; any other death that the client did not cause is ours. */
function isBug(ending: Ending, finding: Finding | undefined): boolean {
  return (
    finding === undefined && !(ending.type === 'died' && (ending.signal === 'SIGKILL' || ending.signal === 'SIGTERM'))
  )
}

function endingText(ending: Ending): string {
  if (ending.type === 'done') return 'The process that ran the client ended well'
  if (ending.type === 'blocked')
    return `The process that ran the client stood still in blackstart's own code: ${framesText(ending.stack?.frames ?? [])}`
  if (ending.signal === 'SIGKILL' || ending.signal === 'SIGTERM')
    return `The process that ran the client was killed from outside (${ending.signal}), perhaps for want of memory`
  return `The process that ran the client died (${ending.signal ?? `exit code ${ending.code}`})`
}

/** How long an event loop may stand still, real ms. */
function blockedMs(): number {
  const given = Number(process.env['BLACKSTART_BLOCKED_MS'])
  return given > 0 ? given : 10_000
}
