import { expect, test } from 'vitest'
import { commands } from '../../src/cli/commands/index.ts'
import { cli } from '../support/cli.ts'

test('the top-level help lists the commands and the exit codes', async () => {
  const { code, stdout } = await cli(['--help'])

  expect(code).toBe(0)
  for (const command of commands) expect(stdout).toContain(`  ${command.name} `)
  expect(stdout).toContain('exit codes:')
})

test.concurrent.for(commands.map(command => command.name))(
  '%s --help describes it and gives an example',
  async name => {
    const { code, stdout, stderr } = await cli([name, '--help'])

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^blackstart ${name}: .+\\n\\nusage: blackstart ${name}`))
    expect(stdout).toMatch(/\nexamples?:\n {2}blackstart /)
  },
)

test('every flag of run is in its help', async () => {
  const { stdout } = await cli(['run', '--help'])

  expect([...stdout.matchAll(/^ {2}--([a-z-]+)/gm)].map(match => match[1])).toEqual([
    'client',
    'seed',
    'users',
    'instances',
    'address',
    'answers',
    'answers-from',
    'duration',
    'tag',
    'relations',
    'relation',
    'jobs',
    'report',
    'out',
    'journal',
    'task',
    'config',
    'no-config',
  ])
})

test('--version prints the version of the package', async () => {
  const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })

  expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
})
