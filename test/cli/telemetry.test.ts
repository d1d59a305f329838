import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'
import { otlpReceiver } from '../support/otlp-receiver.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-telemetry-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const secret = 'not-for-dashboards-4711'

const day = file(
  'day.yaml',
  `blackstart: 1
id: told-day
title: A day that is told elsewhere
steady_state: { for: 2s, at_least: 20% }
workload: { users: 6, think: 150ms, streaming: 0 }
answers: [{ says: "Yes." }]
phases:
  - { name: down, for: 3s, faults: [{ surface: api, fault: bad-request }] }
  - { name: up, for: 500ms }
status_page: [{ at: down + 1s, incident: investigating, says: We look into it }]
game_day:
  injects: [{ at: down + 100ms, ticket: "The key ${secret} does nothing", from: a customer, to: support }]
`,
)

const short = file(
  'short.yaml',
  `blackstart: 1
id: short
steady_state: { for: 200ms }
phases: [{ name: down, for: 500ms, faults: [{ surface: api, fault: overloaded }] }]
`,
)

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

/** What Node has compiled once need not be compiled again by each. */
function run(words: readonly string[], env: Readonly<Record<string, string>>) {
  return cli(words, { env: { NODE_COMPILE_CACHE: join(folder, 'compiled'), ...env } })
}

const held = ['--client', 'bare-sdk', '--healed', '500ms']

test('what happens in a game day reaches a collector and a scrape, and nothing of that is in its journal', {
  timeout: 60_000,
}, async () => {
  const metrics = await freePort()
  const scraped: string[] = []
  await using collector = await otlpReceiver({
    async onEvent({ name }) {
      if (name !== 'blackstart.mark') return
      const response = await fetch(`http://127.0.0.1:${metrics}/metrics`)
      scraped.push(`${response.headers.get('content-type')}\n${await response.text()}`)
    },
  })
  const journal = join(folder, 'day.jsonl')
  const flags = ['--go', '--otel', collector.url, '--metrics', String(metrics), '--journal', journal]

  const { code, stdout, stderr } = await run(['gameday', 'run', day, ...held, ...flags], {
    ...{ PAGER_TOKEN: secret, BLACKSTART_ENVIRONMENT: 'staging' },
    ...{ OTEL_EXPORTER_OTLP_HEADERS: 'x-team=ours', OTEL_SERVICE_NAME: 'the-app', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
  })

  expect(code, stderr).toBeLessThan(2)
  expect(collector.events.map(({ name, says }) => `${name}: ${says}`).toSorted()).toEqual([
    expect.stringMatching(/^blackstart\.drill\.ended: ./),
    'blackstart.drill.started: drill of bare-sdk',
    'blackstart.fault.began: bad-request on anthropic.api began',
    'blackstart.fault.ended: bad-request on anthropic.api ended',
    'blackstart.mark: ticket from a customer to support: The key *** does nothing',
    'blackstart.phase.entered: phase down',
    'blackstart.phase.entered: phase healed',
    'blackstart.phase.entered: phase steady-state',
    'blackstart.phase.entered: phase up',
    'blackstart.status_page.changed: We look into it',
  ])
  const at = (name: string) => collector.events.find(event => event.name === `blackstart.${name}`)
  expect(at('fault.began')?.facts).toEqual({
    ...{ 'blackstart.scenario': 'told-day', 'blackstart.speed': 1, 'blackstart.t_ms': 0, 'blackstart.phase': 'down' },
    ...{ 'blackstart.fault': 'bad-request', 'blackstart.surface': 'anthropic.api' },
    'blackstart.entry': 'phases[0].faults[0]',
  })
  expect(at('mark')?.facts).toMatchObject({
    ...{ 'blackstart.mark': 'inject', 'blackstart.inject.kind': 'ticket', 'blackstart.inject.to': 'support' },
  })
  expect(at('drill.ended')?.facts).toMatchObject({ 'blackstart.exit_code': code })
  expect(at('drill.ended')?.resource).toEqual({
    ...{ 'service.name': 'blackstart', 'service.version': expect.any(String) },
    'deployment.environment.name': 'staging',
  })
  const downMs = (at('fault.ended')?.atMs ?? 0) - (at('fault.began')?.atMs ?? 0)
  expect(Math.round(downMs / 100)).toBe(30)
  expect(new Set(collector.requests)).toEqual(new Set(['POST /v1/logs application/json ours']))

  const [figures = ''] = scraped
  expect(figures).toMatch(/^text\/plain; version=0\.0\.4/)
  for (const line of [
    'blackstart_scenario_info{scenario="told-day",client="bare-sdk",engine="loopback",version="0.1.0"} 1',
    'blackstart_phase_active{phase="down"} 1',
    'blackstart_phase_active{phase="up"} 0',
    'blackstart_fault_active{fault="bad-request",surface="anthropic.api"} 1',
    'blackstart_marks_total{mark="inject"} 1',
    'blackstart_attempts_total{outcome="garbled"} 0',
    'blackstart_retries_total 0',
  ])
    expect(figures).toContain(`\n${line}\n`)
  expect(figures).toMatch(/\nblackstart_attempts_total\{outcome="ok"\} [1-9]/)
  expect(figures).toMatch(/\nblackstart_tasks_total\{outcome="ok"\} [1-9]/)

  const written = readFileSync(journal, 'utf8')
  expect(`${stdout}${written}${collector.bodies.join('')}${figures}`).not.toContain(secret)
  for (const port of [collector.port, metrics]) expect(written).not.toContain(`:${port}`)
  expect(stderr).not.toContain('do not reach')
})

test('a drill whose collector is down goes its way, and says so once', { timeout: 60_000 }, async () => {
  const port = await freePort()

  const { code, stdout, stderr } = await run(
    ['drill', short, '--healed', '200ms', '--no-config', '--otel', `http://127.0.0.1:${port}`],
    {},
  )

  expect(code).toBe(6)
  expect(stdout).toContain('(exit 6)')
  // A busy machine may be so late that the library has given up by then.
  const why = '(?:it took longer than 3 s|ECONNREFUSED)'
  expect(stderr.match(/.*do not reach.*/g)).toEqual([
    expect.stringMatching(`^blackstart: Events of the drill do not reach 127.0.0.1:${port} \\(${why}\\)\\. It goes`),
  ])
})

test('without the packages it says what to install, before anything begins', async () => {
  const hook = `
    import { registerHooks } from 'node:module'
    registerHooks({ resolve(specifier, context, next) {
      if (!specifier.startsWith('@opentelemetry')) return next(specifier, context)
      throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: 'ERR_MODULE_NOT_FOUND' })
    } })`

  const { code, stdout, stderr } = await run(['drill', short, '--no-config', '--otel', 'http://127.0.0.1:4318'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`,
  })

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatchInlineSnapshot(`
    "blackstart: --otel needs @opentelemetry/sdk-logs, which is not installed: blackstart does not bring it.
      Run npm install --save-dev @opentelemetry/sdk-logs @opentelemetry/exporter-logs-otlp-http @opentelemetry/resources
    "
  `)
})
