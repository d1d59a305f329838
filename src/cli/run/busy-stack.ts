import { SourceMap } from 'node:module'
import { isAbsolute } from 'node:path'
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
    const scripts = new Map<string, Script>()
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
      if (method === 'Debugger.scriptParsed') scripts.set(params.scriptId, params)
      if (method !== 'Debugger.paused') return
      clearTimeout(giveUp)
      resolve({
        frames: (params as Paused).callFrames.flatMap(frame => frameOf(frame, scripts)),
        resume: () => {
          ask(3, 'Debugger.resume')
          socket.close()
        },
      })
    }
  })
}

/** What a script says of itself; a frame's own `url` is empty where the script has a source map. */
interface Script {
  readonly url: string
  readonly sourceMapURL?: string
}

function frameOf(frame: Paused['callFrames'][number], scripts: ReadonlyMap<string, Script>): Frame[] {
  const { scriptId, lineNumber, columnNumber = 0 } = frame.location
  const script = scripts.get(scriptId)
  const own = original(script?.sourceMapURL, lineNumber, columnNumber)
  const path = filePath(script?.url) ?? filePath(own?.source) ?? filePath(frame.url)
  if (path === undefined) return []
  return [{ name: frame.functionName || '(anonymous)', path, line: (own?.line ?? lineNumber) + 1 }]
}

/** A file's path, from a path or a URL with whatever a loader put behind it; not for Node's own modules. */
function filePath(url: string | undefined): string | undefined {
  const plain = url?.split('?')[0] ?? ''
  if (plain.startsWith('file:')) return fileURLToPath(plain)
  return isAbsolute(plain) ? plain : undefined
}

/** The line (from 0) and the file that an inline source map gives. */
function original(map: string | undefined, line: number, column: number): { line: number; source: string } | undefined {
  const encoded = /^data:[^,]*;base64,(.*)$/s.exec(map ?? '')?.[1]
  if (encoded === undefined) return undefined
  try {
    const entry = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))).findEntry(line, column)
    return 'originalLine' in entry ? { line: entry.originalLine, source: entry.originalSource } : undefined
  } catch {
    return undefined
  }
}
