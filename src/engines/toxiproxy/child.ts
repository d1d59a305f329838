import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Clock } from '../../clock/clock.ts'
import { invariant } from '../../lib/invariant.ts'

/** A server process of ours. */
export interface ServerChild {
  readonly pid: number
  /** Resolves to how it ended, whoever ended it, once its process is gone. */
  readonly ended: Promise<string>
  /** What it logged last, oldest first. */
  log(): readonly string[]
  /** Ends it, at first in its own way. Resolves to whether its process is gone. */
  end(): Promise<boolean>
}

export interface ChildOptions {
  readonly path: string
  readonly port: number
  /** Proxies that it begins with, as JSON. */
  readonly proxies: string
  readonly clock: Clock
}

/**
 * Starts the server beside a reader of a pipe whose other end only we hold. When we are gone, however that came, the
 * pipe ends, and the reader kills the server. It has a session of its own, so that Ctrl-C at a terminal ends it no
 * sooner than we do.
 */
const script = `
"$@" 3<&- <<END &
$BLACKSTART_PROXIES
END
server=$!
{ while read -r line <&3; do :; done; kill -9 $server; } >/dev/null 2>&1 &
reader=$!
exec 3<&-
echo "server $server"
wait $server
code=$?
kill $reader 2>/dev/null
exit $code
`

const kept = 50
const patienceMs = 1_000

/** Rejects with the error of the system when there is no such program, or no shell. */
export function startChild({ path, port, proxies, clock }: ChildOptions): Promise<ServerChild> {
  const words = [path, '-host', '127.0.0.1', '-port', String(port), '-config', '/dev/stdin']
  // Little is logged: the server waits for whoever reads it, and we may be busy.
  const child = spawn('/bin/sh', ['-c', script, 'toxiproxy', ...words], {
    env: { ...process.env, BLACKSTART_PROXIES: proxies, LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const { stdout, stderr } = child
  invariant(stdout && stderr, 'they are pipes')
  const lines: string[] = []
  const keep = (line: string) => {
    lines.push(line)
    if (lines.length > kept) lines.shift()
  }
  const ended = new Promise<string>(resolve => {
    child.once('exit', (code, signal) => resolve(endingText(code, signal, lines)))
  })
  // A pipe of ours may break when it dies; that it did is told by its end.
  child.stdio[3]?.once('error', () => {})
  createInterface({ input: stderr }).on('line', keep)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`it ended at once: ${lines.join(' ') || 'it said nothing'}`)))
    createInterface({ input: stdout }).on('line', line => {
      const [, pid] = /^server (\d+)$/.exec(line) ?? []
      if (pid === undefined) return keep(line)
      const server = Number(pid)
      resolve({
        pid: server,
        ended,
        log: () => [...lines],
        end: async () => {
          signal(server, 'SIGTERM')
          const given = new AbortController()
          const isLate = clock.sleep(patienceMs, given.signal).then(() => signal(server, 'SIGKILL'))
          await ended
          given.abort()
          await isLate
          return !isAlive(server)
        },
      })
    })
  })
}

/** 128 and more is a signal, as shells tell it. */
function endingText(code: number | null, signal: NodeJS.Signals | null, lines: readonly string[]): string {
  const how = signal ?? (code !== null && code > 128 ? `signal ${code - 128}` : `code ${code}`)
  const why = lines.find(line => /^(?:panic|fatal error|runtime):? /.test(line))
  return why === undefined ? how : `${how} (${why})`
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It is gone already.
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
