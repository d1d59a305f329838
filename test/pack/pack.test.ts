import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { junitProblems } from '../support/junit.ts'
import { annotationsIn } from '../support/vitest.ts'
import * as shell from './shell.ts'

const root = resolve(import.meta.dirname, '../..')
const minutes = 60_000
const work = mkdtempSync(join(tmpdir(), 'blackstart-pack-'))

interface Packed {
  readonly filename: string
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

/** A folder with nothing but a Node that is new enough, for who has one where the system's is not. */
const newNode = join(work, 'new-node')
mkdirSync(newNode)
symlinkSync(process.execPath, join(newNode, process.platform === 'win32' ? 'node.exe' : 'node'))
/** Where somebody has an old Node, and a new one among the packages of the project. */
const onOldNode = join(work, 'nothing-but-the-sdk')

const firstIn = (cwd: string) => (cwd === onOldNode ? undefined : newNode)
const run = (command: string, args: readonly string[], cwd: string) => shell.run(command, args, cwd, firstIn(cwd))
const mustRun = (command: string, args: readonly string[], cwd: string) =>
  shell.mustRun(command, args, cwd, firstIn(cwd))

let packed: Packed
let tarball: string
let nodeOfSystem: string

interface Neighbours {
  readonly name: string
  readonly packages: readonly string[]
  /** Consumer tests of `test/pack/consumer/` that it runs, with its own vitest. */
  readonly tests?: readonly string[]
  /** The major of the msw that the folder sees; blackstart's own is 3 in each. */
  readonly msw: number
}

const everywhere: readonly Neighbours[] = [
  { name: 'nothing but the SDK', packages: [], msw: 3 },
  { name: 'msw 2 and vitest 3', packages: ['msw@2', 'vitest@3'], tests: ['simulate', 'outage', 'own-server'], msw: 2 },
  { name: 'msw 3 and vitest 4', packages: ['msw@3', 'vitest@4'], tests: ['simulate', 'outage', 'own-server'], msw: 3 },
  { name: 'vitest 5', packages: ['vitest@5'], tests: ['simulate', 'outage'], msw: 3 },
]

/** Where `.ci/run` has packed already, with what npm told of it; else it is packed here. */
const packedIn = process.env['BLACKSTART_PACKED']

// It packs and installs for real, with the registry: `npm run test:pack`, and `.ci/run`.
describe.skipIf(process.env['BLACKSTART_PACK'] !== '1').concurrent('the tarball', () => {
  beforeAll(async () => {
    const told = packedIn === undefined ? await pack() : readFileSync(join(packedIn, 'packed.json'), 'utf8')
    const [first] = JSON.parse(told) as Packed[]
    if (!first) throw new Error(`npm pack told of no tarball: ${told}`)
    packed = first
    tarball = join(packedIn ?? work, packed.filename)
    nodeOfSystem = (await shell.mustRun('node', ['--version'], work)).stdout.trim()
  }, 3 * minutes)

  afterAll(() => rm(work, { recursive: true, force: true }), 3 * minutes)

  test('holds what a user needs and nothing else', () => {
    const paths = packed.files.map(({ path }) => path)
    const kinds = new Set(paths.map(path => path.replace(/^(bin|dist|scenarios)\/.*?(\.d\.ts|\.\w+)$/, '$1/*$2')))

    console.info(`${packed.filename}: ${Math.round(packed.size / 1024)} KB, ${paths.length} files`)
    expect([...kinds].toSorted()).toEqual([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'bin/*.js',
      'dist/*.css',
      'dist/*.d.ts',
      'dist/*.html',
      'dist/*.js',
      'dist/*.txt',
      'examples/game-day/README.md',
      'examples/game-day/claude-2026-03-02.yaml',
      'package.json',
      'scenario.schema.json',
      'scenarios/*.yaml',
    ])
    expect(paths).toContain('dist/index.d.ts')
    expect(paths.filter(path => path.startsWith('dist/console/page/')).toSorted()).toEqual(
      ['index.html', 'licences.txt', 'page.css', 'page.js'].map(name => `dist/console/page/${name}`),
    )
    expect(packed.size).toBeLessThan(1024 * 1024)
  })

  test('is in order for those who import it, says publint', async () => {
    const { stdout } = await mustRun(process.execPath, [join(root, 'node_modules/publint/src/cli.js'), tarball], root)

    expect(stdout).toContain('All good!')
  })

  test('alone in a folder it names what the shipped client lacks', { timeout: 10 * minutes }, async () => {
    const folder = await install('alone', [])

    const { code, stderr } = await run('npx', ['blackstart', 'run', 'global-down'], folder)

    expect(code).toBe(2)
    expect(stderr).toContain('npm install @anthropic-ai/sdk')
  })

  test('drills a program that takes its time from the drill', { timeout: 10 * minutes }, async () => {
    const folder = await install('drill', [])
    cpSync(join(import.meta.dirname, 'consumer', 'asks-on.mjs'), join(folder, 'asks-on.mjs'))

    const { stdout, stderr } = await run(
      'npx',
      [
        ...['blackstart', 'drill', 'global-down', '--speed', '200', '--healed', '1m', '--report', 'json'],
        ...['--', 'node', '--import', 'blackstart/clock', 'asks-on.mjs'],
      ],
      folder,
    )

    const report = JSON.parse(stdout)
    expect(report, stderr).toMatchObject({ engine: 'loopback', scenario: { id: 'global-down' } })
    expect(report.faults.map(({ status }: { status: string }) => status)).toEqual(['landed', 'landed'])
    expect(stdout).not.toContain('not judged at this speed')
  })

  test.for(everywhere)('runs beside $name', { timeout: 10 * minutes }, async ({ name, packages, tests = [], msw }) => {
    const compiler = tests.includes('outage') ? ['typescript@5', '@types/node@22'] : []
    const folder = await install(name, ['@anthropic-ai/sdk', ...packages, ...compiler])

    const { code, stdout, stderr } = await run('npx', ['blackstart', 'run', 'global-down', '--report', 'json'], folder)

    expect(code, stderr).toBe(1)
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({ version: 1, verdict: 'fail', scenario: { id: 'global-down' }, engine: 'msw' })
    expect(report.findings.map((finding: { oracle: string }) => finding.oracle)).toContain('settles')

    expect(majorsOf('msw', folder)).toEqual({ app: msw, blackstart: 3 })
    for (const file of tests) {
      cpSync(join(import.meta.dirname, 'consumer', `${file}.ts`), join(folder, `${file}.test.ts`))
      const ran = await run(
        'npx',
        ['vitest', 'run', '--reporter=json', '--outputFile=out.json', `${file}.test.ts`],
        folder,
      )
      expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0)
      const report = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))
      expect(report).toMatchObject({ numFailedTests: 0, numPassedTests: expect.toSatisfy(n => n > 0) })
    }
    if (compiler.length > 0) await compiles(folder, 'outage.test.ts')
  })

  test('its types hold under a strict compiler that checks libraries too', { timeout: 10 * minutes }, async () => {
    const folder = await install('types', ['@anthropic-ai/sdk', 'typescript@5', '@types/node@22'])
    cpSync(join(import.meta.dirname, 'consumer', 'client.ts'), join(folder, 'client.ts'))
    await compiles(folder, 'client.ts', { skipLibCheck: false })

    const ran = await run(
      'npx',
      ['blackstart', 'run', 'flapping', '--client', './client.ts', '--report', 'json'],
      folder,
    )
    expect(JSON.parse(ran.stdout), ran.stderr).toMatchObject({
      scenario: { id: 'flapping' },
      tasks: { total: expect.any(Number) },
    })
  })

  describe('examples', () => {
    test('vitest: all pass, the demo fails as it should, and CI can read both', { timeout: 10 * minutes }, async () => {
      const folder = await example('vitest')
      await mustRun('npx', ['tsc', '--noEmit'], folder)

      const good = await vitestIn(folder, [])
      const bad = await vitestIn(folder, ['--config', 'vitest.demo.config.ts'])

      expect(good.code, good.stdout).toBe(0)
      expect(good.report).toMatchObject({ numFailedTests: 0, numPassedTests: 8 })
      expect(await junitProblems(good.junit)).toEqual([])
      expect(good.junit).toContain('<property name="blackstart" value="chat-before-api, seed 1">')
      expect(annotationsIn(good.stdout).filter(({ level }) => level === 'error')).toEqual([])
      expect(bad.code).toBe(1)
      expect(bad.report).toMatchObject({ numFailedTests: 1, numPassedTests: 1 })
      expect(await junitProblems(bad.junit)).toEqual([])
      expect(bad.junit).toMatch(/<failure message="without-a-deadline did not survive global-down \(seed 1\)/)
      const errors = annotationsIn(bad.stdout).filter(({ level }) => level === 'error')
      expect(errors).toMatchObject([{ file: expect.stringMatching(/demo\/as-it-should\.test\.ts$/) }])
      expect(errors[0]?.says).toContain('✗ settles (fail, in blackout)')
    })

    test.for(['jest', 'node-test'])('%s: all pass', { timeout: 10 * minutes }, async name => {
      const { stdout, stderr } = await mustRun('npm', ['test'], await example(name))

      expect(stdout + stderr).toMatch(/Tests: +4 passed|pass 4/)
    })
  })
})

