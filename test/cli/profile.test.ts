import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const two = ['--fault', 'overloaded', '--fault', 'stream-stall']
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'blackstart-profile-'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('profile tells what a client does under a fault, plain and streamed', async () => {
  const { code, stdout, stderr } = await cli(['profile', '--client', 'bare-sdk', ...two])

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatchInlineSnapshot(`
    "bare-sdk on anthropic, seed 1

    fault         streamed  outcome  throws           attempts  waits       fell over to  settles in     after it
    overloaded    no        failed   OverloadedError  3         500 ms 1 s  -             2 s (p95 2 s)  well
    overloaded    yes       failed   OverloadedError  3         500 ms 1 s  -             2 s (p95 2 s)  well
    stream-stall  no        failed   TypeError        1         -           -             5 m (p95 5 m)  well
    stream-stall  yes       failed   TypeError        1         -           -             5 m (p95 5 m)  well
    "
  `)
})

test('with --against it tells two clients apart, and counts what they do alike', async () => {
  const { code, stdout } = await cli([
    ...['profile', '--client', 'bare-sdk', '--against', 'fail-fast'],
    ...['--fault', 'overloaded', '--fault', 'unauthorized'],
  ])

  expect(code).toBe(0)
  expect(stdout).toContain('bare-sdk on anthropic against fail-fast on anthropic, seed 1')
  expect(stdout).toMatch(/^bare-sdk\s+overloaded\s+no\s+failed\s+OverloadedError\s+3 /m)
  expect(stdout).toMatch(/^fail-fast\s+failed\s+\S+\s+1 /m)
  expect(stdout).toMatch(/\d of 4 differ, \d (?:is|are) the same\.$/m)
})

test('a client does not differ from itself', async () => {
  const { stdout } = await cli(['profile', '--client', 'bare-sdk', '--against', 'bare-sdk', '--fault', 'reset'])

  expect(stdout).toContain('0 of 2 differ, 2 are the same.')
})

test('a snapshot is written once, holds while nothing changes, and fails on a change by naming it', {
  timeout: 90_000,
}, async () => {
  const file = join(folder, 'profile.txt')
  const profile = (...more: string[]) =>
    cli(['profile', '--client', 'bare-sdk', '--fault', 'overloaded', '--snapshot', file, ...more])

  const first = await profile()
  expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 0, stderr: `Wrote ${file}.\n` })
  const again = await profile()
  expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' })

  writeFileSync(file, readFileSync(file, 'utf8').replace('OverloadedError', 'SomeOtherError'))
  const changed = await profile()
  expect(changed.code).toBe(1)
  expect(changed.stderr).toMatch(/^ {2}- overloaded {2}no .*SomeOtherError/m)
  expect(changed.stderr).toMatch(/^ {2}\+ overloaded {2}no .*OverloadedError/m)
  expect(changed.stderr).toContain('--update')

  expect((await profile('--update')).code).toBe(0)
  expect((await profile()).code).toBe(0)
})

test('a client that blocks its event loop loses that cell, not the rest', async () => {
  const { code, stdout } = await cli(
    [
      'profile',
      '--client',
      './test/support/clients/blocks-when-down.ts',
      '--fault',
      'overloaded',
      '--fault',
      'refused',
    ],
    { env: { BLACKSTART_BLOCKED_MS: '1500' } },
  )

  expect(code).toBe(0)
  expect(stdout).toMatch(/^overloaded\s+no\s+- \(it blocked the event loop for 2 s\)$/m)
  expect(stdout).toMatch(/^refused\s+no\s+failed\s+\w+/m)
})

test('the JSON has numbers in ms, not their words', async () => {
  const { stdout } = await cli(['profile', '--client', 'bare-sdk', '--fault', 'overloaded', '--json'])
  const { version, cells } = JSON.parse(stdout)

  expect(version).toBe(1)
  expect(cells[0]).toMatchObject({ fault: 'overloaded', streamed: false, attempts: { p50: 3, max: 3 }, wellAfter: 1 })
  expect(cells[0].waitsMs).toHaveLength(2)
  expect(cells[0].waitsMs[0]).toBeGreaterThan(300)
})

test.for([
  { args: [], says: 'Name the client to describe.' },
  { args: ['--client', 'bare-sdk', '--fault', 'overladed'], says: 'Did you mean overloaded?' },
  { args: ['--client', 'bare-sdk', '--update'], says: '--snapshot FILE' },
  { args: ['--client', 'bare-sdk', '--against', 'fail-fast', '--snapshot', 'x'], says: 'Give one.' },
  { args: ['--client', 'bare-skd'], says: 'Did you mean bare-sdk?' },
  { args: ['--client', 'bare-sdk', '--provider', 'nobody', '--fault', 'reset'], says: 'nobody' },
])('$args is refused in words', async ({ args, says }) => {
  const { code, stdout, stderr } = await cli(['profile', ...args])

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(says)
})
