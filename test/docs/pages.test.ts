import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anchorsOf, fencesOf, linksOf } from '../support/markdown.ts'
import { commandsOf, missingLine, namedFilesOf, scenariosOf, typescriptOf } from '../support/snippets.ts'

const root = resolve(import.meta.dirname, '../..')
const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inDocs()]

/** The pages that a newcomer reads first are run every day, a third of the others; `DOCS_FULL=1` runs all. */
const first = ['README.md', 'docs/vitest.md']
const day = Math.floor(Date.now() / 86_400_000)
const isDue = (name: string) =>
  process.env['DOCS_FULL'] === '1' || first.includes(name) || (pages.indexOf(name) + day) % 3 === 0

describe.each(pages)('%s', name => {
  const page = readFileSync(join(root, name), 'utf8')
  const fences = fencesOf(page)
  const modules = typescriptOf(fences)
  const tests = modules.filter(({ file }) => file.endsWith('.test.ts'))
  const commands = commandsOf(fences)
  const clients = modules.filter(({ text }) => text.includes('export default defineIntegration'))
  const unused = clients.filter(({ file }) => !commands.some(({ args }) => args.includes(`./${file}`)))
  const samples = fences.filter(({ language }) => language === '')

  // Inside the checkout, so that packages and the compiler's settings are found.
  const folder = join(root, '.cache', 'pages', name.replaceAll('/', '-'))
  const outputs: string[] = []

  beforeAll(() => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const files = [...modules, ...scenariosOf(fences), ...namedFilesOf(fences)]
    for (const { file, text } of files) writeFileSync(join(folder, file), text)
    const tsconfig = { extends: relative(folder, join(root, 'tsconfig.json')), include: ['*.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
  })

  test('links lead somewhere', () => {
    const broken = linksOf(page).filter(({ target }) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? join(root, name) : resolve(root, dirname(name), path)
      if (!existsSync(file)) return true
      return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor)
    })

    expect(broken).toEqual([])
  })

  if (modules.length > 0)
    test('its TypeScript compiles', { timeout: 60_000 }, async () => {
      const { code, output } = await node(['node_modules/typescript/bin/tsc', '-p', folder], root)

      expect(code, output).toBe(0)
    })

  const scenarios = scenariosOf(fences)
  if (scenarios.length > 0)
    test('its scenarios are valid', async () => {
      const { code, output } = await blackstart(['check', ...scenarios.map(({ file }) => file)])

      expect(code, output).toBe(0)
    })

  test.skipIf(!isDue(name)).for(commands)(
    'line $line: blackstart $args exits $exitCode',
    { timeout: 120_000 },
    async ({ args, exitCode }) => {
      const { code, output, stdout } = await blackstart(args)
      outputs.push(stdout)

      expect(code, output).toBe(exitCode)
    },
  )

  test.skipIf(!isDue(name)).for(unused)(
    'the client on line $line gets through an outage',
    { timeout: 60_000 },
    async ({ file }) => {
      const { code, output } = await blackstart(['run', 'global-down', '--client', `./${file}`])

      expect([0, 1], output).toContain(code)
    },
  )

  test.skipIf(!isDue(name)).for(tests)('the test on line $line passes', { timeout: 120_000 }, async ({ file }) => {
    const { code, output } = await node(
      ['node_modules/vitest/vitest.mjs', 'run', '--mode', 'pages', join(folder, file)],
      root,
    )

    expect(code, output).toBe(0)
  })

  // After the commands, as it reads what they printed.
  test.skipIf(!isDue(name)).for(samples)(
    'the output on line $line is what a command above it or below prints',
    ({ text, line }) => {
      const missing = outputs.map(output => missingLine(text, output))
      const wanted = new Set(missing.filter(found => found !== undefined))

      expect(
        missing,
        `no command of ${name} prints the block on line ${line}; lacking:\n${[...wanted].join('\n')}`,
      ).toContain(undefined)
    },
  )

  function blackstart(args: readonly string[]) {
    return node([join(root, 'bin/blackstart.js'), ...args], folder)
  }
})

afterAll(() => rmSync(join(root, '.cache', 'pages'), { recursive: true, force: true }))

interface Done {
  readonly code: number | null
  readonly stdout: string
  /** Both streams. */
  readonly output: string
}

function node(args: readonly string[], cwd: string): Promise<Done> {
  return new Promise((done, reject) => {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_ENV|TEST$)/.test(name)),
    )
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [stdout, output] = ['', '']
    child.stdout.setEncoding('utf8').on('data', chunk => {
      stdout += chunk
      output += chunk
    })
    child.stderr.setEncoding('utf8').on('data', chunk => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', code => done({ code, stdout, output }))
  })
}

function inDocs(): string[] {
  return readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.md'))
    .toSorted()
    .map(file => `docs/${file.replaceAll('\\', '/')}`)
}
