import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli, rootPath } from '../support/cli.ts'
import { junitProblems } from '../support/junit.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-ci-'))
const secret = 'hunter2-and-a-half'
const read = (...path: string[]) => readFileSync(join(folder, ...path), 'utf8')
const json = (...path: string[]) => JSON.parse(read(...path))

/** Fails in a strict scenario, whatever the client does: nobody answers while all is down. */
const outage = (id: string, more = '') => `blackstart: 1
id: ${id}
tags: [${id === 'calm' ? 'calm' : 'strict'}]
phases:
  - { name: down, for: 2m, faults: [{ surface: api, fault: overloaded }] }
  - { name: up, for: 2m }
${more}`

const strict = 'expect: [{ answers: { at_least: 100%, during: down } }]\n'

const config = `import { parts } from './parts.ts'
export default {
  client: './client.ts',
  scenarios: ['./outages'],
  workload: { users: 3, tasks: 40 },
  oracles: [parts.oracle],
  accepted: [
    { oracle: 'answers', scenario: 'known', reason: 'the gateway is to blame', owner: 'ops' },
    { oracle: 'settles', reason: 'was so once', until: '2026-01-31' },
  ],
}
`

/** Counts the runs it judges: an oracle of one's own that always has a word to say. */
const ownParts = `export const parts = {
  oracle: {
    id: 'own-word', code: 'U1', says: 'It says so.', kind: 'safety', byDefault: true, params: {},
    judge: view => ({ examined: view.tasks.length, findings: [{ severity: 'warn', phase: 'down', message: 'a word', evidence: [], advice: 'none' }] }),
  },
}
`

beforeAll(() => {
  mkdirSync(join(folder, 'outages'))
  writeFileSync(join(folder, 'blackstart.config.ts'), config)
  writeFileSync(join(folder, 'parts.ts'), ownParts)
  writeFileSync(
    join(folder, 'client.ts'),
    `import { ask } from '${join(rootPath, 'test/support/clients/ask.ts')}'
export default { name: 'app-${secret}', perform: (_app: unknown, { prompt }: { prompt: string }) => ask(prompt) }
`,
  )
  for (const [id, more] of [
    ['calm', ''],
    ['known', strict],
    ['strict', strict],
  ] as const)
    writeFileSync(join(folder, 'outages', `${id}.yaml`), outage(id, more))
})
afterAll(() => rmSync(folder, { recursive: true }))

const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  cli(['run', ...words], { cwd: folder, env: { MY_APP_TOKEN: secret, ...env } })

test('a config says what is run with what, and a finding it accepts fails nothing', async () => {
  const { code, stdout } = await run(['--out', 'report', '--jobs', '2'])

  expect(code, stdout).toBe(1)
  expect(
    stdout
      .split('\n')
      .slice(-8, -1)
      .map(line => line.replace(/ {2,}.*(?= {2})/, ' … ')),
  ).toMatchInlineSnapshot(`
    [
      "strict …   answers, own-word (warn)",
      "calm …   own-word (warn)",
      "known …   own-word (warn), answers (accepted)",
      "",
      "note: The accepted finding settles expired on 2026-01-31 and did not occur: remove it.",
      "",
      "2 passed, 1 failed (exit 1)",
    ]
  `)
  const index = json('report', 'index.json')
  expect(index).toMatchObject({ version: 1, exitCode: 1, verdict: 'fail', passed: 2, failed: 1, inconclusive: 0 })
  expect(index.runs.map((one: { scenario: string }) => one.scenario)).toEqual(['strict', 'calm', 'known'])
  expect(index.runs[2].findings).toEqual({ fail: 0, warn: 1, accepted: 1 })
  expect(index.runs[0].replay).toBe('npx blackstart run outages/strict.yaml --seed 1')
  for (const one of index.runs) {
    const journal = read('report', one.journal)
    expect(journal).not.toContain(secret)
    expect(createHash('sha256').update(journal.replaceAll('***', secret)).digest('hex')).toBe(one.journalHash)
    expect(json('report', one.report).journalHash).toBe(one.journalHash)
  }
  expect(await junitProblems(read('report', 'junit.xml'))).toEqual([])
  expect(readdirSync(join(folder, 'report')).sort()).toEqual(['index.json', 'junit.xml', 'runs', 'summary.md'])
  expect(['index.json', 'junit.xml', 'summary.md'].map(name => read('report', name)).join('')).not.toContain(secret)
})

