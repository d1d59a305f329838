import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { Anthropic } from '@anthropic-ai/sdk'
import { afterEach, expect, test } from 'vitest'
import { type DrillOptions, type OpenDrill, openDrill } from '../../src/drill/open-drill.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { defineIntegration } from '../../src/model/integration.ts'
import { catalogueWith } from '../../src/run/catalogue.ts'
import { parseScenario } from '../../src/scenario/index.ts'
import { certificates } from '../unit/engines/pass-through/certificates.ts'

/** One attempt, and an honest error. */
const oneAttempt = defineIntegration<Anthropic>({
  name: 'one-attempt',
  start: () => new Anthropic({ maxRetries: 0, timeout: 5_000 }),
  perform: (anthropic, { prompt }) =>
    anthropic.messages.create({
      model: 'claude-sonnet-5-5',
      max_tokens: 64,
      messages: [{ role: 'user', content: prompt }],
    }),
})

/**
 * Answers at once, so that two seconds show something. Where a slow machine has none in the warm-up, the outage comes all
 * the same.
 */
const quick = 'answers: [{ says: "Yes." }]'

function scenarioOf(phases: string): DrillOptions['scenario'] {
  const text = `
blackstart: 1
id: short
steady_state: { for: 1500ms, at_least: 0% }
workload: { users: 6, think: 150ms, streaming: 0 }
${quick}
${phases}
`
  const { scenario, diagnostics } = parseScenario(text, { catalogue: catalogueWith({}) })
  if (!scenario) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return scenario
}

let open: OpenDrill | undefined

afterEach(async () => {
  open?.session.interrupt()
  await open?.session.result
  open = undefined
})

async function drill(phases: string, options: Partial<DrillOptions> = {}): Promise<OpenDrill> {
  open = await openDrill({
    ...{ scenario: scenarioOf(phases), integration: oneAttempt, engine: 'loopback', speed: 1, healedMs: 1_000 },
    ...options,
  })
  return open
}

/** Resolves when the journal has an event of this kind. */
async function seen({ session }: OpenDrill, is: (event: JournalEvent) => boolean): Promise<JournalEvent> {
  const known = session.journal().find(is)
  if (known) return known
  return new Promise(resolve => {
    const end = session.subscribe(event => {
      if (!is(event)) return
      end()
      resolve(event)
    })
  })
}

const entered = (phase: string) => (event: JournalEvent) => event.type === 'phase-entered' && event.phase === phase

const phasesOf = (events: readonly JournalEvent[]) =>
  events.flatMap(event => (event.type === 'phase-entered' ? [event.phase] : []))

const attemptsIn = (events: readonly JournalEvent[], phase: string) =>
  events.flatMap(event => (event.type === 'attempt-started' && event.phase === phase ? [event] : []))

test('the same scenario in real time, from a healthy start to a healthy end', { timeout: 20_000 }, async () => {
  const { session } = await drill('phases: [{ name: down, for: 2s, faults: [{ surface: api, fault: overloaded }] }]')

  const { journal, faults, exitCode, engine } = await session.result

  expect(phasesOf(journal)).toEqual(['steady-state', 'down', 'healed'])
  expect(new Set(attemptsIn(journal, 'down').map(({ fault }) => fault))).toEqual(new Set(['overloaded']))
  expect(attemptsIn(journal, 'healed').map(({ fault }) => fault)).not.toContain('overloaded')
  expect(faults.map(({ status }) => status)).toEqual(['landed'])
  expect({ exitCode, engine }).toEqual({ exitCode: 0, engine: 'loopback' })
})

test('a closed port refuses the real SDK, and each such attempt is told of with its task', {
  timeout: 20_000,
}, async () => {
  const { session } = await drill('phases: [{ name: down, for: 2s, faults: [{ surface: api, fault: refused }] }]')

  const { journal, faults } = await session.result

  const refused = attemptsIn(journal, 'down')
  expect(refused.length).toBeGreaterThan(3)
  expect(refused.every(({ task, fault }) => task !== undefined && fault === 'refused')).toBe(true)
  const outcomes = journal.flatMap(event =>
    event.type === 'attempt-ended' && refused.some(({ attempt }) => attempt === event.attempt) ? [event.outcome] : [],
  )
  expect(new Set(outcomes)).toEqual(new Set(['refused']))
  const errors = journal.flatMap(event => (event.type === 'task-settled' && event.error ? [event.error] : []))
  expect(new Set(errors)).toEqual(new Set(['APIConnectionError']))
  expect(faults).toMatchObject([{ id: 'refused', status: 'landed' }])
})

