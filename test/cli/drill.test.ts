import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { parseJournal } from '../../src/journal/journal.ts'
import { type CliResult, cli } from '../support/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-drill-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const scenarios = {
  short: `
steady_state: { for: 1m }
phases:
  - { name: down, for: 2m, faults: [{ surface: api, fault: overloaded }] }`,
  seconds: `
steady_state: { for: 1s }
phases:
  - { name: down, for: 2s, faults: [{ surface: api, fault: overloaded }] }`,
  killed: `
steady_state: { for: 2m, at_least: 20% }
workload: { users: 5, tasks: 150 }
phases:
  - { name: down, for: 60s, faults: [{ surface: api, fault: overloaded, share: 50% }] }
  - { name: up, for: 5m }
events:
  - { at: down + 10s, crash: true }
  - { at: up + 3m, restart: true }`,
  fatal: `
steady_state: { for: 2m, at_least: 20% }
workload: { users: 3, tasks: 60 }
phases:
  - { name: down, for: 2m, faults: [{ surface: api, fault: overloaded }] }`,
  stops: `
steady_state: { for: 2m, at_least: 20% }
workload: { users: 5, tasks: 200 }
stop_when:
  - { outcome: failed, above: 50%, over: 1m }
phases:
  - { name: down, for: 10m, faults: [{ surface: api, fault: overloaded }] }`,
  crowd: `
workload: { instances: 2 }
phases:
  - { name: down, for: 2m, faults: [{ surface: api, fault: overloaded }] }
events:
  - { at: down, traffic: 2x }
  - { at: down + 1m, scale: { instances: 3 } }`,
} as const

for (const [id, text] of Object.entries(scenarios)) writeFileSync(file(id), `blackstart: 1\nid: ${id}${text}\n`)

function file(id: string): string {
  return join(folder, `${id}.yaml`)
}

type Id = keyof typeof scenarios
/** A warm-up of one second, an outage of two, and half a one healed. */
const fast = ['--no-config', '--speed', '60', '--healed', '30s']
const app = (name: string) => ['--', process.execPath, `fixtures/apps/drill/${name}.ts`]

function drill(id: Id, ...words: string[]): Promise<CliResult> {
  return run(['drill', file(id), ...words])
}