test('side by side or one after the other, the journals are the same; what is no longer run goes', async () => {
  const before = json('report', 'index.json').runs
  const { code, stdout } = await run([
    '--tag',
    'strict',
    './outages',
    '--out',
    'report',
    '--jobs',
    '1',
    '--report',
    'json',
  ])

  expect(code).toBe(1)
  expect(JSON.parse(stdout).runs).toHaveLength(2)
  const after = json('report', 'index.json').runs
  const hashes = (runs: readonly { scenario: string; journalHash: string }[]) =>
    Object.fromEntries(runs.map(one => [one.scenario, one.journalHash]))
  expect(hashes(before)).toMatchObject(hashes(after))
  expect(readdirSync(join(folder, 'report', 'runs')).sort()).toEqual([
    'known.json',
    'known.jsonl',
    'strict.json',
    'strict.jsonl',
  ])
})

test('in GitHub Actions the log has annotations, and the step a summary', async () => {
  const summary = join(folder, 'summary.md')
  const { code, stdout } = await run(
    ['./outages/strict.yaml', '--report', 'terminal', '--report', 'github', '--report', 'junit=tests.xml'],
    { GITHUB_STEP_SUMMARY: summary, GITHUB_WORKSPACE: join(folder, '..') },
  )

  expect(code).toBe(1)
  const place = `${folder.split('/').at(-1)}/outages/strict.yaml`
  expect(stdout).toContain('FAIL (exit 1): Failed: answers.')
  expect(stdout).toContain(`::error file=${place},line=5,title=strict%3A answers in down::`)
  expect(stdout).toContain('::notice title=blackstart::0 passed, 1 failed\n')
  expect(stdout).not.toContain(secret)
  expect(read('summary.md')).toMatch(/^### blackstart: 0 passed, 1 failed\n/)
  expect(read('summary.md')).toContain('Client app-\\*\\*\\*, seed 1.')
  expect(read('tests.xml')).toContain(`file="${place}" line="5"`)
})

test('what is refused stands in every report that was asked for', async () => {
  writeFileSync(join(folder, 'broken.yaml'), outage('broken').replace('for: 2m', 'fr: 2m'))
  const { code, stdout } = await run(['./broken.yaml', '--report', 'github', '--report', 'junit=refused.xml'])

  expect(code).toBe(2)
  expect(stdout).toMatch(/^::error file=broken.yaml,line=5,title=blackstart%3A unknown-key::Unknown key "fr"/)
  expect(await junitProblems(read('refused.xml'))).toEqual([])
  expect(read('refused.xml')).toContain('errors="1"')
})

test('a folder with an old report says that nothing was run', async () => {
  const { code } = await run(['./broken.yaml', '--out', 'report'])

  expect(code).toBe(2)
  expect(json('report', 'index.json')).toMatchObject({ exitCode: 2, diagnostics: [{ code: 'unknown-key', line: 5 }] })
  expect(readdirSync(join(folder, 'report', 'runs'))).toEqual([])
  expect(read('report', 'junit.xml')).toContain('errors="1"')
})

test('a scenario of the config is run by its name alone', async () => {
  const { code, stdout } = await run(['calm', '--report', 'json'])

  expect(code, stdout).toBe(0)
  expect(JSON.parse(stdout).scenario).toMatchObject({ id: 'calm', file: 'outages/calm.yaml' })
})

test('without the config nothing of it holds', async () => {
  const { code, stdout } = await run([
    './outages/known.yaml',
    '--no-config',
    '--client',
    './client.ts',
    '--report',
    'json',
  ])

  const document = JSON.parse(stdout)
  expect(code).toBe(1)
  expect(document.findings.map((one: { oracle: string }) => one.oracle)).not.toContain('own-word')
  expect(document.replay).toBe('npx blackstart run ./outages/known.yaml --no-config --client ./client.ts --seed 1')
})

test.for([
  [['--config', 'gone.ts'], 'Failed to load config "gone.ts": there is no such file.'],
  [['--config', 'blackstart.config.ts', '--no-config'], '--config and --no-config contradict each other.'],
  [['--out', 'client.ts'], `--out client.ts: this is a file.`],
  [['--report', 'github=x.txt'], '--report github=x.txt: annotations are read from the log.'],
  [['--report', 'json', '--report', 'github'], 'Two reports cannot share stdout.'],
] as const)('%j is refused: %s', async ([words, says]) => {
  const { code, stderr } = await run(['./outages/calm.yaml', ...words])

  expect(code).toBe(2)
  expect(stderr).toContain(says)
})

test('check knows the oracles of the config', async () => {
  writeFileSync(join(folder, 'own.yaml'), outage('own', 'expect: [own-word]\n'))

  expect((await cli(['check', 'own.yaml'], { cwd: folder })).code).toBe(0)
  expect((await cli(['check', 'own.yaml', '--no-config'], { cwd: folder })).code).toBe(2)
})
