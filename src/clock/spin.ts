import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What ended a drive other than its own end. */
export interface Spin {
  /** Where the spinning timers are set: a stack line of the app's code. */
  readonly where: string
  readonly atMs: number
}

const windowMs = 60_000

/** Counts the timers that fire in a virtual minute, and finds out who sets them when they are far too many. */
export class SpinWatch {
  private readonly limit: number
  private windowStart: number
  private firedInWindow = 0
  private progressInWindow = 0
  private suspect: string | undefined

  /** `limit`: timers in a virtual minute without progress. */
  constructor(limit: number, startMs: number) {
    this.limit = limit
    this.windowStart = startMs
  }

  progress(): void {
    this.progressInWindow++
  }

  /** A timer fired at `nowMs`. Tells of spinning when it was one too many. */
  fired(nowMs: number): Spin | undefined {
    if (nowMs - this.windowStart >= windowMs) {
      this.windowStart = nowMs
      this.firedInWindow = 0
      this.progressInWindow = 0
      this.suspect = undefined
    }
    this.firedInWindow++
    return this.firedInWindow > this.bar
      ? { where: this.suspect ?? 'code that could not be found', atMs: nowMs }
      : undefined
  }

  /** Whether somebody is to be blamed and nobody has been yet: looking at every stack would cost too much. */
  get wantsSuspect(): boolean {
    return this.suspect === undefined && this.firedInWindow > this.bar * 0.9
  }

  blame(site: Error): void {
    this.suspect = placeOf(site)
  }

  private get bar(): number {
    return this.limit + 500 * this.progressInWindow
  }
}

/** An error with a stack deep enough to reach the app's own code. */
export function siteHere(name: string): Error {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 40
  const site = new Error(name)
  Error.stackTraceLimit = stackTraceLimit
  return site
}

const ownUrl = import.meta.url.slice(0, import.meta.url.lastIndexOf('/') + 1)
const ownPath = ownUrl.startsWith('file:') ? fileURLToPath(ownUrl) : ownUrl

/** The first line of the stack that is not ours, the timer library's or Node's; the app's own before a package's. */
function placeOf(site: Error): string {
  const lines = (site.stack ?? '')
    .split('\n')
    .slice(1)
    .filter(
      line => !/fake-timers|node:|\(<anonymous>\)$/.test(line) && !line.includes(ownUrl) && !line.includes(ownPath),
    )
  const line = lines.find(text => !text.includes('node_modules')) ?? lines[0]
  if (line === undefined) return `a callback of ${site.message}`
  return shorten(line.trim().replace(/^at (async )?/, ''))
}

/** Paths as seen from where the run was started: a journal is the same on every machine. */
function shorten(line: string): string {
  return line
    .replace(/file:\/\/[^\s)]+?(?=:\d+:\d+)/, fileURLToPath)
    .replace(/(?:[A-Za-z]:\\|\/)[^\s)(]+?(?=:\d+:\d+)/, path => {
      const inside = relative(process.cwd(), path)
      return inside.startsWith('..') ? path : inside.replaceAll(sep, '/')
    })
}
