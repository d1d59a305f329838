import { expect, test } from 'vitest'
import type { Action, Problem, Role } from '../../../src/console/protocol.ts'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { fakeVerdict } from '../../support/fake-drill.ts'
import { fakeResult } from '../../support/fake-result.ts'
import { type Answered, Visiting } from './visiting.ts'

const said = ({ status, text }: Answered) => `${status} ${(JSON.parse(text) as Problem).message}` // a refusal has words

const hold: Action = { do: 'hold' }

test('a name that was rebound to this machine is refused, whatever it knows', async () => {
  await using visit = await Visiting.held()
  const { port } = visit.console
  const asked = async (host: string) =>
    (await visit.ask('POST', '/api/act', { role: 'facilitator', body: hold, headers: { host } })).status

  const refused = [`evil.test:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`, `127.0.0.1.evil.test:${port}`]
  expect(await Promise.all(refused.map(asked))).toEqual([403, 403, 403, 403])
  expect((await visit.get('/facilitator', { headers: { host: `evil.test:${port}` } })).status).toBe(403)
  expect(visit.drill.told).toEqual([])
  expect(await asked(`localhost:${port}`)).toBe(204)
})

test('a page of another site can send nothing, not even from another port of this machine', async () => {
  await using visit = await Visiting.held()
  const own = `http://127.0.0.1:${visit.console.port}`
  const asked = async (headers: Record<string, string>) =>
    (await visit.ask('POST', '/api/act', { role: 'facilitator', body: hold, headers })).status

  const origins = ['https://evil.test', 'null', 'http://127.0.0.1:1', `http://localhost:${visit.console.port}`]
  expect(await Promise.all(origins.map(origin => asked({ origin })))).toEqual([403, 403, 403, 403])
  const sites = ['cross-site', 'same-site'].map(site => asked({ 'sec-fetch-site': site }))
  expect(await Promise.all(sites)).toEqual([403, 403])
  expect(visit.drill.told).toEqual([])
  expect(await asked({ origin: own, 'sec-fetch-site': 'same-origin' })).toBe(204)
})

test('a page may be opened by a link from anywhere; a script of another site cannot load it', async () => {
  await using visit = await Visiting.open()
  const asked = async (path: string, mode: string, dest: string) => {
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode, 'sec-fetch-dest': dest }
    return (await visit.get(path, { headers })).status
  }

  expect(await asked('/responder', 'navigate', 'document')).toBe(200)
  expect(await asked('/responder', 'navigate', 'iframe')).toBe(403)
  expect(await asked('/page.js', 'no-cors', 'script')).toBe(403)
  expect(await asked('/api/stream', 'navigate', 'document')).toBe(403)
})

test('without a token, or with a wrong one, nothing is told or done', async () => {
  await using visit = await Visiting.held()
  const { facilitator } = visit.console.tokens
  const wrong = [undefined, 'Bearer wrong', `Bearer ${facilitator}x`, `Basic ${facilitator}`, `Bearer ${facilitator} `]

  const answers = await Promise.all([
    ...wrong.slice(0, 4).map(authorization => visit.get('/api/stream', { headers: { authorization } })),
    visit.ask('POST', '/api/act', { body: hold }),
    visit.get(`/api/stream?token=${facilitator}`),
    visit.get('/api/papers/report.html'),
  ])

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401))
  expect(answers.map(said)[0]).toBe('401 The console wants the token of a role.')
  expect(answers.map(({ text }) => text).join()).not.toContain(facilitator)
  expect(visit.drill.told).toEqual([])
})

test('each role has a token of its own, and none does what another role does', async () => {
  await using visit = await Visiting.held()
  const { tokens } = visit.console
  expect(new Set(Object.values(tokens)).size).toBe(3)
  const steering: readonly Action[] = [
    ...([hold, { do: 'release' }, { do: 'skip' }, { do: 'extend', by: '1m' }, { do: 'goto', to: 'embers' }] as const),
    ...([{ do: 'abort', why: 'x' }, { do: 'inject', surface: 'api', fault: 'overloaded' }, { do: 'close' }] as const),
    ...([
      { do: 'start', confirmed: [] },
      { do: 'stop-injected', entry: 'x' },
    ] as const),
    { do: 'say', kind: 'chat', text: 'x' },
  ]
  const asked = async (role: Role, action: Action) => (await visit.act(role, action)).status

  for (const role of ['responder', 'observer'] as const)
    expect(await Promise.all(steering.map(action => asked(role, action)))).toEqual(steering.map(() => 403))
  expect(await asked('observer', { do: 'mark', mark: 'detected' })).toBe(403)
  expect((await visit.get('/api/papers/report.html', { role: 'responder' })).status).toBe(403)
  expect(visit.drill.told).toEqual([])
})

