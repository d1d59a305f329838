import type { Duplex } from 'node:stream'

/**
 * What `/bin/sh` does before it becomes the program: it leaves a watchdog behind in the program's own process group. The
 * watchdog tells its pid on descriptor 3 and then waits for the end of that stream, whose other end this process alone
 * holds. However this process ends, `kill -9` included, the kernel closes it, and the watchdog kills the whole group,
 * itself with it.
 *
 * It is there before the program is, so there is no moment at which the program could outlive us. It is forked twice, so
 * that it is no child of the program's: a program that waits for all its children would wait for ever. It ignores the
 * signals by which the group is asked to end in good order.
 */
const script = `
(
  trap '' HUP INT QUIT TERM
  (
    exec </dev/null >/dev/null 2>&1
    /bin/sh -c 'echo "$PPID"' >&3
    read -r line <&3
    kill -KILL 0
  ) &
)
exec "$@" 3<&-`

/** What a shell can hand on by itself; some drop every other variable (`my.setting`), and Java reads such. */
const shellName = /^[A-Za-z_][A-Za-z0-9_]*$/

/** The command that leaves a watchdog behind and becomes `argv`, whose pid and group are then those of the shell. */
export function guarded(argv: readonly string[], env: Readonly<Record<string, string>>): readonly [string, string[]] {
  const odd = Object.entries(env).flatMap(([name, value]) => (shellName.test(name) ? [] : [`${name}=${value}`]))
  return ['/bin/sh', ['-c', script, 'sh', ...(odd.length > 0 ? ['/usr/bin/env', ...odd] : []), ...argv]]
}

export interface Watchdog {
  /** Its process, once it has said so. */
  readonly pid: number | undefined
  /** Lets it kill the group. */
  release(): void
}

/** Holds the stream that the watchdog of a guarded program waits on. */
export function holdWatchdog(stream: Duplex): Watchdog {
  let said = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  // A watchdog that was killed with its group resets the stream.
  stream.on('error', () => {})
  return {
    get pid() {
      const [, pid] = /^(\d+)\n/.exec(said) ?? []
      return pid === undefined ? undefined : Number(pid)
    },
    release: () => stream.destroy(),
  }
}
