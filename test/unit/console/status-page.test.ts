import { once } from 'node:events'
import { request } from 'node:http'
import { expect, test } from 'vitest'
import { openStatusPage } from '../../../src/console/status-page/open-status-page.ts'
import { parsePage } from '../../support/page.ts'
import { Loopback } from '../engines/loopback/support.ts'
import { originMs, planOf, Room, shippedPlan } from './status-page-room.ts'

const precedent = shippedPlan('claude-2026-03-02')

const two = `phases:
  - { name: down, for: 10m }
  - { name: up, for: 10m }
status_page:
  - { at: down + 2m, incident: investigating, says: "Ours <fails>.", components: { api: major_outage } }
  - { at: down + 4m, name: Theirs, incident: investigating, components: { openai.api.responses: partial_outage } }
  - { at: down + 6m, incident: investigating, says: "A third one.", components: { gemini.api: major_outage } }
`

test('the page of 2 March 2026 is late, then wrong, then takes its word back', async () => {
  await using room = await Room.open(precedent)

  room.at('silent', 12)
  expect(await room.read()).toEqual(['All Systems Operational'])

  room.at('ack-chat-only', 1)
  expect(await room.read()).toMatchInlineSnapshot(`
    [
      "Partial System Outage",
      "claude.ai Partial outage",
      "Investigating We are investigating elevated errors.2 Mar 2026, 11:49:20 UTC",
    ]
  `)

  room.at('api-cleared', 5)
  expect(await room.read()).toMatchInlineSnapshot(`
    [
      "Partial System Outage",
      "claude.ai Partial outage",
      "Claude Console (platform.claude.com) Partial outage",
      "Claude Code Partial outage",
      "Investigating The API works as intended; Claude.ai and logging in and out do not.2 Mar 2026, 12:21:24 UTC",
      "Investigating We are investigating elevated errors.2 Mar 2026, 12:06:11 UTC",
      "Investigating We are investigating elevated errors.2 Mar 2026, 11:49:20 UTC",
    ]
  `)

  room.at('api-cleared', 62)
  expect((await room.read()).join('\n')).toContain('a fix is on its way')

  room.at('api-retracted', 1)
  expect(await room.read()).toMatchInlineSnapshot(`
    [
      "Partial System Outage",
      "claude.ai Partial outage",
      "Claude Console (platform.claude.com) Partial outage",
      "Claude API (api.anthropic.com) Partial outage",
      "Claude Code Partial outage",
      "Identified Some API methods are not working.2 Mar 2026, 13:37:01 UTC",
      "Investigating The API works as intended; Claude.ai and logging in and out do not.2 Mar 2026, 12:21:24 UTC",
      "Investigating We are investigating elevated errors.2 Mar 2026, 12:06:11 UTC",
      "Investigating We are investigating elevated errors.2 Mar 2026, 11:49:20 UTC",
    ]
  `)

  room.at('evening', 1)
  const [banner, ...updates] = await room.read()
  expect([banner, updates[0]]).toMatchInlineSnapshot(`
    [
      "All Systems Operational",
      "Resolved This incident has been resolved.2 Mar 2026, 15:47:09 UTC",
    ]
  `)
})

test('programs read what the loopback engine serves at that time', async () => {
  await using loopback = await Loopback.open(two.replace('phases:\n', ''))
  await using room = await Room.open(loopback.plan)

  for (const phase of ['down', 'up']) {
    await loopback.enter(phase)
    room.at(phase, 0)
    for (const path of ['/api/v2/summary.json', '/api/v2/status.json', '/api/v2/incidents.json', '/history.rss']) {
      const wire = await fetch(`${loopback.url('anthropic', 'status')}${path}`)
      const own = await fetch(`${room.url}${path}`)

      expect(own.headers.get('content-type')).toBe(wire.headers.get('content-type'))
      expect(undated(await own.text())).toBe(undated(await wire.text()))
    }
  }
})

/** Without dates: the origins of the two differ. */
function undated(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'INSTANT')
    .replace(/\w{3}, \d\d \w{3} \d{4} [\d:]+ GMT|\w{3} \d{1,2}, \d\d:\d\d UTC/g, 'DATE')
}

test('every provider has a page and an API of its own, and others see nothing of what it says', async () => {
  await using room = await Room.open(planOf(two))

  room.at('down', 5)
  expect(await room.read('/')).toMatchInlineSnapshot(`
    [
      "Major Service Outage",
      "Claude API (api.anthropic.com) Major outage",
      "Investigating Ours <fails>.2 Mar 2026, 11:39:00 UTC",
    ]
  `)
  expect(await room.read('/openai')).toMatchInlineSnapshot(`
    [
      "Partial System Outage",
      "Responses Partial outage",
      "Investigating We are investigating elevated errors.2 Mar 2026, 11:41:00 UTC",
    ]
  `)
  expect(await room.json('status', '/openai')).toMatchObject({
    page: { name: 'OpenAI' },
    status: { indicator: 'major' },
  })
  expect((await room.json('incidents/unresolved')).incidents).toMatchObject([{ name: 'Elevated errors' }])
})