test('a phase that is held goes on with its faults until it is let go', { timeout: 20_000 }, async () => {
  const down = await drill(`phases:
  - { name: down, for: 1s, faults: [{ surface: api, fault: overloaded }] }
  - { name: clear, for: 1s }`)
  await seen(down, entered('down'))

  down.session.hold()
  const held = down.session.state()
  await new Promise(resolve => setTimeout(resolve, 2_500))
  const still = down.session.state()
  down.session.release()
  const { journal, plan } = await down.session.result

  expect(held).toMatchObject({ stage: 'outage', phase: 'down', held: true })
  expect(still).toMatchObject({ phase: 'down', held: true })
  const clear = journal.find(entered('clear'))
  expect(clear?.t).toBeGreaterThan(3_000)
  expect(plan.phases.map(({ name, startMs, endMs }) => [name, endMs - startMs > 2_500, startMs >= 0])).toEqual([
    ['down', true, true],
    ['clear', false, true],
  ])
  const late = attemptsIn(journal, 'down').filter(({ t }) => t > 1_500)
  expect(late.length).toBeGreaterThan(3)
  expect(new Set(late.map(({ fault }) => fault))).toEqual(new Set(['overloaded']))
})

test('a drill that ends while a phase is held is as long as it was', async () => {
  const opened = await drill(`
phases:
  - { name: down, for: 1s, faults: [{ surface: api, fault: overloaded }] }
  - { name: up, for: 1s }
`)
  await seen(opened, entered('down'))
  opened.session.hold()

  await opened.session.abort('seen enough')
  const { plan } = await opened.session.result

  expect(plan.phases.map(({ name }) => name)).toEqual(['down', 'up'])
  expect(plan.lengthMs).toBeGreaterThanOrEqual(2_000)
  expect(plan.lengthMs).toBeLessThan(60_000)
})

test('skip, goto and extend move the timeline, and what was left out never was', { timeout: 20_000 }, async () => {
  const long = await drill(`phases:
  - { name: one, for: 10m, faults: [{ surface: api, fault: overloaded }] }
  - { name: two, for: 10m, faults: [{ surface: api, fault: unavailable }] }
  - { name: three, for: 10m, faults: [{ surface: api, fault: bad-gateway }] }
  - { name: four, for: 500ms, faults: [{ surface: api, fault: internal-error }] }`)
  await seen(long, entered('one'))

  long.session.skip()
  await seen(long, entered('two'))
  expect(() => long.session.goto('one')).toThrow('one has passed: a drill does not go back.')
  expect(() => long.session.goto('fuor')).toThrow('Did you mean four?')
  await new Promise(resolve => setTimeout(resolve, 700))
  long.session.goto('four')
  await seen(long, entered('four'))
  long.session.extend(1_500)
  const { journal, plan } = await long.session.result

  expect(phasesOf(journal)).toEqual(['steady-state', 'one', 'two', 'four', 'healed'])
  const four = plan.phases.find(({ name }) => name === 'four')
  expect((four?.endMs ?? 0) - (four?.startMs ?? 0)).toBeGreaterThanOrEqual(1_990)
  expect(attemptsIn(journal, 'four').at(-1)?.t).toBeGreaterThan((four?.startMs ?? 0) + 700)
  expect(new Set(attemptsIn(journal, 'two').map(({ fault }) => fault))).toEqual(new Set(['unavailable']))
  expect(journal.flatMap(event => (event.type === 'mark' ? [event.mark] : []))).toEqual([
    'skipped',
    'moved-on',
    'extended',
  ])
})

test('a fault that is injected by hand lands, is listed, and ends', { timeout: 20_000 }, async () => {
  const quiet = await drill('phases: [{ name: quiet, for: 4s }]')
  await seen(quiet, entered('quiet'))

  const { entry } = quiet.session.inject({ surface: 'api', fault: 'refused' })
  await new Promise(resolve => setTimeout(resolve, 1_000))
  quiet.session.stopInjected(entry)
  expect(() => quiet.session.inject({ surface: 'api', fault: 'overlaoded' })).toThrow('Did you mean "overloaded"?')
  const { journal, faults } = await quiet.session.result

  expect(faults).toMatchObject([{ id: 'refused', entry, status: 'landed' }])
  const hits = attemptsIn(journal, 'quiet').filter(({ fault }) => fault === 'refused')
  expect(hits.length).toBeGreaterThan(2)
  const last = attemptsIn(journal, 'quiet').at(-1)
  expect(last?.fault).toBeUndefined()
})