function run(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
  return cli(words, { env })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

/** Command line, and what is said about it. */
const wrong: readonly [string, string][] = [
  ['', 'Name the scenario to drill.\n  blackstart drill global-down -- npm start, for example.'],
  [
    'global-down npm start',
    'A drill goes through one scenario: npm start is one word too many.\n' +
      '  A program to start stands behind --: blackstart drill global-down -- npm start',
  ],
  ['globl-down', 'There is no scenario "globl-down".\n  Did you mean global-down? blackstart list shows all ids.'],
  ['global-down --engine toxiprox', 'There is no engine "toxiprox" for drills.\n  Did you mean toxiproxy?'],
  [
    'global-down --engine msw',
    'There is no engine "msw" for drills.\n  Engines: loopback, toxiproxy. Simulations (blackstart run) have their own.',
  ],
  ['global-down --sped 2', '"blackstart drill" has no flag --sped.\n  Did you mean --speed?'],
  ['global-down --speed 0', '--speed 0: expected a number from 1 to 1000.\n  At 20, an hour takes three minutes.'],
  [
    'global-down --speed fast',
    '--speed fast: expected a number from 1 to 1000.\n  At 20, an hour takes three minutes.',
  ],
  ['global-down --duration soon', '--duration soon: expected a length of time.\n  Write it like 90s, 10m or 1h30m.'],
  ['global-down --port 99999', '--port 99999: ports end at 65535.'],
  ['global-down --', 'There is no program behind --.\n  Write it there: -- npm start, or leave the -- out.'],
  ['global-down -- nodee app.js', 'Failed to start "nodee": there is no such program.\n  Did you mean "node"?'],
  [
    'global-down --ready soon -- node app.js',
    '--ready soon: this says nothing of when a program can be asked.\n' +
      '  Write a URL it answers at, tcp:127.0.0.1:8000, log:TEXT of a line it prints, or a length of time like 5s.',
  ],
  [
    'global-down --ready log:up',
    '--ready is about a program that the drill starts, and it starts none.\n' +
      '  Write the program behind --: -- npm start, or leave the flag out.',
  ],
  [
    'global-down --client bare-sdk --env PORT=1',
    '--env is about a program that the drill starts, and it starts none.\n' +
      '  Write the program behind --: -- npm start, or leave the flag out.',
  ],
  [
    'global-down --env PORT -- node app.js',
    '--env PORT: expected a name and a value.\n  Write it like --env REDIS_URL=redis://{cache}',
  ],
  [
    'global-down --instances 2 -- node app.js',
    'A program has one instance in a drill, and 2 were asked for.\n  Leave --instances out, or use a client module.',
  ],
  ['global-down --journal no/where.jsonl', '--journal no/where.jsonl: there is no folder no.\n  Make it first.'],
  ['global-down --save-env no/where', '--save-env no/where: there is no folder no.\n  Make it first.'],
]

describe('what cannot be', () => {
  test.concurrent.for(wrong)('drill %s: a sentence, and exit code 2', async ([line, answer], { expect }) => {
    const { code, stdout, stderr } = await run(['drill', ...line.split(' ').filter(Boolean)])

    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: `blackstart: ${answer}\n` })
  })

  test.concurrent('a port that is taken is named', async ({ expect }) => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0

    const { code, stderr } = await drill('short', ...fast, '--port', String(port))

    server.close()
    expect(code).toBe(2)
    expect(stderr).toContain(
      `Port ${port} of 127.0.0.1 cannot be listened on: EADDRINUSE.\n  Name another with --port.`,
    )
  })

  test.concurrent('what of a scenario a program cannot go through is named at its place, all at once', async ({
    expect,
  }) => {
    const { code, stderr } = await drill('crowd', ...fast, ...app('one-attempt'))

    expect(code).toBe(2)
    expect(stderr.replaceAll(file('crowd'), 'crowd.yaml')).toBe(
      [
        'blackstart: crowd.yaml:7:5: Nobody drives the program, so its traffic is its own. (events[0]) Say how it is asked: app.perform in the config.',
        'crowd.yaml:8:5: A program has one instance in a drill. (events[1]) Take it out, or use a client module.',
        'crowd.yaml:3:24: A program has one instance in a drill. (workload.instances) Say --instances 1, or use a client module.',
        '',
      ].join('\n'),
    )
  })

  test.concurrent('a refusal is in the JSON report too', async ({ expect }) => {
    const { code, stdout } = await drill('short', '--speed', '0', '--report', 'json')

    expect(code).toBe(2)
    expect(JSON.parse(stdout).diagnostics).toMatchObject([
      { code: 'usage', message: '--speed 0: expected a number from 1 to 1000.' },
    ])
  })
})

