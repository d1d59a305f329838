import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseJournal } from '../../src/journal/journal.ts'

const root = new URL('../../', import.meta.url)
const bin = fileURLToPath(new URL('bin/blackstart.js', root))
const app = fileURLToPath(new URL('fixtures/apps/drill/with-children.ts', root))

/** A program with children and grandchildren; `stubborn`: none of them ends when it is asked to. */
export const withChildren = [process.execPath, app]
export const stubborn = ['env', 'MANNERS=stubborn', ...withChildren]

/** Eight minutes of which two are an outage: 1.2 s at this speed. */
const speed = '400'
const scenario = `
blackstart: 1
id: short
steady_state: { for: 1m }
phases:
  - { name: down, for: 2m, faults: [{ surface: api, fault: overloaded }] }
`

/** What a drill has come to when something happens to it. */
export const moments = {
  spawned: () => true,
  'addresses are told': run => run.said().includes('export ANTHROPIC_BASE_URL='),
  'the program is up': run => run.said().includes('up as'),
  'the warm-up has begun': run => run.journal().includes('"phase":"steady-state"'),
  'the outage has begun': run => run.journal().includes('"phase":"down"'),
  'all is healed': run => run.journal().includes('"phase":"healed"'),
  'the program is asked to end': run => run.said().includes('asked to end'),
  'the journal is closed': run => run.journal().includes('"run-ended"'),
} satisfies Readonly<Record<string, (run: Drill) => boolean>>
export type Moment = keyof typeof moments

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface DrillOptions {
  readonly flags?: readonly string[]
  /** It sits at a terminal of its own, which passes on what is written to its standard input. */
  readonly terminal?: boolean
  /** More of its environment. */
  readonly env?: Readonly<Record<string, string>>
}

let drills = 0

/** The command line tool in a drill: all of its processes have a mark in their environment, and it has a folder to itself. */
export class Drill implements Disposable {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  private readonly mark = `MARK=drill-${process.pid}-${drills++}.`
  private readonly folder = mkdtempSync(join(tmpdir(), 'kill-'))
  private text = ''

  constructor(command: readonly string[], { flags = [], terminal = false, env = {} }: DrillOptions = {}) {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|BLACKSTART_)/.test(name))
    writeFileSync(this.path('short.yaml'), scenario)
    mkdirSync(this.path('temporary'))
    const files = ['--journal', this.path('journal'), '--save-env', this.path('places')]
    const args = ['drill', this.path('short.yaml'), '--speed', speed, '--no-config', ...files, ...flags]
    const words = [process.execPath, bin, ...args, ...(command.length > 0 ? ['--', ...command] : [])]
    const [name = '', mark = ''] = this.mark.split('=')
    const [file = '', ...rest] = terminal ? atTerminal(words) : words
    this.child = spawn(file, rest, {
      cwd: this.folder,
      env: {
        ...{ ...Object.fromEntries(inherited), BLACKSTART_FROM: 'src', [name]: mark },
        ...{ TMPDIR: this.path('temporary'), TERM: 'xterm', ...env },
      },
      stdio: [terminal ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', text => {
        this.text += text
      })
    this.ended = new Promise(resolve => this.child.once('close', (code, signal) => resolve({ code, signal })))
  }

  /** All that it has written by now, to whichever stream. */
  said(): string {
    return this.text
  }

  journal(): string {
    return read(this.path('journal'))
  }

  /** Waits until it has come to `moment`; whether it has, and did not end before that. */
  async until(moment: Moment): Promise<boolean> {
    const isOver = this.ended.then(() => true)
    while (!moments[moment](this)) if (await Promise.race([isOver, sleep(3)])) return moments[moment](this)
    return true
  }

  /** Pids of the program, not of what it started; empty before it is up. */
  programs(): readonly number[] {
    return [...this.text.matchAll(/up as (\d+)/g)].map(([, pid]) => Number(pid))
  }

  /** All that is there after the end and should not be, in words. What was killed needs a moment to be gone. */
  async leftovers(patience = 80): Promise<readonly string[]> {
    for (let tries = 0; ; tries++) {
      const left = [...this.processes().map(({ command }) => command), ...this.files(), ...(await this.openPorts())]
      if (left.length === 0 || tries >= patience) return left
      await sleep(25)
    }
  }

  /** The types of what is in the journal. Throws when it is torn anywhere but in its last line. */
  written(): readonly string[] {
    const text = this.journal()
    // No line but the last may be torn, and none is when the last has its end.
    for (const line of text.split('\n').slice(0, -1)) JSON.parse(line)
    return parseJournal(text).map(({ type }) => type)
  }

  [Symbol.dispose](): void {
    for (const { pid } of this.processes()) process.kill(pid, 'SIGKILL')
    rmSync(this.folder, { recursive: true, force: true })
  }

  private path(name: string): string {
    return join(this.folder, name)
  }

  private processes(): readonly { readonly pid: number; readonly command: string }[] {
    return readdirSync('/proc')
      .filter(name => /^\d+$/.test(name) && read(`/proc/${name}/environ`).split('\0').includes(this.mark))
      .map(name => ({ pid: Number(name), command: read(`/proc/${name}/cmdline`).replaceAll('\0', ' ') }))
  }

  private files(): readonly string[] {
    const known = new Set(['short.yaml', 'temporary', 'journal', 'places'])
    const found = [...readdirSync(this.path('temporary')), ...readdirSync(this.folder).filter(name => !known.has(name))]
    return found.map(name => `file ${name}`)
  }

  private async openPorts(): Promise<readonly string[]> {
    const ports = new Set(
      [...read(this.path('places')).matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port)),
    )
    const open = await Promise.all([...ports].map(async port => ((await listens(port)) ? [`port ${port}`] : [])))
    return open.flat()
  }
}

/** A command line at a terminal of its own: what `script` is told to run. */
function atTerminal(words: readonly string[]): readonly string[] {
  const line = words.map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  // Its settings are told before and after. A Ctrl-C of the terminal is for the whole group, this shell included.
  return ['script', '-qefc', `trap : INT; stty -g; ${line}; code=$?; stty -g; exit $code`, '/dev/null']
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