test('an abort ends every fault and the drill, with what it stopped for', { timeout: 20_000 }, async () => {
  const long = await drill('phases: [{ name: down, for: 10m, faults: [{ surface: api, fault: refused }] }]')
  await seen(long, entered('down'))

  const { exitCode, verdict, reason } = await long.session.abort('Pagers went off.')

  expect({ exitCode, verdict, reason }).toEqual({
    exitCode: 4,
    verdict: 'inconclusive',
    reason: 'Stopped: Pagers went off.',
  })
  await expect(fetch(long.wire.baseUrls['anthropic'] ?? '')).rejects.toThrow('fetch failed')
  expect(() => long.session.mark('detected')).toThrow('The drill is over')
})

test('a host that is no surface is refused, and one of a provider leads to its door', { timeout: 20_000 }, async () => {
  const stray = defineIntegration({
    name: 'stray',
    perform: async (_, { prompt }) => {
      await fetch('https://example.com/').catch(() => {})
      const messages = [{ role: 'user' as const, content: prompt }]
      // Without the base URL that is in the environment.
      const anthropic = new Anthropic({ baseURL: 'https://api.anthropic.com', maxRetries: 0 })
      return anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 64, messages })
    },
  })
  const { session } = await drill('phases: [{ name: down, for: 1s, faults: [{ surface: api, fault: overloaded }] }]', {
    integration: stray,
  })

  const { notices, faults } = await session.result

  expect(notices).toEqual([
    'example.com is no surface of this run: it was refused (ECONNREFUSED). To allow it, name it under `surfaces:`.',
  ])
  expect(faults).toMatchObject([{ status: 'landed' }])
})

/** What a real provider is reached by; with TLS, signed by an authority that only this process trusts. */
function provider(scheme: string, answer: RequestListener) {
  if (scheme === 'http') return createServer(answer)
  const { ca, of } = certificates('localhost')
  setDefaultCACertificates([...getCACertificates('default'), ca])
  return createSecureServer({ ...of['localhost'] }, answer)
}

test.for(['http', 'https'])(
  'a real provider answers over %s what is let through, and faults befall the rest',
  async scheme => {
    const trusted = getCACertificates('default')
    const upstream = provider(scheme, (request, response) => {
      request.resume().on('end', () => {
        const text = `from above to ${request.headers.authorization}`
        const body = { id: 'msg_1', type: 'message', role: 'assistant', content: [{ type: 'text', text }] }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      })
    }).listen(0, '127.0.0.1')
    await once(upstream, 'listening')
    const { port } = upstream.address() as AddressInfo
    const texts: string[] = []
    const integration = defineIntegration<Anthropic>({
      ...oneAttempt,
      name: 'reader',
      settle: ({ content: [first] }: { content: { text: string }[] }) => {
        texts.push(first?.text ?? '')
        return { outcome: 'ok' }
      },
    })
    process.env['REAL_KEY_OF_TEST'] = 'sk-real-0123456789'
    try {
      const { session } = await drill(
        'phases: [{ name: down, for: 2s, faults: [{ surface: api, fault: overloaded }] }]',
        {
          integration,
          users: 12,
          passThrough: {
            upstreams: { anthropic: `${scheme}://${scheme === 'https' ? 'localhost' : '127.0.0.1'}:${port}` },
            keyFrom: { anthropic: 'REAL_KEY_OF_TEST' },
            limits: { blastRadius: 0.5, maxRequests: 10_000 },
          },
        },
      )

      const { journal } = await session.result

      expect(new Set(texts)).toEqual(new Set(['from above to Bearer sk-real-0123456789']))
      const hit = attemptsIn(journal, 'down')
      const share = hit.filter(({ fault }) => fault === 'overloaded').length / hit.length
      expect(share).toBeGreaterThan(0.1)
      expect(share).toBeLessThan(0.95)
      expect(JSON.stringify(journal)).not.toContain('sk-real')
    } finally {
      delete process.env['REAL_KEY_OF_TEST']
      setDefaultCACertificates(trusted)
      upstream.close()
      upstream.closeAllConnections()
    }
  },
)