test('a page that is only there in this scenario is there from its first word on', async () => {
  await using room = await Room.open(planOf(two))

  room.at('down', 5)
  expect(await room.text('/')).not.toContain('Gemini')
  expect((await fetch(`${room.url}/gemini`)).status).toBe(404)
  room.at('down', 6)
  expect(await room.text('/')).toContain('<a href="/gemini">Gemini</a>')
  expect(await room.read('/gemini')).toContain('Gemini API Major outage')
})

test('nothing is told of phases, of what is to come, or of when the outage begins', async () => {
  const everything = async (room: Room) => {
    const paths = ['', 'openai'].flatMap(page => [
      ...[`/${page}`, `${page && `/${page}`}/history.atom`],
      ...['summary', 'components', 'incidents', 'scheduled-maintenances/upcoming'].map(
        name => `${page && `/${page}`}/api/v2/${name}.json`,
      ),
    ])
    const texts = await Promise.all(paths.map(path => room.text(path)))
    return texts.join('\n').replaceAll(/As of .*/g, '')
  }
  await using room = await Room.open(precedent)
  await using later = await Room.open(precedent, { origin: originMs + 3_600_000 })
  room.t = later.t = -60_000

  // The same whether the outage begins in a minute or an hour later.
  expect(await everything(later)).toBe(await everything(room))

  const said = await everything(room.at('ack-everything', 1))
  for (const { name } of precedent.phases) expect(said).not.toMatch(new RegExp(`\\b${name}\\b`))
  expect(said).not.toMatch(/works as intended|fix is on its way|Haiku/)
  const instants = [...said.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)].map(([at]) => Date.parse(at))
  expect(instants.length).toBeGreaterThan(10)
  expect(Math.max(...instants)).toBeLessThanOrEqual(originMs + room.t)
})

test('it says that it is an exercise, and what people wrote is text', async () => {
  await using room = await Room.open(planOf(two))
  const page = await room.at('down', 3).text('/')

  expect(parsePage(page).text).toContain('Exercise: this page belongs to a game day. It is not the provider’s own.')
  expect(page).toContain('Ours &lt;fails&gt;.')
})

test('times go by the clock on the wall, however fast the scenario goes', async () => {
  await using room = await Room.open(planOf(two), { speed: 60 })
  const [incident] = (await room.at('up', 0).json('incidents')).incidents

  expect(incident.created_at).toBe(new Date(originMs + 2_000).toISOString())
  expect(await room.text('/')).toContain('As of <time datetime="2026-03-02T11:37:10.000Z">2 Mar 2026, 11:37:10 UTC')
})

test('a page that the scenario makes slow takes its time, and one that is unreachable does not answer', async () => {
  const plan = planOf(`
phases: [{ name: down, for: 10m }]
status_page:
  - { at: down + 1m, page: slow }
  - { at: down + 2m, page: unreachable }
  - { at: down + 3m, page: up }
`)
  await using room = await Room.open(plan, { speed: 100 })
  const took = async () => {
    const began = performance.now()
    const response = await fetch(`${room.url}/`)
    return { status: response.status, ms: performance.now() - began }
  }

  room.at('down', 1)
  expect(await took()).toEqual({ status: 200, ms: expect.toSatisfy((ms: number) => ms > 195) })
  room.at('down', 2)
  const held = fetch(`${room.url}/api/v2/status.json`, { signal: AbortSignal.timeout(300) })
  await expect(held).rejects.toMatchObject({ name: 'TimeoutError' })
  room.at('down', 3)
  expect(await took()).toMatchObject({ status: 200 })

  // Who is held does not keep it from being closed.
  room.at('down', 2)
  const last = fetch(`${room.url}/`)
  await Promise.all([expect(last).rejects.toThrow(), room.close()])
})

test.each([
  ['GET', '127.0.0.1', '/', 200],
  ['HEAD', 'localhost', '/', 200],
  ['GET', 'rebound.example', '/', 403],
  ['GET', 'rebound.example', '/api/v2/summary.json', 403],
  ['POST', '127.0.0.1', '/', 405],
  ['GET', '127.0.0.1', '/api/v2/nothing.json', 404],
  ['GET', '127.0.0.1', '/../../etc/passwd', 404],
] as const)(
  '%s by the name %s of %s is answered with %i, never kept, never framed',
  async (method, name, path, status) => {
    await using room = await Room.open(planOf(two))
    const port = new URL(room.url).port
    const asked = request({ ...{ host: '127.0.0.1', port, method, path }, headers: { host: `${name}:${port}` } }).end()
    const [response] = await once(asked, 'response')
    response.resume()

    expect(response.statusCode).toBe(status)
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
      'x-content-type-options': 'nosniff',
    })
  },
)

test('a port that is taken is said, with what to do', async () => {
  await using room = await Room.open(planOf(two))
  const port = Number(new URL(room.url).port)
  const again = openStatusPage({ plan: () => room.plan, t: () => 0, originMs: () => originMs, speed: 1, port })

  await expect(again).rejects.toThrow(`Failed to open the status page on 127.0.0.1:${port}: `)
})
