import { expect, test } from 'vitest'
import { fakeState } from '../../../support/fake-drill.ts'
import { Asking } from './asking.ts'

/** As Alertmanager 0.28 sends it. */
const sent = (...alerts: readonly (readonly [name: string, status: string])[]) => ({
  version: '4',
  groupKey: '{}:{team="assistant"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'game-day',
  groupLabels: { team: 'assistant' },
  commonLabels: { team: 'assistant', severity: 'page' },
  commonAnnotations: {},
  externalURL: 'http://alertmanager.example:9093',
  alerts: alerts.map(([alertname, status], i) => ({
    status,
    labels: { alertname, team: 'assistant', severity: 'page', secret: 'hunter2' },
    annotations: { summary: 'Users get errors' },
    startsAt: '2026-03-02T11:04:00Z',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'http://prometheus.example:9090/graph?g0.expr=up',
    fingerprint: `f${i}`,
  })),
})

test('the first alert that fires in the outage marks it as detected, once', async () => {
  await using api = await Asking.open()

  const first = await api.post('/v1/alerts', sent(['AssistantErrors', 'firing'], ['QueueLong', 'firing']))
  const again = await api.post('/v1/alerts', sent(['AssistantErrors', 'firing'], ['QueueLong', 'resolved']))

  expect([first.status, first.json]).toEqual([200, { alerts: 2, detected: true }])
  expect([again.status, again.json]).toEqual([200, { alerts: 1, detected: false }])
  const detail = (title: string, status: string, fingerprint: string) => ({ title, status, fingerprint })
  expect(api.drill.told).toEqual([
    { mark: 'alert', says: 'AssistantErrors: firing', detail: detail('AssistantErrors', 'firing', 'f0') },
    { mark: 'alert', says: 'QueueLong: firing', detail: detail('QueueLong', 'firing', 'f1') },
    { mark: 'detected', says: 'by the alert AssistantErrors' },
    { mark: 'alert', says: 'QueueLong: resolved', detail: detail('QueueLong', 'resolved', 'f1') },
  ])
  expect(JSON.stringify(api.drill.events)).not.toContain('hunter2')
})

test('one alert in a few words is enough', async () => {
  await using api = await Asking.open()

  const { json } = await api.post('/v1/alerts', { title: 'Synthetic check is red', status: 'firing', check: 17 })

  expect(json).toEqual({ alerts: 1, detected: true })
  expect(api.drill.told[0]).toMatchObject({ mark: 'alert', says: 'Synthetic check is red: firing' })
})

test('what fires before the outage, is over, or comes after somebody has marked it detects nothing', async () => {
  await using api = await Asking.open()
  const send = async (title: string, status: string) => (await api.post('/v1/alerts', { title, status })).json

  api.drill.now = { ...fakeState, stage: 'steady-state', t: -60_000 }
  expect(await send('DiskFull', 'firing')).toEqual({ alerts: 1, detected: false })
  api.drill.now = fakeState
  expect(await send('DiskFull', 'firing')).toEqual({ alerts: 0, detected: false })
  expect(await send('Errors', 'resolved')).toEqual({ alerts: 1, detected: false })
  await api.post('/v1/mark', { mark: 'detected', says: 'a user called' })
  expect(await send('Errors', 'firing')).toEqual({ alerts: 1, detected: false })
  expect(api.drill.told.filter(told => JSON.stringify(told).includes('"detected"'))).toHaveLength(1)
})

test('the token is taken as a password here, and nowhere else', async () => {
  await using api = await Asking.open()
  const basic = (password: string) => ({
    headers: { authorization: `Basic ${Buffer.from(`alertmanager:${password}`).toString('base64')}` },
  })
  const body = { title: 'Errors', status: 'firing' }

  const asked = await Promise.all([
    api.post('/v1/alerts', body, basic(api.server.token)),
    api.post('/v1/alerts', body, basic('not-the-token-of-this-drill')),
    api.post('/v1/alerts', body, { headers: { authorization: 'Basic !!!' } }),
    api.post('/v1/alerts', body, { headers: { authorization: undefined } }),
    api.post('/v1/hold', undefined, basic(api.server.token)),
    api.get('/v1/alerts', basic(api.server.token)),
  ])

  expect(asked.map(({ status }) => status)).toEqual([200, 401, 401, 401, 401, 401])
})

test('what is neither form is refused in words', async () => {
  await using api = await Asking.open()

  const { status, json } = await api.post('/v1/alerts', { title: 'Errors', status: 'red' })
  const odd = await api.post('/v1/alerts', { alerts: [{ status: 'firing', labels: { alertname: 7 } }] })

  expect(status).toBe(400)
  expect(json).toMatchInlineSnapshot(`
    {
      "error": {
        "code": "bad-request",
        "hint": "GET /v1/openapi.json says what is taken; it needs no token.",
        "message": "Failed to read the body: The body must be what Alertmanager sends (an object with a list "alerts", each with its status), or { "title": …, "status": "firing" }, not an object.",
      },
    }
  `)
  expect(odd.json).toEqual({ alerts: 1, detected: true })
  expect(api.drill.told[0]).toMatchObject({ says: 'an alert without a name: firing' })
})
