import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const small = 'test/support/scenarios/small.yaml'

/** Command line, and what is said about it. */
const wrong: readonly [string, string][] = [
  ['rnu', 'There is no command "rnu".\n  Did you mean run?'],
  ['--seed 3', '--seed is no flag of blackstart itself.\n  The command comes first: blackstart run --help.'],
  ['run', 'Name the scenario to run.\n  blackstart run global-down, for example; blackstart list shows all.'],
  ['run globl-down', 'There is no scenario "globl-down".\n  Did you mean global-down? blackstart list shows all ids.'],
  [`run ${small} --sed 3`, '"blackstart run" has no flag --sed.\n  Did you mean --seed?'],
  [`run ${small} --seed`, '--seed needs a value: --seed N.\n  blackstart run --help explains it.'],
  [`run ${small} --seed --users 3`, '--seed needs a value: --seed N.\n  blackstart run --help explains it.'],
  [`run ${small} --seed 1 --seed 2`, '--seed is given twice.\n  Give it once.'],
  [`run ${small} --users 0`, '--users 0: expected a whole number of at least 1.'],
  [`run ${small} --duration soon`, '--duration soon: expected a length of time.\n  Write it like 90s, 10m or 1h30m.'],
  [`run ${small} --report jsn`, 'There is no report "jsn".\n  Did you mean json?'],
  [
    `run ${small} --report json --report terminal`,
    'Two reports cannot share stdout.\n  Give all but one a file: --report json=FILE.',
  ],
  [`run ${small} --report json=no/where.json`, '--report no/where.json: there is no folder no.\n  Make it first.'],
  [`run ${small} --journal no/where.jsonl`, '--journal no/where.jsonl: there is no folder no.\n  Make it first.'],
  ['run test/support/scenarios --task t1', '--task tells one task of one run.\n  Name one scenario.'],
  ['run test/support/scenarios --tag hlaf', 'No scenario of those named has the tag "hlaf".\n  Did you mean half?'],
  ['list --tag streeming', 'No scenario has the tag "streeming".\n  Did you mean streaming?'],
  ['check', 'Name a scenario file to check.\n  blackstart check FILE…'],
]

test.concurrent.for(wrong)('%s is answered with a sentence and exit code 2', async ([line, answer]) => {
  const { code, stdout, stderr } = await cli(line.split(' '))

  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `blackstart: ${answer}\n` })
})

test('a wrong command line is in the JSON report where one was asked for', async () => {
  const { code, stdout } = await cli(['run', 'globl-down', '--report', 'json'])

  expect(code).toBe(2)
  expect(JSON.parse(stdout)).toEqual({
    version: 1,
    exitCode: 2,
    diagnostics: [
      {
        file: null,
        line: null,
        column: null,
        code: 'usage',
        message: 'There is no scenario "globl-down".',
        hint: 'Did you mean global-down? blackstart list shows all ids.',
      },
    ],
  })
})

test('a client that is not there is named with what it could have been', async () => {
  const { code, stderr } = await cli(['run', small, '--client', 'bare-sdx'])

  expect(code).toBe(2)
  expect(stderr).toContain('Failed to load client "bare-sdx": no client has that name.')
  expect(stderr).toContain('Did you mean bare-sdk?')
})

test('--task without a terminal report is refused', async () => {
  const { code, stderr } = await cli(['run', small, '--task', 't1', '--report', 'json'])

  expect(code).toBe(2)
  expect(stderr).toBe(
    'blackstart: --task is told by the terminal report.\n  Leave --report out, or add --report terminal=FILE.\n',
  )
})
