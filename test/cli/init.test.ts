import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { cli, rootPath } from '../support/cli.ts'
import { node } from '../support/node.ts'

// Inside the checkout, so that the SDKs are found.
const home = join(rootPath, '.cache', 'init')
mkdirSync(home, { recursive: true })
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function project(packages: readonly string[], files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(home, 'project-'))
  folders.push(folder)
  mkdirSync(join(folder, '.git'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(rootPath, join(folder, 'node_modules', 'blackstart'))
  const dependencies = Object.fromEntries(packages.map(name => [name, '*']))
  const all = { 'package.json': JSON.stringify({ name: 'app', type: 'module', dependencies }), ...files }
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

// Half of them a day: each takes a run of its own.
const day = Math.floor(Date.now() / 86_400_000)
const projects = (
  [
    [['@anthropic-ai/sdk'], [], 'anthropic', 'new Anthropic('],
    [['openai', '@anthropic-ai/sdk'], ['--provider', 'openai'], 'openai', 'new OpenAI('],
    [['ai', '@ai-sdk/google', '@google/genai'], [], 'gemini', 'createGoogleGenerativeAI()'],
    [['@langchain/openai', 'openai'], [], 'openai', 'new ChatOpenAI('],
    [[], [], 'anthropic', '/v1/messages'],
  ] as const
).filter((_, i) => (i + day) % 2 === 0)

test.for(projects)('%j with %j runs green for %s', { timeout: 60_000 }, async ([packages, flags, provider, code]) => {
  const cwd = project(packages)

  const written = await cli(['init', '--yes', ...flags], { cwd })
  const ran = await cli(['run', '--report', 'json'], { cwd })

  expect(written.code, written.stderr).toBe(0)
  expect(readFileSync(join(cwd, 'blackstart/client.ts'), 'utf8')).toContain(code)
  expect(readFileSync(join(cwd, 'blackstart/outages/first-outage.yaml'), 'utf8')).toContain(`provider: ${provider}\n`)
  expect(ran.code, ran.stdout).toBe(0)
})

test('what is written compiles, and its Vitest test passes', { timeout: 120_000 }, async () => {
  const compilerOptions = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, skipLibCheck: true }
  const tsconfig = { compilerOptions: { ...compilerOptions, types: ['node'] }, include: ['blackstart', '*.ts'] }
  const cwd = project(['openai'], { 'tsconfig.json': JSON.stringify(tsconfig) })
  await cli(['init', '--yes'], { cwd })

  const compiled = await node([join(rootPath, 'node_modules/typescript/bin/tsc'), '-p', '.'], cwd)
  const tested = await node([join(rootPath, 'node_modules/vitest/vitest.mjs'), 'run', '--root', '.'], cwd)

  expect(compiled.output).toBe('')
  expect(tested.code, tested.output).toBe(0)
})

test('it guesses the CI, and says that nobody was asked', async () => {
  const cwd = project(['openai'], { '.github/dependabot.yml': '' })

  const { stdout, stderr } = await cli(['init'], { cwd })

  expect(stdout).toBe(
    [
      'wrote     blackstart/client.ts',
      'wrote     blackstart/outages/first-outage.yaml',
      'wrote     blackstart.config.ts',
      'wrote     blackstart/outage.test.ts',
      'wrote     .github/workflows/blackstart.yml',
      '',
    ].join('\n'),
  )
  expect(stderr).toBe(`blackstart: nobody can be asked here, so the defaults are taken; --help lists the flags.
blackstart: for openai, with openai, as package.json says.
next:
  npm install --save-dev blackstart vitest
  npx blackstart doctor
  npx blackstart run
  npx vitest run blackstart
`)
  const workflow = parse(readFileSync(join(cwd, '.github/workflows/blackstart.yml'), 'utf8'))
  expect(workflow.jobs.outages.steps.map((step: { run?: string }) => step.run)).toContain(
    'npx blackstart run --report terminal --report github --out blackstart-report',
  )
})

test('what is there is kept; --force overwrites all but a client module of one’s own', async () => {
  const own = 'export default { perform: () => "mine" }\n'
  const cwd = project(['openai'], {
    'src/client.ts': own,
    'blackstart.config.ts': '// mine',
    '.gitlab-ci.yml': '# mine',
  })
  const words = ['init', '--client', 'src/client.ts', '--ci', 'gitlab', '--yes']

  const first = await cli(words, { cwd })

  expect(first.stdout).toContain('kept      blackstart.config.ts\n')
  expect(first.stderr).toContain("Add to .gitlab-ci.yml: include: [{ local: '.gitlab/blackstart.yml' }]")
  expect(readFileSync(join(cwd, 'blackstart.config.ts'), 'utf8')).toBe('// mine')

  const second = await cli([...words, '--force'], { cwd })

  expect(second.stdout).toContain('overwrote blackstart.config.ts\n')
  expect(readFileSync(join(cwd, 'src/client.ts'), 'utf8')).toBe(own)
  expect(readFileSync(join(cwd, '.gitlab-ci.yml'), 'utf8')).toBe('# mine')
  expect(readFileSync(join(cwd, 'blackstart.config.ts'), 'utf8')).toContain("client: './src/client.ts'")
  expect(readFileSync(join(cwd, 'blackstart/outage.test.ts'), 'utf8')).toContain("from '../src/client.js'")
  expect(parse(readFileSync(join(cwd, '.gitlab/blackstart.yml'), 'utf8')).outages.artifacts.reports).toEqual({
    junit: 'blackstart-report/junit.xml',
  })
  expect(existsSync(join(cwd, 'blackstart/client.ts'))).toBe(false)
})

test.for([
  [
    ['--provider', 'antropic'],
    '--provider antropic: expected anthropic, openai, gemini, bedrock, vertex.',
    'Did you mean anthropic?',
  ],
  [['--ci', 'jenkins'], '--ci jenkins: expected github, gitlab, none.', ''],
  [['--client', '../client.ts'], '--client ../client.ts: this is outside of the project.', ''],
  [['--client', 'client'], '--client client: expected a module.', 'blackstart/client.ts'],
  [['here'], 'init takes no words, but "here" was given.', ''],
] as const)('%j is refused, and nothing is written', async ([words, says, hint]) => {
  const cwd = project([])

  const { code, stderr } = await cli(['init', ...words], { cwd })

  expect(code).toBe(2)
  expect(stderr).toContain(says)
  expect(stderr).toContain(hint)
  expect(existsSync(join(cwd, 'blackstart.config.ts'))).toBe(false)
})