async function pack(): Promise<string> {
  const { stdout } = await mustRun('npm', ['pack', '--json', '--pack-destination', work], root)
  return stdout
}

/** Its tests, with the reporters of CI. */
async function vitestIn(folder: string, args: readonly string[]) {
  const reporters = ['junit', 'json', 'github-actions'].map(name => `--reporter=${name}`)
  const files = ['--outputFile.junit=out.xml', '--outputFile.json=out.json']
  const { code, stdout } = await run('npx', ['vitest', 'run', ...reporters, ...files, ...args], folder)
  const [junit, report] = ['out.xml', 'out.json'].map(name => readFileSync(join(folder, name), 'utf8'))
  return { code, stdout, junit: junit ?? '', report: JSON.parse(report ?? '') }
}

/** A file of the folder under a strict compiler. */
async function compiles(folder: string, file: string, { skipLibCheck = true } = {}): Promise<void> {
  const compilerOptions = {
    strict: true,
    module: 'nodenext',
    target: 'es2022',
    types: ['node'],
    skipLibCheck,
    noEmit: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
  const { code, stdout } = await run('npx', ['tsc', '-p', '.'], folder)
  expect(stdout).toBe('')
  expect(code).toBe(0)
}

/** A new project with the tarball and what stands beside it; its folder. */
async function install(name: string, packages: readonly string[]): Promise<string> {
  const folder = join(work, slug(name))
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: slug(name), private: true, type: 'module' }))
  await installIn(folder, packages)
  return folder
}

