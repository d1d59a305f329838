import { Anthropic } from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'
import { openDrill } from '../../src/drill/open-drill.ts'
import { findToxiproxy } from '../../src/engines/toxiproxy/find.ts'
import { installToxiproxy } from '../../src/engines/toxiproxy/install.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { defineIntegration } from '../../src/model/integration.ts'
import { catalogueWith } from '../../src/run/catalogue.ts'
import { parseScenario } from '../../src/scenario/index.ts'
import { RedisClient, redisPath, startRedis } from '../unit/engines/toxiproxy/redis-support.ts'
import { skipped } from '../unit/engines/toxiproxy/support.ts'

/** Why there is no server to be had; built by Go where that is there. */
async function missing(): Promise<string | undefined> {
  const found = findToxiproxy()
  if (found.type === 'unavailable') return found.says
  if (found.type !== 'installable') return undefined
  const built = await installToxiproxy({})
  return built.type === 'unavailable' ? built.says : undefined
}

const why = (await missing()) ?? (redisPath === undefined ? 'there is no redis-server here' : undefined)
const title = 'a drill through a real Toxiproxy'

const scenarioOf = (phases: string, port: number) => {
  const text = `
blackstart: 1
id: both
steady_state: { for: 1500ms, at_least: 0% }
workload: { users: 4, think: 200ms, streaming: 0, questions: 3 }
answers: [{ says: "Yes." }]
surfaces: { cache: { tcp: 127.0.0.1:${port} } }
${phases}
`
  const { scenario, diagnostics } = parseScenario(text, { catalogue: catalogueWith({}) })
  if (!scenario) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return scenario
}

interface App {
  readonly anthropic: Anthropic
  readonly cache: RedisClient
}

/** Keeps every answer, and gives the kept one, as such, when there is no other. */
const cached = defineIntegration<App>({
  name: 'cached',
  start: ({ env }) => ({
    anthropic: new Anthropic({ maxRetries: 0, timeout: 2_000 }),
    cache: new RedisClient(Number(env['BLACKSTART_CACHE_ADDRESS']?.split(':')[1]), 400),
  }),
  perform: async ({ anthropic, cache }, { prompt, question }) => {
    try {
      const messages = [{ role: 'user' as const, content: prompt }]
      const message = await anthropic.messages.create({ model: 'claude-sonnet-5-5', max_tokens: 64, messages })
      const [first] = message.content
      const text = first?.type === 'text' ? first.text : ''
      await cache.set(question, text)
      return { text, source: 'live' as const }
    } catch (error) {
      const kept = await cache.get(question)
      if (kept === undefined) throw error
      return { text: kept, source: 'cache' as const }
    }
  },
  settle: ({ text, source }: { text: string; source: 'live' | 'cache' }) =>
    source === 'live' ? { outcome: 'ok', text } : { outcome: 'degraded', text, source, labelled: true },
  stop: ({ cache }) => cache.close(),
})

const outcomesIn = (events: readonly JournalEvent[], phase: string) => {
  const ends = events.flatMap(event => (event.type === 'phase-entered' ? [{ t: event.t, phase: event.phase }] : []))
  const from = ends.find(one => one.phase === phase)?.t ?? 0
  const until = ends.find(({ t }) => t > from)?.t ?? Number.POSITIVE_INFINITY
  const started = new Map(events.flatMap(e => (e.type === 'task-started' ? [[e.task, e.t] as const] : [])))
  const inside = (task: string, t: number) => (started.get(task) ?? 0) > from + 800 && t < until - 50
  return new Set(
    events.flatMap(e =>
      e.type === 'task-settled' && inside(e.task, e.t) ? [`${e.outcome} ${e.source ?? ''}`.trim()] : [],
    ),
  )
}

describe.skipIf(why !== undefined)(why === undefined ? title : skipped(why, title), () => {
  test('faults of HTTP and of TCP work together, and each is seen to land', { timeout: 40_000 }, async () => {
    await using redis = await startRedis()
    const { session, wire } = await openDrill({
      scenario: scenarioOf(
        `phases:
  - { name: provider-down, for: 3s, faults: [{ surface: api, fault: overloaded }] }
  - name: both
    for: 3s
    faults: [{ surface: api, fault: refused }, { surface: cache, fault: black-hole }]
  - { name: late, for: 3s, faults: [{ surface: api, fault: { slow-first-byte: { by: 300ms } } }] }`,
        redis.port,
      ),
      ...{ integration: cached, engine: 'toxiproxy', speed: 1, healedMs: 2_000 },
    })

    const { journal, faults, exitCode, findings } = await session.result

    expect(outcomesIn(journal, 'provider-down')).toEqual(new Set(['degraded cache']))
    expect(outcomesIn(journal, 'both')).toEqual(new Set(['failed']))
    expect(outcomesIn(journal, 'late')).toEqual(new Set(['ok']))
    expect(faults.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'overloaded landed',
      'refused landed',
      'black-hole landed',
      'slow-first-byte landed',
    ])
    expect(findings.filter(({ severity }) => severity === 'fail')).toEqual([])
    expect(exitCode).toBe(0)
    await expect(fetch(wire.baseUrls['anthropic'] ?? '')).rejects.toThrow('fetch failed')
  })

  test('what Toxiproxy cannot do to a service is refused at its line before anything is opened', async () => {
    const phases = 'phases: [{ name: down, for: 2s, faults: [{ surface: cache, fault: overloaded }] }]'
    const opening = openDrill({
      ...{ scenario: scenarioOf(phases, 6379), integration: cached, engine: 'toxiproxy', speed: 1 },
    })

    await expect(opening).rejects.toThrow(
      'Toxiproxy cannot do "overloaded" on the TCP service "cache": a proxy of bytes speaks no HTTP.',
    )
  })
})
