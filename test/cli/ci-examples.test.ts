import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readReports } from '../../src/cli/run/targets.ts'
import { rootPath } from '../support/cli.ts'

const read = (path: string) => parse(readFileSync(join(rootPath, 'examples', path), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'blackstart-examples-'))
afterAll(() => rmSync(folder, { recursive: true }))

// Says what it was called with, a word a line, and ends as it is told to.
for (const name of ['npx', 'npm']) {
  writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' ${name} "$@" >> "$CALLS"\nexit "\${EXIT:-0}"\n`)
  chmodSync(join(folder, name), 0o755)
}

/** Runs the shell lines of a step as a runner does, with stand-ins for npm and npx. */
function shell(
  script: string,
  env: Readonly<Record<string, string>>,
): { code: number | null; words: readonly string[] } {
  const calls = join(folder, 'calls')
  writeFileSync(calls, '')
  const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { PATH: `${folder}${delimiter}${process.env['PATH']}`, CALLS: calls, ...env },
  })
  return { code: status, words: readFileSync(calls, 'utf8').split('\n').slice(0, -1) }
}

const action = read('github-action/action.yml')
const [runStep, keepStep] = action.runs.steps

/** What the action hands to its script: each input by its variable, with the defaults of the rest. */
function inputs(given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries<string>(runStep.env).map(([name, expression]) => {
      const input = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(expression)?.[1] ?? ''
      expect(action.inputs).toHaveProperty(input)
      return [name, given[input] ?? action.inputs[input].default]
    }),
  )
}

const always = ['--report', 'terminal', '--report', 'github', '--out', 'blackstart-report']

test.for([
  [{}, []],
  [{ scenarios: 'global-down ./outages\nflapping' }, ['global-down', './outages', 'flapping']],
  [{ tags: 'ci, agents' }, ['--tag', 'ci', '--tag', 'agents']],
  [
    { client: './a client.ts', config: 'b.ts', jobs: '2' },
    ['--client', './a client.ts', '--config', 'b.ts', '--jobs', '2'],
  ],
  [{ scenarios: '*', client: '$(touch pwned); `id`' }, ['*', '--client', '$(touch pwned); `id`']],
] as const)('the action with %j runs with %j', ([given, words]) => {
  const ran = shell(runStep.run, inputs(given))

  expect(ran).toEqual({ code: 0, words: ['npx', '--no-install', 'blackstart', 'run', ...words, ...always] })
})

test('the exit code of the run is that of the step, and the report is kept all the same', () => {
  expect(shell(runStep.run, { ...inputs({}), EXIT: '6' }).code).toBe(6)
  expect(keepStep).toMatchObject({ if: 'always()', uses: 'actions/upload-artifact@v4' })
  expect(runStep.run).not.toContain('${{')
})

test('the workflow gives the action inputs that it has', () => {
  const { jobs } = read('github-action/.github/workflows/outages.yml')
  const step = jobs.outages.steps.at(-1)

  expect(step.uses).toBe('./.github/actions/blackstart')
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)))
})

test('the GitLab job runs, and hands over the JUnit file that --out writes', () => {
  const { outages } = read('gitlab/.gitlab-ci.yml')
  const { code, words } = shell(outages.script.join('\n'), outages.variables)

  expect(code).toBe(0)
  expect(words.slice(words.indexOf('npx'))).toEqual([
    'npx',
    '--no-install',
    'blackstart',
    'run',
    '--tag',
    'ci',
    '--report',
    'terminal',
    '--out',
    'blackstart-report',
  ])
  expect(outages.artifacts.reports.junit).toBe('$REPORT/junit.xml')
})

test('the reports of the action can share a log', () => {
  expect(readReports(['terminal', 'github']).map(({ kind }) => kind)).toEqual(['terminal', 'github'])
})
