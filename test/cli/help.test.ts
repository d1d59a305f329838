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

test('the help of gameday puts the flags under what takes them, and names all of a drill’s', async () => {
  const [gameday] = commands.filter(({ name }) => name === 'gameday')
  const { stdout } = await cli(['gameday', '--help'])

  expect(stdout).toMatch(
    /\nplan FILE, .*:\n {2}--responders [\s\S]*\nrun FILE .*:\n[\s\S]* {2}--go [\s\S]*\nscore JOURNAL:\n {2}--scorecard FILE /,
  )
  expect(Object.keys(gameday?.flags ?? {}).filter(flag => !new RegExp(`--${flag}\\b`).test(stdout))).toEqual([])
  expect(stdout.split('\n').filter(line => line.startsWith('  --')).length).toBeLessThan(30)
})

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
