import { expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const small = './test/support/scenarios/small.yaml'
const second = './test/support/scenarios/second.yaml'
const client = (name: string) => ['--client', `./test/support/clients/${name}.ts`]

test('a client that blocks the event loop ends in a finding that names the function and its line', async () => {
  const { code, stdout } = await cli(['run', small, ...client('blocks'), '--report', 'json'], {
    env: { BLACKSTART_BLOCKED_MS: '1500' },
  })

  const { verdict, findings, journalHash } = JSON.parse(stdout)
  expect({ code, verdict, journalHash }).toEqual({ code: 1, verdict: 'fail', journalHash: '' })
  expect(findings).toHaveLength(1)
  expect(findings[0]).toMatchObject({ oracle: 'conduct', severity: 'fail' })
  expect(findings[0].message).toMatch(/^The event loop was blocked for [\d.]+ s of real time, /)
  expect(findings[0].evidence[0]).toBe('waitForFlag (test/support/clients/blocks.ts:13)')
})

test('the scenarios after one that blocked still run', async () => {
  const { code, stdout } = await cli(['run', small, second, ...client('blocks'), '--report', 'json'], {
    env: { BLACKSTART_BLOCKED_MS: '1500' },
  })

  expect(code).toBe(1)
  expect(JSON.parse(stdout).runs.map((run: { scenario: { id: string } }) => run.scenario.id)).toEqual([
    'small',
    'second',
  ])
})

test('a client that ends the process behind our back is a finding', async () => {
  const { code, stdout } = await cli(['run', small, ...client('leaves')])

  expect(code).toBe(1)
  expect(stdout).toContain('The process ended by itself with exit code 3, ')
})

test.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends a run with exit code %i and no verdict', async ([signal, exitCode]) => {
  const { code, stdout } = await cli(['run', small, ...client('lingers'), '--report', 'json'], {
    interrupt: { when: 'under way', signal },
  })

  expect(code).toBe(exitCode)
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'inconclusive', exitCode })
})
