import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a run of sample tests came to. */
export interface SampleRun {
  /** By the test's name: its state and what it failed with. */
  readonly tests: ReadonlyMap<string, { readonly status: string; readonly says: string }>
  readonly junit: string
  readonly stdout: string
}

interface JsonReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** Runs a file of sample tests with Vitest as a user would, in a process of its own. */
export async function runSamples(file: string, args: readonly string[] = []): Promise<SampleRun> {
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-samples-'))
  const [json, xml] = [join(folder, 'out.json'), join(folder, 'out.xml')]
  const reporters = ['json', 'junit', 'github-actions'].map(name => `--reporter=${name}`)
  const files = [`--outputFile.json=${json}`, `--outputFile.junit=${xml}`]
  try {
    const stdout = await start(['run', '--mode', 'samples', ...reporters, ...files, ...args, file])
    const { testResults } = JSON.parse(readFileSync(json, 'utf8')) as JsonReport
    const tests = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .map(({ fullName, status, failureMessages }) => [fullName, { status, says: failureMessages.join('\n') }] as const)
    return { tests: new Map(tests), junit: readFileSync(xml, 'utf8'), stdout }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function start(args: readonly string[]): Promise<string> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST$|GITHUB_)/.test(name)),
  )
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const parts: string[] = []
    child.stdout.setEncoding('utf8').on('data', part => parts.push(part))
    child.on('error', reject)
    child.on('close', () => resolve(parts.join('')))
  })
}

/** A line by which GitHub Actions annotates a place in the code. */
export interface Annotation {
  readonly level: string
  readonly file: string
  readonly line: number
  readonly title: string
  readonly says: string
}

/** The annotations in what a job printed. Throws for a line that GitHub would show as it is. */
export function annotationsIn(output: string): readonly Annotation[] {
  return output
    .split('\n')
    .filter(line => line.startsWith('::'))
    .map(line => {
      const [, level, list, says] =
        /^::(notice|warning|error) ((?:\w+=[^,:]*(?:,(?=\w+=)|(?=::)))+)::(.+)$/.exec(line) ?? []
      if (level === undefined || list === undefined || says === undefined) throw new Error(`no annotation: ${line}`)
      const fields = new Map(list.split(/,(?=\w+=)/).map(field => [field.split('=')[0], field.replace(/^\w+=/, '')]))
      const [file = '', title = ''] = [fields.get('file'), fields.get('title')]
      return { level, file, title, line: Number(fields.get('line')), says }
    })
}
