import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readArguments } from '../../src/cli/args.ts'
import { report } from '../../src/cli/commands/report.ts'
import { missingFinding } from '../../src/cli/report/found-journal.ts'
import { cli } from '../support/cli.ts'
import { elements, parsePage } from '../support/page.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-report-'))
afterAll(() => rmSync(folder, { recursive: true }))

const scenario = `blackstart: 1
id: hanging
title: Requests that hang
workload: { users: 10, think: 20s }
phases:
  - { name: hang, for: 2m, faults: [{ surface: api, fault: black-hole, share: 50% }] }
  - { name: clear, for: 1m }
expect:
  - settles: { within: 30s }
`

const blackstart = (...args: readonly string[]) => cli(args, { cwd: folder })
const path = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(path(name), 'utf8')

beforeAll(async () => {
  writeFileSync(path('hanging.yaml'), scenario)
  const { code } = await blackstart('run', './hanging.yaml', '--journal', 'out.jsonl')
  expect(code).toBe(1)
}, 60_000)

test('a journal is told in brief: its findings by number, and its verdict', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await blackstart('report', 'out.jsonl')

  expect(code).toBe(0)
  expect(stdout).toMatch(/^Requests that hang \(hanging\)\nclient bare-sdk, seed 1, engine msw, /)
  expect(stdout).toMatch(/^ 1\. settles \(fail, in hang\)\n {4}\d+ of \d+ tasks were not settled within 30s; /m)
  expect(stdout).toMatch(/FAIL: Failed: settles\.\n$/)
  expect(stderr).toBe('--html FILE makes a page of it, --finding N --as scenario a test.\n')
})

