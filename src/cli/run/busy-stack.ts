import { SourceMap } from 'node:module'
import { fileURLToPath } from 'node:url'
import { nativeNow, nativeSetTimeout } from '../../clock/native.ts'

/** Where a process is: a line of the source as it was written, where its source map is known. */
export interface Frame {
  readonly name: string
  readonly path: string
  readonly line: number
}

export interface BusyStack {
  /** Innermost first. */
  readonly frames: readonly Frame[]
  /** Lets the process go on. */
  resume(): void
}

/**
 * Where a process whose event loop does not turn is busy. SIGUSR1 makes Node open its inspector from a thread of its
 * own, and a pause through it interrupts even `while (true) {}`; signals and diagnostic reports wait for the event loop.
 * `undefined` when nobody answers within `patienceMs` (the client may have a SIGUSR1 handler, or be stuck in native code).
 */
export async function busyStack(pid: number, port: number, patienceMs = 3_000): Promise<BusyStack | undefined> {
  const until = nativeNow() + patienceMs
  try {
    process.kill(pid, 'SIGUSR1')
    const url = await inspectorUrl(port, until)
    return url === undefined ? undefined : await pausedAt(url, Math.max(500, until - nativeNow()))
  } catch {
    return undefined
  }
}

async function inspectorUrl(port: number, until: number): Promise<string | undefined> {
  while (nativeNow() < until) {
    await new Promise(resolve => nativeSetTimeout(resolve, 50))
    const targets = await fetch(`http://127.0.0.1:${port}/json/list`)
      .then(response => response.json() as Promise<{ webSocketDebuggerUrl?: string }[]>)
      .catch(() => undefined)
    const url = targets?.[0]?.webSocketDebuggerUrl
    if (url !== undefined) return url
  }
  return undefined
}

interface Paused {
  readonly callFrames: readonly {
    readonly functionName: string
    readonly url: string
    readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number }
  }[]
}

function pausedAt(url: string, patienceMs: number): Promise<BusyStack | undefined> {
  return new Promise(resolve => {
    const socket = new WebSocket(url)
    const maps = new Map<string, string>()
    const ask = (id: number, method: string) => socket.send(JSON.stringify({ id, method }))
    const giveUp = nativeSetTimeout(() => {
      socket.close()
      resolve(undefined)
    }, patienceMs)
    socket.onerror = () => resolve(undefined)
    socket.onopen = () => {
      ask(1, 'Debugger.enable')
      ask(2, 'Debugger.pause')
    }
    socket.onmessage = ({ data }) => {
      const { method, params } = JSON.parse(String(data))
      if (method === 'Debugger.scriptParsed' && params.sourceMapURL) maps.set(params.scriptId, params.sourceMapURL)
      if (method !== 'Debugger.paused') return
      clearTimeout(giveUp)
      resolve({
        frames: (params as Paused).callFrames.flatMap(frame => frameOf(frame, maps)),
        resume: () => {
          ask(3, 'Debugger.resume')
          socket.close()
        },
      })
    }
  })
}

function frameOf(frame: Paused['callFrames'][number], maps: ReadonlyMap<string, string>): Frame[] {
  const { scriptId, lineNumber, columnNumber = 0 } = frame.location
  if (!frame.url.startsWith('file:')) return []
  const own = original(maps.get(scriptId), lineNumber, columnNumber)
  const path = fileURLToPath(frame.url.split('?')[0] ?? '')
  return [{ name: frame.functionName || '(anonymous)', path, line: (own ?? lineNumber) + 1 }]
}

/** The line, from 0, that an inline source map gives. */
function original(map: string | undefined, line: number, column: number): number | undefined {
  const encoded = /^data:[^,]*;base64,(.*)$/s.exec(map ?? '')?.[1]
  if (encoded === undefined) return undefined
  try {
    const entry = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))).findEntry(line, column)
    return 'originalLine' in entry ? entry.originalLine : undefined
  } catch {
    return undefined
  }
}
