import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { type Answered, Asking } from './asking.ts'

const refused = ({ status, json }: Answered) => {
  const { code, message, hint } = (json as { error: { code: string; message: string; hint?: string } }).error // held to the document
  return [status, code, ...[message, ...(hint === undefined ? [] : [hint])]]
}

test('without the token nothing is told or done', async () => {
  await using api = await Asking.open()

  const answers = await Promise.all([
    api.get('/v1/state', { headers: { authorization: undefined } }),
    api.get('/v1/state', { headers: { authorization: 'Bearer wrong' } }),
    api.get('/v1/state', { headers: { authorization: `Basic ${api.server.token}` } }),
    api.get('/v1/state', { headers: { authorization: `Bearer ${api.server.token}x` } }),
    api.post('/v1/skip', undefined, { headers: { authorization: undefined } }),
    api.get('/v1/nowhere', { headers: { authorization: undefined } }),
  ])

  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401])
  expect(answers.map(({ headers }) => headers['www-authenticate'])).toContain('Bearer realm="blackstart drill"')
  expect(api.drill.told).toEqual([])
  expect(answers.slice(0, 3).map(answer => refused(answer)[2])).toEqual([
    'The control API wants the token of this drill.',
    'This is not the token of this drill.',
    'The authorization header is not of the form "Bearer TOKEN".',
  ])
})

test('a token in the URL is not taken, and the header is named', async () => {
  await using api = await Asking.open()

  const alone = await api.get(`/v1/state?token=${api.server.token}`, { headers: { authorization: undefined } })
  const beside = await api.get(`/v1/state?token=${api.server.token}`)

  expect(refused(alone)).toEqual([
    401,
    'unauthorized',
    'The control API wants the token of this drill.',
    'A token in a URL ends up in logs and is not taken: send the header "authorization: Bearer TOKEN".',
  ])
  expect(beside.status).toBe(400)
  expect(alone.text + beside.text).not.toContain(api.server.token)
})

test('a name that was rebound to this machine is refused, whatever it knows', async () => {
  await using api = await Asking.open()
  const { port } = api.server
  const asked = async (host: string) => (await api.get('/v1/state', { headers: { host } })).status

  expect(
    await Promise.all([`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`].map(asked)),
  ).toEqual([200, 200, 200, 200])
  expect(
    await Promise.all(
      [`evil.test:${port}`, '127.0.0.1', `127.0.0.1:${port + 1}`, `127.0.0.1.evil.test:${port}`].map(asked),
    ),
  ).toEqual([403, 403, 403, 403])
  expect(refused(await api.get('/v1/openapi.json', { headers: { host: `evil.test:${port}` } }))).toEqual([
    403,
    'host-refused',
    `The control API does not go by the name "evil.test:${port}".`,
    `Ask http://127.0.0.1:${port}; it is for this machine alone.`,
  ])
})

test('a page of another site gets nothing, one of this address does', async () => {
  await using api = await Asking.open()
  const asked = async (origin: string) => (await api.post('/v1/hold', undefined, { headers: { origin } })).status

  expect(await Promise.all(['https://evil.test', 'null', 'http://127.0.0.1', 'http://localhost:1'].map(asked))).toEqual(
    [403, 403, 403, 403],
  )
  expect(api.drill.told).toEqual([])
  expect(await asked(`http://127.0.0.1:${api.server.port}`)).toBe(200)
})

test('no answer allows another site to read it, and none is kept', async () => {
  await using api = await Asking.open()

  const { headers } = await api.get('/v1/state', { headers: { origin: `http://localhost:${api.server.port}` } })

  expect(headers['access-control-allow-origin']).toBeUndefined()
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['x-content-type-options']).toBe('nosniff')
})

test('unknown paths and methods are answered in words', async () => {
  await using api = await Asking.open()

  const [nowhere, method, options] = await Promise.all([
    api.get('/v1/sate'),
    api.get('/v1/hold'),
    api.ask('OPTIONS', '/v1/state'),
  ])

  expect(refused(nowhere).slice(0, 3)).toEqual([404, 'not-found', 'There is no "/v1/sate" here.'])
  expect(refused(nowhere)[3]).toContain('/v1/state')
  expect([method.headers.allow, ...refused(method)]).toEqual([
    'POST',
    405,
    'method-not-allowed',
    '/v1/hold does not take GET.',
    'Use POST.',
  ])
  expect([options.status, options.headers.allow]).toEqual([405, 'GET'])
})