test('a page and Markdown are written, and nothing goes to stdout', { timeout: 60_000 }, async () => {
  const { code, stdout, stderr } = await blackstart('report', 'out.jsonl', '--html', 'out.html', '--markdown', 'out.md')

  expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  expect(stderr).toMatch(/^Wrote out\.html \(\d+ KB\)\.\nWrote out\.md \(\d+ KB\)\.\n$/)
  expect(elements(parsePage(read('out.html')), 'h1').map(({ text }) => text)).toEqual(['Requests that hang'])
  const headings = (text: string) => [...text.matchAll(/^## (.+)$/gm)].map(([, name]) => name)
  expect(headings(read('out.md'))).toEqual(elements(parsePage(read('out.html')), 'h2').map(({ text }) => text))
})

test('beside the last time a report has the scorecard of both', { timeout: 60_000 }, async () => {
  const { code } = await blackstart('report', 'out.jsonl', '--last', 'out.jsonl', '--markdown', 'both.md')

  expect(code).toBe(0)
  expect(read('both.md')).toMatch(/^## Scorecard$/m)
  expect(read('both.md')).toMatch(/^\| retries per call \| .+ \| the same \|$/m)
})

test('a finding as a scenario is valid, and fails for that alone', { timeout: 120_000 }, async () => {
  const made = await blackstart('report', 'out.jsonl', '--finding', '1', '--as', 'scenario', '-o', 'settles.yaml')
  const printed = await blackstart('report', 'out.jsonl', '--finding', '1', '--as', 'scenario')
  const checked = await blackstart('check', './settles.yaml')
  const run = await blackstart('run', './settles.yaml')

  expect(made).toMatchObject({ code: 0, stdout: '', stderr: 'Wrote settles.yaml (1 KB).\n' })
  expect(printed.stdout).toBe(read('settles.yaml'))
  expect(checked.code).toBe(0)
  expect(run.code).toBe(1)
  expect(run.stdout).toContain('FAIL (exit 1): Failed: settles.')
})

test('a torn journal is reported on as far as it goes', { timeout: 60_000 }, async () => {
  const text = read('out.jsonl')
  writeFileSync(path('torn.jsonl'), text.slice(0, Math.floor(text.length / 2)))

  const { code } = await blackstart('report', 'torn.jsonl', '--markdown', 'torn.md')

  expect(code).toBe(0)
  expect(read('torn.md')).toContain('The journal has no end, so this is not the whole of it.')
})

test('values of secret variables are in no report', { timeout: 60_000 }, async () => {
  const secret = 'hunter2-<&>-"quoted"'
  const mark = JSON.stringify({ type: 'mark', t: 1_000, mark: 'detected', says: `the password is ${secret}` })
  const [first = '', ...rest] = read('out.jsonl').split('\n')
  writeFileSync(path('secret.jsonl'), [first, mark, ...rest].join('\n'))

  const { code } = await cli(['report', 'secret.jsonl', '--html', 's.html', '--markdown', 's.md'], {
    cwd: folder,
    env: { APP_PASSWORD: secret },
  })

  expect(code).toBe(0)
  for (const text of [read('s.html'), read('s.md')]) expect(text).not.toMatch(/hunter2/)
  expect(parsePage(read('s.html')).text).toContain('detected: the password is ***')
})

test('a found file that no longer fails is reported on, and that is told', { timeout: 60_000 }, async () => {
  writeFileSync(path('found.yaml'), `${scenario}found: { oracle: no-hot-loop, verdict: fail }\n`)

  const { code, stdout, stderr } = await blackstart('report', 'found.yaml', '--client', 'bare-sdk')

  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^Requests that hang \(hanging\)\nclient bare-sdk, /)
  expect(stderr).toMatch(/^It no longer fails no-hot-loop: .*It fails settles besides\.\n--html FILE/)
})

test('a report without the failure that its file was found for says why', () => {
  const told = { oracle: 'time-translation', status: 'as-expected', says: 'It still fails time-translation.' } as const

  expect(missingFinding(told, [{ oracle: 'settles' }])).toEqual([
    'It still fails time-translation. time-translation compares several runs, and a report is of one.',
  ])
  expect(missingFinding(told, [{ oracle: 'time-translation' }])).toEqual([])
})

test('thresholds and accepted findings of the config hold for a journal too', { timeout: 60_000 }, async () => {
  const config = { accepted: [{ oracle: 'settles', reason: 'we know of it', owner: 'ops' }] }
  writeFileSync(path('ours.json'), JSON.stringify(config))

  const { stdout } = await blackstart('report', 'out.jsonl', '--config', 'ours.json')

  expect(stdout).toContain('settles (accepted, in hang)')
  expect(stdout).not.toContain('FAIL')
})

test.each([
  [[], 'Name the journal to report on.'],
  [['none.jsonl'], 'Failed to read none.jsonl: there is no such file.'],
  [['.'], '. is a folder.'],
  [['hanging.yaml'], 'hanging.yaml is no journal: it is a scenario.'],
  [['out.jsonl', 'more.jsonl'], 'report reads one journal at a time.'],
  [['out.jsonl', '--html', './out.jsonl'], '--html ./out.jsonl: this is the file of the journal.'],
  [['out.jsonl', '--html', 'a', '--markdown', './a'], '--markdown ./a: this is the file of --html.'],
  [['out.jsonl', '--html', 'no/such/page.html'], '--html no/such/page.html: there is no folder no/such.'],
  [['out.jsonl', '--finding', '1'], '--finding needs to know as what.'],
  [['out.jsonl', '--as', 'scenario'], '--as needs the finding it is about.'],
  [['out.jsonl', '--finding', '1', '--as', 'test'], '--as test: a finding can be had as a scenario.'],
  [['out.jsonl', '--finding', '0', '--as', 'scenario'], '--finding 0: expected a whole number of at least 1.'],
  [['out.jsonl', '--finding', '99', '--as', 'scenario'], 'There is no finding 99 in it: it has 1 finding.'],
  [['out.jsonl', '--out', 'x.yaml'], '--out is for a scenario.'],
  [['out.jsonl', '--last', 'out.jsonl'], '--last is for a page or Markdown.'],
  [['out.jsonl', '--last', 'none.jsonl', '--html', 'a'], 'Failed to read the journal none.jsonl'],
  [['out.jsonl', '--client', 'bare-sdk'], '--client is for a found file, which is replayed.'],
] as const)('report %j is refused in words, and leaves the journal alone', async (args, message) => {
  const before = statSync(path('out.jsonl')).size
  const cwd = process.cwd()
  process.chdir(folder)
  try {
    await expect(async () => report.run(readArguments(report, args))).rejects.toThrow(
      expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) }),
    )
  } finally {
    process.chdir(cwd)
  }

  expect(statSync(path('out.jsonl')).size).toBe(before)
})
