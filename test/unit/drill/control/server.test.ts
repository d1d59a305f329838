import { expect, test } from 'vitest'
import { installChance } from '../../../../src/clock/chance.ts'
import { newToken, openControlServer } from '../../../../src/drill/control/server.ts'
import { UsageError } from '../../../../src/lib/errors.ts'
import { FakeDrill, fakeState, fakeVerdict } from '../../../support/fake-drill.ts'
import { Asking } from './asking.ts'

const problem = (code: string, message: string, hint?: string) => ({
  error: { code, message, ...(hint !== undefined && { hint }) },
})

test('the state is the drill’s own', async () => {
  await using api = await Asking.open()

  const { status, json } = await api.get('/v1/state')

  expect(status).toBe(200)
  expect(json).toEqual(JSON.parse(JSON.stringify(fakeState)))
})

test('each command steers the drill, and answers with what it is then', async () => {
  await using api = await Asking.open()

  const held = await api.post('/v1/hold')
  await api.post('/v1/release', {})
  await api.post('/v1/skip')
  await api.post('/v1/extend', { by: '1m30s' })
  await api.post('/v1/extend', { by: 250 })
  await api.post('/v1/goto', { to: 'half + 10s' })
  const injected = await api.post('/v1/inject', {
    surface: 'api',
    fault: 'overloaded',
    share: '30%',
    when: { first: 1 },
  })
  await api.post('/v1/stop', { entry: 'faults[0]' })
  await api.post('/v1/mark', { mark: 'detected', says: 'the pager rang' })
  const aborted = await api.post('/v1/abort', { why: 'enough seen' })

  expect(held.json).toMatchObject({ phase: 'down', held: true })
  expect([injected.status, injected.json]).toEqual([201, { entry: 'faults[0]' }])
  expect([aborted.status, aborted.json]).toEqual([
    200,
    { verdict: 'inconclusive', exitCode: 4, reason: 'Aborted: enough seen', findings: [] },
  ])
  expect(api.drill.told).toEqual([
    { hold: true },
    { release: true },
    { skip: true },
    { extend: 90_000 },
    { extend: 250 },
    { goto: 'half + 10s' },
    { inject: { surface: 'api', fault: 'overloaded', share: '30%', when: { first: 1 } } },
    { stop: 'faults[0]' },
    { mark: 'detected', says: 'the pager rang' },
    { abort: 'enough seen' },
  ])
})

test('what the drill cannot do now is a conflict, in its own words', async () => {
  await using api = await Asking.open()
  api.drill.refuseNext('Failed to skip: the scenario is over.', 'Skip earlier.')

  const { status, json } = await api.post('/v1/skip')

  expect(status).toBe(409)
  expect(json).toEqual(problem('conflict', 'Failed to skip: the scenario is over.', 'Skip earlier.'))
})

test('a bug of the drill is told as one, and the server lives on', async () => {
  await using api = await Asking.open()
  api.drill.refusal = new TypeError('x is undefined')

  const { status, json } = await api.post('/v1/hold')

  expect(status).toBe(500)
  expect(json).toEqual(problem('internal', 'The drill failed to do it: x is undefined'))
  expect((await api.get('/v1/state')).status).toBe(200)
})

test('the verdict is not there while the drill runs, and then it is', async () => {
  await using api = await Asking.open()

  const before = await api.get('/v1/verdict')
  const waiting = api.get('/v1/verdict?wait=true')
  api.drill.end()
  const waited = await waiting
  const after = await api.get('/v1/verdict')

  expect([before.status, before.json]).toMatchObject([202, { phase: 'down', stage: 'outage' }])
  expect([waited.status, waited.json]).toEqual([200, fakeVerdict])
  expect([after.status, after.json]).toEqual([200, fakeVerdict])
})

test('a drill that broke off has no verdict, and says why', async () => {
  await using api = await Asking.open()
  const waiting = api.get('/v1/verdict?wait=true')
  await api.get('/v1/state')
  api.drill.breakOff(new Error('the port was taken'))

  expect((await waiting).json).toEqual(problem('internal', 'The drill failed to do it: the port was taken'))
})

test('whoever waits for a verdict is answered when the server closes', async () => {
  const api = await Asking.open()
  const waiting = api.get('/v1/verdict?wait=true')
  await api.get('/v1/state')

  const [{ status }] = await Promise.all([waiting, api.server.close()])

  expect(status).toBe(202)
  await expect(api.get('/v1/state')).rejects.toThrow('ECONNREFUSED')
})

test('two drills have two tokens, and a short token is refused', async () => {
  await using one = await Asking.open()
  await using two = await Asking.open()

  expect(one.server.token).not.toBe(two.server.token)
  expect(one.server.token).toMatch(/^[\w-]{43}$/)
  await expect(openControlServer(new FakeDrill(), { token: 'secret' })).rejects.toThrow(UsageError)
})

test('no seed tells the token', () => {
  const undo = installChance(() => () => 0.5)
  try {
    expect(newToken()).not.toBe(newToken())
  } finally {
    undo()
  }
})

test('a port that is taken is said in words', async () => {
  await using api = await Asking.open()

  const second = openControlServer(new FakeDrill(), { port: api.server.port })

  await expect(second).rejects.toThrow(
    `Failed to open the control API on 127.0.0.1:${api.server.port}: listen EADDRINUSE`,
  )
})
