import { spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { request } from 'node:https'
import { getCACertificates } from 'node:tls'
import { Anthropic } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { type DrillOptions, openDrill } from '../../src/drill/open-drill.ts'
import { openTrust } from '../../src/drill/trust.ts'
import { defineIntegration } from '../../src/model/integration.ts'
import { catalogueWith } from '../../src/run/catalogue.ts'
import { parseScenario } from '../../src/scenario/index.ts'

function scenarioOf(phases: string): DrillOptions['scenario'] {
  const { scenario, diagnostics } = parseScenario(
    `
blackstart: 1
id: short
steady_state: { for: 30s, at_least: 0% }
workload: { users: 6, think: 3s, streaming: 0 }
answers: [{ says: "Yes." }]
phases: [${phases}]
`,
    { catalogue: catalogueWith({}) },
  )
  if (!scenario) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return scenario
}

/** Fingerprints of those whom this process trusts. */
function trusted(): readonly string[] {
  const all = getCACertificates('default').map(one => new X509Certificate(one).fingerprint256)
  return [...new Set(all)].toSorted()
}

const broken = '{ name: broken, for: 30s, faults: [{ surface: api, fault: tls }] }'

test('the handshakes of a client in this process fail while TLS does, and its list of authorities is as before', async () => {
  const caught = new Set<string>()
  const before = trusted()
  const { session, env } = await openDrill({
    ...{ scenario: scenarioOf(broken), engine: 'loopback', speed: 20, healedMs: 20_000, tls: true },
    integration: defineIntegration<Anthropic>({
      name: 'one-attempt',
      start: () => new Anthropic({ maxRetries: 0, timeout: 5_000 }),
      async perform(anthropic, { prompt }) {
        try {
          const messages = [{ role: 'user' as const, content: prompt }]
          return await anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 64, messages })
        } catch (error) {
          const { cause } = error instanceof Error && error.cause instanceof Error ? error.cause : new Error()
          caught.add(String(cause instanceof Error ? cause.message : error))
          throw error
        }
      },
    }),
  })
  expect(env['ANTHROPIC_BASE_URL']).toMatch(/^https:\/\/localhost:\d+$/)
  const { journal, faults, exitCode } = await session.result

  const outcomes = new Map(
    journal.flatMap(event => (event.type === 'attempt-ended' ? [[event.attempt, event.outcome]] : [])),
  )
  const attempts = journal.flatMap(event => (event.type === 'attempt-started' ? [event] : []))
  const during = attempts.filter(({ phase }) => phase === 'broken')
  expect(during.length).toBeGreaterThan(3)
  const ends = during.map(({ attempt, effect }) => `${effect} → ${outcomes.get(attempt)}`)
  expect(ends.filter(end => end === 'tls → tls').length).toBeGreaterThan(3)
  // A request may be on its way over a kept connection in the very moment at which its door drops those.
  expect(ends.filter(end => end !== 'tls → tls' && end !== 'tls → reset')).toEqual([])
  expect(during.every(({ task }) => task !== undefined)).toBe(true)
  const after = attempts.filter(({ phase }) => phase === 'healed')
  expect(after.map(({ attempt }) => outcomes.get(attempt))).toContain('ok')
  expect([...caught]).toContain('Client network socket disconnected before secure TLS connection was established')
  expect(faults.map(({ id, status }) => `${id} ${status}`)).toEqual(['tls landed'])
  expect(exitCode).toBeLessThanOrEqual(1)
  expect(trusted()).toEqual(before)
}, 20_000)

/** One question to the API in each of these, with no word on whom to trust; says `200` or why not. */
const asks = {
  curl: 'curl -s -o /dev/null -w %{http_code} "$ANTHROPIC_BASE_URL/v1/models" -H "x-api-key: $ANTHROPIC_API_KEY" || echo failed',
  node: `node -e 'fetch(process.env.ANTHROPIC_BASE_URL + "/v1/models", { headers: { "x-api-key": process.env.ANTHROPIC_API_KEY } }).then(r => console.log(r.status), e => console.log("failed", e.cause))'`,
  python3: `python3 -c 'import os, urllib.request as u
try: print(u.urlopen(u.Request(os.environ["ANTHROPIC_BASE_URL"] + "/v1/models", headers={"x-api-key": os.environ["ANTHROPIC_API_KEY"]})).status)
except Exception as e: print("failed", e)'`,
}

const isThere = (name: string) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0

test.for(Object.entries(asks))(
  'a program of %s believes the providers, told by its environment alone',
  { timeout: 20_000 },
  async ([name, line]) => {
    if (!isThere(name)) return console.warn(`SKIPPED: there is no ${name} on this machine`)
    const said: string[] = []
    const { session } = await openDrill({
      ...{ scenario: scenarioOf('{ name: quiet, for: 10m }'), engine: 'loopback', speed: 1, tls: true },
      program: {
        argv: ['sh', '-c', line],
        cwd: process.cwd(),
        ready: async () => {},
        onOutput: text => said.push(text),
      },
    })
    const { exitCode, journal } = await session.result

    expect(said.join('')).toContain('200')
    expect(journal.filter(({ type }) => type === 'attempt-started')).toHaveLength(1)
    expect(exitCode).not.toBe(5)
  },
)

test('what the machine trusts by its own variables is trusted still', async () => {
  const other = await openTrust('127.0.0.1', {})
  const { env } = await openTrust('127.0.0.1', {
    NODE_EXTRA_CA_CERTS: other.env['NODE_EXTRA_CA_CERTS'],
    SSL_CERT_FILE: other.env['NODE_EXTRA_CA_CERTS'],
  })
  const [authority = ''] = contentOf(other.env['NODE_EXTRA_CA_CERTS'])

  expect(contentOf(env['NODE_EXTRA_CA_CERTS'])).toHaveLength(2)
  expect(contentOf(env['NODE_EXTRA_CA_CERTS'])).toContain(authority)
  expect(contentOf(env['SSL_CERT_FILE'])).toContain(authority)
  // And the world's authorities, for all that is not ours.
  expect(contentOf(env['CURL_CA_BUNDLE']).length).toBeGreaterThan(50)
})

function contentOf(file = ''): readonly string[] {
  return readFileSync(file, 'utf8').match(/-----BEGIN.*?-----END CERTIFICATE-----/gs) ?? []
}

test('the files are for their owner alone, and hold no key', async () => {
  const { env } = await openTrust()
  const files = [...new Set(Object.values(env))]

  expect(files.every(file => existsSync(file))).toBe(true)
  for (const file of files) expect(readFileSync(file, 'utf8')).not.toContain('PRIVATE')
})

test('a client of node:https in this process trusts the drill for its time, and not after', async () => {
  const trust = await openTrust()
  const { createServer } = await import('node:https')
  const server = createServer(trust.server, (_, response) => response.end('well')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const ask = () =>
    new Promise<string>(resolve => {
      request({ port, host: '127.0.0.1', agent: false }, response => resolve(`${response.resume().statusCode}`))
        .on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
        .end()
    })
  const within = await (async () => {
    using _ = trust.inProcess()
    return ask()
  })()

  expect([within, await ask()]).toEqual(['200', expect.stringMatching(/VERIFY|CERT/)])
  server.close()
})
