import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const small = './test/support/scenarios/small.yaml'
const plain = './test/support/clients/plain.ts'
const folder = mkdtempSync(join(tmpdir(), 'blackstart-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const hash = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

test('a run prints its report on stdout and what the client prints on stderr', async () => {
  const { code, stdout, stderr } = await cli(['run', small, '--client', plain])

  expect(code).toBe(0)
  expect(stdout).toMatch(/^Down for two minutes \(small\)\nclient plain, seed 1, engine msw, simulated /)
  expect(stdout).toContain('PASS (exit 0)')
  expect(stdout).toContain(`replay: npx blackstart run ${small} --client ${plain} --seed 1`)
  expect(stdout).not.toContain('asked\n')
  expect(stdout).not.toContain('\u001b')
  expect(
    stderr
      .trim()
      .split('\n')
      .every(line => line === 'asked'),
  ).toBe(true)
})

test('the JSON of a real run has exactly the documented keys, and the journal has its hash', async () => {
  const journal = join(folder, 'small.jsonl')
  const { code, stdout } = await cli(['run', small, '--client', plain, '--report', 'json', '--journal', journal])

  const document = JSON.parse(stdout)
  expect(code).toBe(document.exitCode)
  expect(Object.keys(document)).toEqual([
    'version',
    'verdict',
    'exitCode',
    'reason',
    'scenario',
    'client',
    'seed',
    'engine',
    'realIo',
    'simulatedMs',
    'wallMs',
    'journalHash',
    'tasks',
    'calls',
    'attempts',
    'phases',
    'faults',
    'oracles',
    'findings',
    'notices',
    'replay',
  ])
  expect(document.faults[0]).toEqual({
    id: 'overloaded',
    line: 7,
    status: 'landed',
    eligible: expect.any(Number),
    hits: expect.any(Number),
    phase: 'down',
    entry: 'phases[0].faults[0]',
  })
  expect(Object.keys(document.oracles[0])).toEqual(['id', 'status', 'examined', 'findings'])
  expect(document.tasks.total).toBeGreaterThan(10)
  expect(document.journalHash).toBe(hash(journal))
})

test('with a supervisor or without one, two processes give the same journal', async () => {
  const [one, two] = [join(folder, 'one.jsonl'), join(folder, 'two.jsonl')]

  await cli(['run', small, '--client', plain, '--seed', '9', '--journal', one])
  await cli(['run', small, '--client', plain, '--seed', '9', '--journal', two], {
    env: { BLACKSTART_NO_SUPERVISOR: '1' },
  })

  expect(hash(one)).toBe(hash(two))
})

test('several scenarios run in order and end in one table', async () => {
  const { code, stdout } = await cli(['run', 'test/support/scenarios', '--client', plain])

  expect(code).toBe(0)
  expect(
    stdout
      .split('\n')
      .slice(-6)
      .map(line => line.split(/\s{2,}/).slice(0, 3)),
  ).toEqual([
    ['scenario', 'verdict', 'exit'],
    ['second', 'pass', '0'],
    ['small', 'pass', '0'],
    [''],
    ['2 passed, 0 failed (exit 0)'],
    [''],
  ])
})

test('several scenarios share one JSON document, and each has a journal of its own', async () => {
  const journal = join(folder, 'out.jsonl')
  const report = join(folder, 'out.json')
  const args = ['run', small, './test/support/scenarios/second.yaml', '--client', plain]

  const { stdout, stderr } = await cli([...args, '--report', `json=${report}`, '--journal', journal])

  const { runs, ...rest } = JSON.parse(readFileSync(report, 'utf8'))
  expect(rest).toEqual({ version: 1, exitCode: 0, verdict: 'pass' })
  expect(runs.map((run: { scenario: { id: string } }) => run.scenario.id)).toEqual(['small', 'second'])
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['out.small.jsonl', 'out.second.jsonl']))
  expect(hash(join(folder, 'out.second.jsonl'))).toBe(runs[1].journalHash)
  expect(stdout).toBe('')
  expect(stderr).toContain('small: pass (exit 0)')
})

test('a second scenario of a command runs as it does alone', async () => {
  const { stdout: both } = await cli(['run', 'test/support/scenarios', '--client', plain, '--report', 'json'])
  const { stdout: alone } = await cli(['run', small, '--client', plain, '--report', 'json'])

  expect(JSON.parse(both).runs[1].journalHash).toBe(JSON.parse(alone).journalHash)
})

test('--tag picks among what is named', async () => {
  const { stdout } = await cli([
    'run',
    'test/support/scenarios',
    '--tag',
    'half',
    '--client',
    plain,
    '--report',
    'json',
  ])

  expect(JSON.parse(stdout).scenario.id).toBe('second')
})

test('--duration shrinks the outage and warns where a phase gets too short', async () => {
  const { stdout, stderr } = await cli(['run', small, '--client', plain, '--duration', '20s', '--report', 'json'])

  expect(JSON.parse(stdout).scenario.id).toBe('small')
  expect(stderr).toContain('blackstart: with --duration 20s, down lasts 8s in small;')
})

test('--task tells one task instead of the report', async () => {
  const { stdout: report } = await cli(['run', small, '--client', plain, '--report', 'json'])
  const tasks = JSON.parse(report).tasks.total
  const { stdout, code } = await cli(['run', small, '--client', plain, '--task', 'a40'])

  expect(tasks).toBeGreaterThan(0)
  expect(code).toBe(0)
  expect(stdout).toMatch(/^t\d+: question \S+, asked by user/)
  expect(stdout).toMatch(/attempt a40, no\. 1, in (down|up): /)
  expect(stdout).toMatch(/settled (failed|ok) in (down|up), /)
})

test('a task that is not there is said to be missing', async () => {
  const { stderr, code } = await cli(['run', small, '--client', plain, '--task', 't99999'])

  expect(code).toBe(2)
  expect(stderr).toMatch(/There is no task "t99999" after the warm-up of this run\.\n {2}Its tasks are t\d+ to t\d+\./)
})

test('an invalid scenario runs nothing and lists every problem', async () => {
  const file = 'fixtures/invalid/mix-above-100.yaml'
  const { code, stdout, stderr } = await cli(['run', small, `./${file}`, '--client', plain, '--report', 'json'])

  expect(code).toBe(2)
  expect(JSON.parse(stdout).diagnostics[0]).toMatchObject({ file, line: 7, column: 30, code: 'mix-above-one' })
  expect(stderr).toContain(`${file}:7:30: error: `)
})

test('BLACKSTART_DISABLED=1 refuses to run anything', async () => {
  const { code, stderr } = await cli(['run', small, '--client', plain], { env: { BLACKSTART_DISABLED: '1' } })

  expect(code).toBe(2)
  expect(stderr).toContain('BLACKSTART_DISABLED=1')
})
