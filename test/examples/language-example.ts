import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { AttemptStarted } from '../../src/journal/event.ts'
import { parseJournal } from '../../src/journal/journal.ts'
import { cli, rootPath } from '../support/cli.ts'
import { type Fence, fencesOf } from '../support/markdown.ts'
import { type Command, commandsOf, missingLine } from '../support/snippets.ts'
import { examples, runExample, skipped, works } from './run-example.ts'

/** An example as its README has it, made ready in a folder of its own. */
export interface LanguageExample {
  readonly folder: string
  readonly commands: readonly Command[]
  readonly fences: readonly Fence[]
}

export interface Prepared {
  /** Absent where the toolchain, or a package, cannot be had; then the title says so aloud. */
  readonly example: LanguageExample | undefined
  readonly title: string
}

/** Does what the README of `examples/NAME` says before its first drill. `tools` are commands that the machine must have. */
export async function prepare(name: string, tools: readonly (readonly string[])[]): Promise<Prepared> {
  const title = `examples/${name}`
  for (const [tool = '', ...args] of tools)
    if (!works(tool, args)) return { example: undefined, title: skipped(`there is no ${tool} here`, title) }
  const folder = join(rootPath, '.cache', 'examples', name)
  mkdirSync(folder, { recursive: true })
  cpSync(join(examples, name), folder, { recursive: true })
  const fences = fencesOf(readFileSync(join(folder, 'README.md'), 'utf8'))
  for (const line of fences.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'))) {
    if (line === '' || line.startsWith('npx ')) continue
    const { code, output } = await runExample('sh', ['-c', line], folder)
    if (code === 0) continue
    process.stderr.write(output)
    return { example: undefined, title: skipped(`"${line}" failed, so its packages are not here`, title) }
  }
  return { example: { folder, commands: commandsOf(fences), fences }, title }
}

export interface Drilled {
  readonly stdout: string
  readonly report: { readonly findings: readonly { readonly oracle: string; readonly severity: string }[] }
  readonly attempts: readonly AttemptStarted[]
}

let drills = 0

/** Drills as a command of the README says, and holds it to its exit code and to what the README shows of its output. */
export async function drillAs(command: Command, { folder, fences, commands }: LanguageExample): Promise<Drilled> {
  const place = join(folder, `drill-${++drills}`)
  const [journal, report] = [`${place}.jsonl`, `${place}.json`]
  const flags = ['--journal', journal, '--report', 'terminal', '--report', `json=${report}`]
  const [words, program] = parted(command.args)
  const config = program.some(word => word.endsWith('.sh'))
    ? []
    : ['--config', await ownPort(folder, `${place}.config.yaml`)]

  const { code, stdout, stderr } = await cli([...words, ...config, ...flags, ...program], { cwd: folder })

  expect(code, `${stdout}\n${stderr}`).toBe(command.exitCode)
  const next = commands.find(({ line }) => line > command.line)?.line ?? Number.POSITIVE_INFINITY
  for (const { language, text, line } of fences)
    if (language === '' && line > command.line && line < next) expect(missingLine(text, stdout), stdout).toBe(undefined)
  const events = parseJournal(readFileSync(journal, 'utf8'))
  return {
    stdout,
    report: JSON.parse(readFileSync(report, 'utf8')),
    attempts: events.filter(event => event.type === 'attempt-started'),
  }
}

/** The words before `--`, and the rest. */
function parted(args: readonly string[]): readonly [readonly string[], readonly string[]] {
  const at = args.indexOf('--')
  return at === -1 ? [args, []] : [args.slice(0, at), args.slice(at)]
}

/** Its config with a port that is free, so that drills of one example can go on side by side. */
async function ownPort(folder: string, file: string): Promise<string> {
  const config = readFileSync(join(folder, 'blackstart.config.yaml'), 'utf8')
  const [, port = ''] = /PORT: "(\d+)"/.exec(config) ?? []
  writeFileSync(file, config.replaceAll(port, String(await freePort())))
  return file
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