/** One of `examples/`, as a user has it; its folder. */
async function example(name: string): Promise<string> {
  const folder = join(work, `example-${name}`)
  cpSync(join(root, 'examples', name), folder, { recursive: true, filter: path => !path.includes('node_modules') })
  await installIn(folder, [])
  return folder
}

async function installIn(folder: string, packages: readonly string[]): Promise<void> {
  const node = folder === onOldNode && isOldEnoughToNeedAnother(nodeOfSystem) ? ['node@24'] : []
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error']
  // By the system's own Node, which knows whom this machine trusts.
  await shell.mustRun('npm', ['install', ...flags, tarball, ...packages, ...node], folder)
}

function isOldEnoughToNeedAnother(version: string): boolean {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const [needed = [], found = []] = [engines.node, version].map(text => String(text).match(/\d+/g)?.map(Number))
  const [major = 0, minor = 0] = found
  return major < (needed[0] ?? 0) || (major === needed[0] && minor < (needed[1] ?? 0))
}

/** Which major of a package the app gets, and which blackstart gets. */
function majorsOf(name: string, folder: string): { app: number; blackstart: number } {
  const majorFrom = (place: string) => {
    const main = createRequire(join(place, 'x.js')).resolve(name)
    const manifest = join(
      main.slice(0, main.lastIndexOf(join('node_modules', name))),
      'node_modules',
      name,
      'package.json',
    )
    return Number.parseInt(JSON.parse(readFileSync(manifest, 'utf8')).version, 10)
  }
  return { app: majorFrom(folder), blackstart: majorFrom(join(folder, 'node_modules', 'blackstart')) }
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/\W+/g, '-')
}