test('every answer forbids the browser to keep, frame or sniff it, and to load what is not ours', async () => {
  await using visit = await Visiting.held()

  const answers = await Promise.all([
    visit.get('/facilitator'),
    visit.get('/page.js'),
    visit.act('facilitator', hold),
    visit.get('/api/stream'),
    visit.get('/nowhere', { role: 'facilitator' }),
  ])

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 204, 401, 404])
  for (const { headers } of answers) {
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})

test('what is sent must be JSON, small, and as the action is', async () => {
  await using visit = await Visiting.held()
  const send = (body: unknown, headers = {}) => visit.ask('POST', '/api/act', { role: 'facilitator', body, headers })

  expect((await send(hold, { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await send({ do: 'abort', why: 'y'.repeat(70_000) })).status).toBe(413)
  expect(said(await send({ do: 'explode' }))).toMatch(/^400 .*"do" must be one of start, hold/)
  expect(said(await send({ do: 'extend', by: 'soon' }))).toMatch(/^400 "by" must be a duration such as 90s/)
  expect(said(await send({ do: 'mark', mark: 'won' }))).toMatch(/^400 "mark" must be one of detected/)
  expect(said(await send({ do: 'note', category: 'decision', says: 'x' }))).toMatch(/^400 "author" is missing/)
  expect(visit.drill.told).toEqual([])
})

test('a responder is told nothing of phases, faults, findings, steering, notes of others, or the verdict', async () => {
  await using visit = await Visiting.held()
  const { drill } = visit
  drill.now = { ...drill.now, findings: fakeVerdict.findings, notices: ['api.secret.test was refused'] }
  const stream = await visit.follow('responder')
  const at = (t: number, event: Omit<Extract<JournalEvent, { type: 'mark' }>, 'type' | 't'>) =>
    drill.write({ type: 'mark', t, ...event })

  drill.write({ type: 'phase-entered', t: -120_000, phase: 'steady-state' })
  drill.write({ type: 'phase-entered', t: 0, phase: 'blaze' })
  drill.write({ type: 'client-event', t: 1, event: 'crash', instance: 0 })
  drill.write({ type: 'note', t: 2, kind: 'key-leak', says: 'a leaked key' })
  drill.write({ type: 'status-changed', t: 3, incident: 'investigating', components: { api: 'major_outage' } })
  at(60_000, { mark: 'inject', says: 'ticket', detail: { inject: 0, kind: 'ticket', text: 'It hangs', to: 'the CEO' } })
  at(61_000, { mark: 'alert', says: 'TooManyErrors: firing', detail: { title: 'TooManyErrors', status: 'firing' } })
  at(61_500, { mark: 'held' })
  at(61_600, { mark: 'injected', says: '{"surface":"api","fault":"overloaded"}' })
  at(61_700, { mark: 'inject-failed', says: 'pager.test answered with 500' })
  await visit.act('responder', { do: 'mark', mark: 'detected', author: 'Grace', says: 'the pager rang' })
  await visit.act('facilitator', { do: 'mark', mark: 'declared', author: 'Ada', says: 'four minutes late' })
  await visit.act('responder', { do: 'note', category: 'decision', says: 'we fail over', author: 'Grace' })
  await visit.act('observer', { do: 'note', category: 'surprise', says: 'nobody looks at the page', author: 'Edsger' })
  await visit.act('facilitator', { do: 'note', category: 'comms', says: 'they do not know yet', author: 'Ada' })
  drill.write({ type: 'phase-entered', t: 1_200_000, phase: 'healed' })
  await visit.act('facilitator', { do: 'abort', why: 'seen enough' })
  drill.write({ type: 'run-ended', t: 1_200_001, reason: 'stopped', realIo: true })
  visit.console.ended(fakeResult({ reason: 'Failed: retry-amplification.' }), { 'report.html': () => 'all of it' })
  await stream.until(({ view }) => view?.ended !== undefined)

  expect(stream.entries.map(({ kind, text, t, author }) => [kind, text, t, author])).toEqual([
    ['inject', 'It hangs', 180_000, undefined],
    ['alert', 'TooManyErrors: firing', 181_000, undefined],
    ['mark', 'detected: the pager rang', 360_000, 'Grace'],
    ['mark', 'declared', 360_000, 'Ada'],
    ['note', 'we fail over', 360_000, 'Grace'],
  ])
  const secrets = [
    ...['blaze', 'embers', 'hush-hush', 'burns', 'worst of it', 'overloaded', 'retry-amplification', 'healed'],
    ...['steady-state', 'phase', 'fault"', 'finding', 'hypothesis', 'breaker', 'A link to the incident', 'Declare an'],
    ...['crash', 'leak', 'held', 'pager.test', 'four minutes', 'nobody looks', 'not know yet', 'seen enough'],
    ...['aborted', 'Failed', 'verdict', 'refused', 'report.html', 'attempt', 'bins', 'scenario', 'investigating'],
    ...Object.values(visit.console.tokens),
  ]
  expect(secrets.filter(word => stream.text.includes(word))).toEqual([])
  expect(stream.view).toMatchObject({ title: 'Game day', stage: 'ended', marks: { detected: { t: 360_000 } } })
})
