import { createServer } from 'node:http'
import { afterAll, describe, expect, test } from 'vitest'
import { openCarrier } from '../../../../src/engines/toxiproxy/carrier.ts'
import { tcpRoutes, unsupportedByToxiproxy } from '../../../../src/engines/toxiproxy/unsupported.ts'
import { minuteMs } from '../../../../src/model/timeline.ts'
import { RedisClient, redisPath, startRedis } from './redis-support.ts'
import { listening, planOf, realServer, skipped } from './support.ts'

const { server, name } = await realServer()
afterAll(() => server?.[Symbol.asyncDispose]())
const title =
  redisPath === undefined ? skipped('there is no redis-server here', 'with a real Redis') : `${name}, and a real Redis`
redisPath === undefined
  ? 'SKIPPED, there is no redis-server on this machine: with a real Redis'
  : `${name}, and a real Redis`

/** The provider is down for good, and then the cache that the app falls back to fails as well, in every way. */
const scenario = (port: number) => `
surfaces: { cache: { tcp: 127.0.0.1:${port} } }
phases:
  - { name: provider-down, for: 1m, faults: [{ surface: api, fault: unavailable }] }
  - name: both
    for: 6m
    faults: [{ surface: api, fault: unavailable }]
  - { name: cache-alone, for: 1m, faults: [{ surface: cache, fault: refused }] }
  - { name: well, for: 1m }
faults:
  - { from: both, until: both + 1m, surface: cache, fault: refused }
  - { from: both + 1m, until: both + 2m, surface: cache, fault: black-hole }
  - { from: both + 2m, until: both + 3m, surface: cache, fault: { slow-first-byte: { by: 100ms } } }
  - { from: both + 3m, until: both + 4m, surface: cache, fault: reset }
  - { from: both + 4m, until: both + 5m, surface: cache, fault: { stream-cut: { after: 8 bytes } } }
`

describe.skipIf(!server || redisPath === undefined)(title, () => {
  test('the cache that an app falls back to fails in every way, by itself and with the provider', async () => {
    await using redis = await startRedis()
    const plan = planOf(scenario(redis.port))
    expect(unsupportedByToxiproxy(plan)).toEqual([])
    using provider = await startProvider()
    await using carrier = await openCarrier({
      server: server ?? { url: '', died: new Promise(() => {}) },
      routes: [
        ...tcpRoutes(plan).map(route => ({ ...route, upstream: route.address })),
        { name: 'anthropic', kind: 'http', surfaces: ['anthropic.api'], upstream: `127.0.0.1:${provider.port}` },
      ],
      plan: () => plan,
    })
    const cache = new RedisClient(carrier.port('http.cache'), 800)
    const seen: string[] = []
    const askAt = async (minute: number) => {
      provider.isDown = minute >= 0 && minute < 7
      await carrier.apply(minute * minuteMs)
      const begun = performance.now()
      const said = await ask(`http://127.0.0.1:${carrier.port('anthropic')}/`, cache)
      seen.push(said)
      if (minute === 3) expect(performance.now() - begun).toBeGreaterThan(95)
    }

    for (let minute = -1; minute < 9; minute++) await askAt(minute)
    cache.close()

    expect(seen).toEqual([
      'live, kept',
      'from the cache',
      'neither: ECONNREFUSED',
      'neither: no answer',
      'from the cache',
      'neither: ECONNRESET',
      'neither: closed',
      'from the cache',
      'live, not kept: ECONNREFUSED',
      'live, kept',
    ])
    const [counts] = carrier.counts()
    expect([...(counts?.reached ?? [])]).toEqual([
      ['faults[1]', 1],
      ['faults[2]', 1],
      ['faults[3]', 1],
      ['faults[4]', 1],
    ])
  })

  test('a kept connection to the cache breaks when a fault begins, and not before', async () => {
    await using redis = await startRedis()
    const plan = planOf(scenario(redis.port))
    await using carrier = await openCarrier({
      server: server ?? { url: '', died: new Promise(() => {}) },
      routes: tcpRoutes(plan).map(route => ({ ...route, upstream: route.address })),
      plan: () => plan,
    })
    const cache = new RedisClient(carrier.port('http.cache'), 150)

    await cache.set('q', 'a')
    await carrier.apply(0)
    expect(await cache.get('q')).toBe('a')
    expect(carrier.counts()[0]?.connections).toBe(1)
    await carrier.apply(2 * minuteMs)
    await expect(cache.get('q')).rejects.toThrow('no answer')
    await carrier.apply(8 * minuteMs)
    expect(await cache.get('q')).toBe('a')
    cache.close()
  })
})

/** The app: the provider first, and then what the cache has of it. */
async function ask(url: string, cache: RedisClient): Promise<string> {
  const response = await fetch(url).catch(() => undefined)
  const text = response?.ok ? await response.text() : undefined
  try {
    if (text === undefined) return (await cache.get('answer')) === 'fine' ? 'from the cache' : 'neither: nothing kept'
    await cache.set('answer', text)
    return 'live, kept'
  } catch (error) {
    const why = error instanceof Error ? error.message : ''
    return text === undefined ? `neither: ${why}` : `live, not kept: ${why}`
  }
}

/** What answers behind the proxy, as our own HTTP server does: by its status, of which a proxy knows nothing. */
async function startProvider() {
  const provider = {
    isDown: false,
    port: 0,
    [Symbol.dispose]() {
      own.closeAllConnections()
      own.close()
    },
  }
  const own = createServer((_, answer) => {
    answer.writeHead(provider.isDown ? 503 : 200, { connection: 'close' })
    answer.end('fine')
  })
  provider.port = await listening(own)
  return provider
}