describe('a program', () => {
  test.concurrent('that gives up honestly passes, in real time', async ({ expect }) => {
    const { code, stdout, stderr } = await drill('seconds', '--no-config', '--healed', '2s', ...app('one-attempt'))

    expect(stdout).toContain('PASS (exit 0): Every expectation held.')
    expect(stdout).toMatch(/\nheld: .*retry-amplification \(\d+\)/)
    expect(stdout).toContain('note: Nobody drives the program, so what it sent was judged')
    expect(stderr).toMatch(/no answer to question \d+: OverloadedError/)
    expect(code).toBe(0)
  })

  test.concurrent('that asks again at once fails, and is told why', async ({ expect }) => {
    const words = ['--no-config', '--healed', '2s', ...app('asks-again-at-once')]
    const { code, stdout } = await drill('seconds', ...words)

    expect(stdout).toMatch(/FAIL \(exit 1\): Failed: .*retry-amplification/)
    expect(stdout).toContain('✗ retry-amplification (fail, in down)')
    expect(stdout).toContain(`again: npx blackstart drill ${file('seconds')} --no-config --seed 1 --healed 2s -- `)
    expect(code).toBe(1)
  })

  test.concurrent('at a speed that its own timers do not know is not judged by the clock', async ({ expect }) => {
    const { code, stdout } = await drill('short', ...fast, ...app('one-attempt'))

    expect(code).toBe(0)
    expect(stdout).toContain('PASS (exit 0): Every expectation that can be judged at this speed held.')
    expect(stdout.replaceAll('\n', ' ')).toMatch(
      /not judged at this speed: the scenario goes 60 times as fast, and the app's own timers do not: settles, recovers, /,
    )
    expect(stdout).not.toContain('✗')
  })

  test.concurrent('that ends with an error is a finding', async ({ expect }) => {
    const { code, stdout } = await drill('short', ...fast, '--ready', '0.3s', '--', 'sh', '-c', 'sleep 2; exit 3')

    expect(stdout).toMatch(/✗ conduct \(fail, in \w+\)/)
    expect(stdout).toContain('The program ended by itself, with code 3.')
    expect(code).toBe(1)
  })

  test.concurrent('that has done its work ends the drill', async ({ expect }) => {
    const { code, stdout } = await drill('short', ...fast, '--ready', '0.3s', '--', 'sh', '-c', 'sleep 2')

    expect(code).toBe(6)
    expect(stdout).toContain('note: The program ended by itself, with code 0, before the scenario did.')
    expect(stdout).toContain(
      'INCONCLUSIVE (exit 6): No fault, limit or queue of a provider reached the client: no outage was tested.',
    )
  })

  test.concurrent('that never asks anything has tested nothing', async ({ expect }) => {
    const { code, stdout, stderr } = await drill('short', ...fast, '--', 'sleep', '1000')

    expect(code).toBe(6)
    expect(stdout).toContain(
      'INCONCLUSIVE (exit 6): No fault, limit or queue of a provider reached the client: no outage was tested.',
    )
    expect(stderr).toContain('blackstart: starting: the app is not ready yet')
  })

  test.concurrent('that is not ready says what it printed last', async ({ expect }) => {
    const { code, stdout } = await drill(
      'short',
      ...fast,
      '--ready',
      'log:listening',
      '--',
      'sh',
      '-c',
      'echo no config; exit 1',
    )

    expect(code).toBe(3)
    expect(stdout).toContain(
      'INCONCLUSIVE (exit 3): The program ended before it was ready, with code 1.\nIt printed last:\n  no config\n',
    )
  })

  test.concurrent('whose requests fail while all is well is not put through an outage', async ({ expect }) => {
    const bad = `for (;;) await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', { method: 'POST', body: '{}' })`
    const { code, stdout } = await drill('short', ...fast, '--', process.execPath, '--input-type=module', '-e', bad)

    expect(code).toBe(3)
    expect(stdout).toMatch(
      /INCONCLUSIVE \(exit 3\): Only 0 of \d+ requests \(0%\) went well in the healthy warm-up; 95% must\./,
    )
  })
})

describe('a program that a module drives', () => {
  test.concurrent('is really killed by crash, asked to end by restart, and excused meanwhile', async ({ expect }) => {
    const port = await freePort()
    const journal = join(folder, 'killed.jsonl')
    const words = [
      '--no-config',
      '--speed',
      '60',
      '--healed',
      '2m',
      '--ready',
      `tcp:127.0.0.1:${port}`,
      '--journal',
      journal,
    ]
    const { code, stdout, stderr } = await run(
      ['drill', file('killed'), ...words, '--client', './fixtures/apps/drill/asks-service.ts', ...app('service')],
      { PORT: String(port) },
    )

    expect([code, stdout]).toEqual([0, expect.stringContaining('PASS (exit 0)')])
    const [first, second, third, ...more] = [...stderr.matchAll(/listening as (\d+)/g)].map(([, pid]) => pid)
    expect({ more, lives: new Set([first, second, third]).size }).toEqual({ more: [], lives: 3 })
    // The first one had no time for last words.
    expect([...stderr.matchAll(/(\d+) was asked to end/g)].map(([, pid]) => pid)).toEqual([second, third])
    const events = parseJournal(readFileSync(journal, 'utf8'))
    expect(events.flatMap(event => (event.type === 'client-event' ? [event.event] : []))).toEqual([
      ...['crash', 'started'],
      ...['restart', 'stopped', 'started'],
    ])
  })

  test.concurrent('that dies of the outage is a finding', async ({ expect }) => {
    const port = await freePort()
    const words = [...fast, '--ready', `tcp:127.0.0.1:${port}`, '--env', 'DIES_OF_ERRORS=1']
    const { code, stdout } = await run(
      ['drill', file('fatal'), ...words, '--client', './fixtures/apps/drill/asks-service.ts', ...app('service')],
      { PORT: String(port) },
    )

    expect(stdout).toContain('The program ended by itself, with code 1.')
    expect(stdout).toMatch(/FAIL \(exit 1\): Failed: .*conduct/)
    expect(code).toBe(1)
  })
})