test('a body that is wrong is refused with all that is wrong in it', async () => {
  await using api = await Asking.open()
  const said = async (path: string, body: unknown) => refused(await api.post(path, body))[2]

  expect(await said('/v1/extend', { by: 'soon' })).toMatchInlineSnapshot(
    `"Failed to read the body: "by" must be a duration such as 90s, 5m or 1h30m, or a number of ms, not "soon"."`,
  )
  expect(await said('/v1/extend', {})).toMatchInlineSnapshot(
    `"Failed to read the body: "by" is missing: it must be a duration such as 90s, 5m or 1h30m, or a number of ms."`,
  )
  expect(await said('/v1/extend', { by: 0 })).toMatchInlineSnapshot(`""by" must be longer than nothing."`)
  expect(await said('/v1/goto', { too: 'half' })).toMatchInlineSnapshot(
    `"Failed to read the body: "to" is missing: it must be a text that is not empty. "too" is not known; did you mean "to"?"`,
  )
  expect(await said('/v1/mark', { mark: '', says: 7 })).toMatchInlineSnapshot(
    `"Failed to read the body: "mark" must be a text of 1 to 60 characters, not "". "says" must be a text of at most 1000 characters, not 7."`,
  )
  expect(
    await said('/v1/inject', {
      surfaces: 'api',
      share: 30,
      sticky: 'phone',
      mix: [{ fault: 'overloaded', share: '50%' }, {}],
    }),
  ).toMatchInlineSnapshot(
    `"Failed to read the body: "surface" is missing: it must be the name of a surface, or a list of them. "surfaces" is not known; did you mean "surface"? "mix[1].fault" is missing: it must be the id of a fault, or { id: its parameters }. "mix[1].share" is missing: it must be a share such as 30% or 0.3. "share" must be a share such as 30% or 0.3, not 30. "sticky" must be one of call, user, key, session, not "phone"."`,
  )
  expect(await said('/v1/hold', { now: true })).toMatchInlineSnapshot(`"Failed to read the body: "now" is not known."`)
  expect(await said('/v1/abort', [])).toMatchInlineSnapshot(
    `"Failed to read the body: The body must be an object, not an empty list."`,
  )
  expect(api.drill.told).toEqual([])
})

test('a query that is wrong is refused', async () => {
  await using api = await Asking.open()

  const answers = await Promise.all(
    ['/v1/journal?since=-1', '/v1/journal?follow=yes', '/v1/state?wait=true', '/v1/journal?sinse=1'].map(path =>
      api.get(path),
    ),
  )

  expect(answers.map(answer => refused(answer)[2])).toMatchInlineSnapshot(`
    [
      "Failed to read the query: "since" must be a whole number from 0, not "-1".",
      "Failed to read the query: "follow" must be true or false, not "yes".",
      "Failed to read the query: "wait" is not known.",
      "Failed to read the query: "sinse" is not known; did you mean "since"?",
    ]
  `)
})

test('a body must be JSON, say so, and be small', async () => {
  await using api = await Asking.open()
  const send = (raw: string, headers = {}) => api.ask('POST', '/v1/mark', { raw, headers })

  const plain = await send('{"mark":"x"}', { 'content-type': 'text/plain' })
  const form = await send('mark=x', { 'content-type': undefined })
  const broken = await send('{"mark":')
  const nothing = await send('')
  const large = await send(JSON.stringify({ mark: 'x', says: 'y'.repeat(64 * 1024) }))
  const huge = await send(JSON.stringify({ mark: 'x', says: 'y'.repeat(900_000) }))
  const chunked = await send('y'.repeat(70_000), { 'content-length': undefined, 'transfer-encoding': 'chunked' })
  const charset = await send('{"mark":"x"}', { 'content-type': 'application/json; charset=utf-8' })

  expect([plain, form, broken, nothing].map(({ status }) => status)).toEqual([415, 415, 400, 400])
  expect([large, huge, chunked].map(refused)).toEqual(
    Array.from({ length: 3 }, () => [413, 'too-large', 'A body may have 64 KB at most.']),
  )
  expect(charset.status).toBe(200)
  expect(api.drill.told).toEqual([{ mark: 'x' }])
})

test('an endless body is cut off', async () => {
  await using api = await Asking.open()
  const socket = connect(api.server.port, '127.0.0.1')
  const head = `POST /v1/mark HTTP/1.1\r\nhost: 127.0.0.1:${api.server.port}\r\nauthorization: Bearer ${api.server.token}\r\n`
  socket.write(`${head}content-type: application/json\r\ncontent-length: 99999999\r\n\r\n`)

  const text = await new Promise<string>(resolve => {
    let all = ''
    socket.setEncoding('utf8').on('data', part => {
      all += part
    })
    socket.on('close', () => resolve(all))
  })

  expect(text).toMatch(/^HTTP\/1\.1 413 /)
})