describe('what comes of it', () => {
  test.concurrent('stop_when ends it with exit code 4', async ({ expect }) => {
    const { code, stdout } = await drill('stops', ...fast, '--client', 'bare-sdk')

    expect(stdout).toContain('INCONCLUSIVE (exit 4): Stopped: ')
    expect(code).toBe(4)
  })

  test.concurrent('a JSON report has stdout to itself, whatever the program prints there', async ({ expect }) => {
    const { code, stdout, stderr } = await drill('short', ...fast, '--report', 'json', ...app('one-attempt'))

    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, verdict: 'pass', exitCode: 0, scenario: { id: 'short' } })
    expect(stderr).toContain('one-attempt is up as ')
  })

  test.concurrent('the secrets of the environment are nowhere: not in its journal, its reports, its words', async ({
    expect,
  }) => {
    const [real, token] = ['a-real-key-of-no-known-shape', 'token-0123456789']
    const journal = join(folder, 'secrets.jsonl')
    const report = join(folder, 'secrets.md')
    const script = `echo "key $ANTHROPIC_API_KEY token $MY_TOKEN"; exit 1`
    const { code, stdout, stderr } = await run(
      [
        ...['drill', file('short'), ...fast, '--journal', journal, '--ready', 'log:never'],
        ...['--report', 'terminal', '--report', `markdown=${report}`, '--', 'sh', '-c', script, real, token],
      ],
      { ANTHROPIC_API_KEY: real, MY_TOKEN: token },
    )

    expect(code).toBe(3)
    expect(stdout).toContain('key sk-ant-canary-blackstart token ***')
    for (const text of [stdout, stderr, readFileSync(journal, 'utf8'), readFileSync(report, 'utf8')]) {
      expect(text).not.toContain(real)
      expect(text).not.toContain(token)
    }
  })

  test.concurrent('the journal is the one that is judged, line for line', async ({ expect }) => {
    const journal = join(folder, 'judged.jsonl')
    const { stdout } = await drill('short', ...fast, '--journal', journal, '--report', 'json', ...app('one-attempt'))

    const events = parseJournal(readFileSync(journal, 'utf8'))
    expect(events.flatMap(event => (event.type === 'phase-entered' ? [event.phase] : []))).toEqual([
      ...['steady-state', 'down', 'healed'],
    ])
    const attempts = events.filter(event => event.type === 'attempt-started' && event.fault === 'overloaded')
    expect(JSON.parse(stdout).faults).toMatchObject([{ id: 'overloaded', hits: attempts.length, status: 'landed' }])
  })
})

test('without a program it serves at the addresses that it tells, until the scenario ends', async () => {
  // The doors of the providers are the ports after it.
  const port = 10_000 + (process.pid % 700) * 10
  const saved = join(folder, 'places')
  const words = [...fast, '--port', String(port), '--save-env', saved]
  const running = drill('short', ...words)
  const ask = async (base: string) => {
    const response = await fetch(`${base}/v1/messages`, {
      ...{ method: 'POST', headers: { 'x-api-key': 'sk-ant-canary-blackstart', 'content-type': 'application/json' } },
      body: JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 9, messages: [{ role: 'user', content: 'Hi.' }] }),
    }).catch(() => undefined)
    await response?.text()
    return response?.status
  }

  const seen = new Set<number | undefined>()
  for (let isOver = false; !isOver; ) {
    seen.add(await ask(`http://127.0.0.1:${port}/anthropic`))
    isOver = await Promise.race([running.then(() => true), sleep(100, false)])
  }
  const { code, stderr } = await running

  expect([...seen]).toEqual([undefined, 200, 529])
  expect(await ask(`http://127.0.0.1:${port}/anthropic`)).toBeUndefined()
  expect(stderr).toContain(`every provider by path at http://127.0.0.1:${port}, and each at an address of its own:`)
  expect(stderr).toMatch(/\n {2}export ANTHROPIC_BASE_URL=http:\/\/127\.0\.0\.1:\d+\n/)
  const places = readFileSync(saved, 'utf8')
  for (const name of ['ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY', 'OPENAI_BASE_URL', 'HTTPS_PROXY'])
    expect(places).toMatch(new RegExp(`^${name}=.+$`, 'm'))
  expect(code).toBe(0)
})
