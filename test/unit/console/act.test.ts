import { expect, test } from 'vitest'
import type { Action, Problem } from '../../../src/console/protocol.ts'
import { fakeResult } from '../../support/fake-result.ts'
import { check, Visiting } from './visiting.ts'

test('what the facilitator does reaches the drill', async () => {
  await using visit = await Visiting.held()
  const actions: readonly Action[] = [
    ...([{ do: 'hold' }, { do: 'release' }, { do: 'skip' }, { do: 'extend', by: '1m30s' }] as const),
    ...([
      { do: 'goto', to: 'embers + 1m' },
      { do: 'stop-injected', entry: 'faults[0]' },
    ] as const),
    { do: 'inject', surface: 'api', fault: { brownout: { slower: 3 } }, share: '30%', for: '2m' },
    { do: 'say', kind: 'mail', text: 'Are we down?', from: 'the CEO', subject: 'Hm' },
    { do: 'mark', mark: 'declared', author: 'Grace', says: 'SEV1' },
    { do: 'note', category: 'decision', says: 'We wait', author: 'Ada' },
  ]

  for (const action of actions) expect(await visit.act('facilitator', action)).toMatchObject({ status: 204, text: '' })

  expect(visit.drill.told).toEqual([
    ...[{ hold: true }, { release: true }, { skip: true }, { extend: 90_000 }, { goto: 'embers + 1m' }],
    ...[{ stop: 'faults[0]' }],
    { inject: { surface: 'api', fault: { brownout: { slower: 3 } }, share: '30%', for: '2m' } },
    {
      mark: 'inject',
      says: 'mail from the CEO to responders: "Hm": Are we down?',
      detail: {
        ...{ kind: 'mail', to: 'responders', text: 'Are we down?', from: 'the CEO', subject: 'Hm' },
        ...{ byHand: true, role: 'facilitator' },
      },
    },
    { mark: 'declared', says: 'SEV1', detail: { author: 'Grace', role: 'facilitator' } },
    { mark: 'note', says: 'We wait', detail: { category: 'decision', author: 'Ada', role: 'facilitator' } },
  ])
})

test('what the drill cannot do now is refused in its own words', async () => {
  await using visit = await Visiting.held()
  visit.drill.refuseNext('Failed to skip: the outage has not begun.', 'Wait for the first phase.')

  const { status, text } = await visit.act('facilitator', { do: 'skip' })

  expect([status, JSON.parse(text)]).toEqual([
    409,
    { message: 'Failed to skip: the outage has not begun.', hint: 'Wait for the first phase.' },
  ])
})

test('it does not begin over a no-go, or while something is not ticked off', async () => {
  const said = async (visit: Visiting, confirmed: readonly string[]) => {
    const { status, text } = await visit.act('facilitator', { do: 'start', confirmed })
    return status === 204 ? 'begun' : (JSON.parse(text) as Problem).message // a refusal has words
  }
  await using stopped = await Visiting.open({ checks: [check('the right environment', 'no-go')] })
  expect(await said(stopped, ['the right environment'])).toBe('No-go: the right environment.')

  await using visit = await Visiting.open({
    checks: [check('Support knows', 'ask'), check('the kill switch', 'later')],
  })
  const stream = await visit.follow('facilitator')
  expect(await said(visit, ['the kill switch'])).toBe('Nobody has confirmed: Support knows.')
  expect((await visit.act('facilitator', { do: 'hold' })).status).toBe(409)
  expect(await said(visit, ['Support knows'])).toBe('begun')
  expect(await visit.console.started).toEqual({ confirmed: ['Support knows'] })
  expect(await said(visit, ['Support knows'])).toBe('The show has begun already.')

  visit.console.check({ what: 'the kill switch', state: 'go', why: 'it answers' })
  await stream.until(({ view }) => view?.stage === 'starting' && view.checks[1]?.state === 'go')
  expect(stream.facilitator.checks).toEqual([
    { what: 'Support knows', state: 'go', why: 'confirmed in the console' },
    { what: 'the kill switch', state: 'go', why: 'it answers' },
  ])
})

test('an abort is told with the time to all-clear, what is left over, and the papers', async () => {
  await using visit = await Visiting.held()
  const stream = await visit.follow('facilitator')

  expect((await visit.act('facilitator', { do: 'abort', why: 'enough' })).status).toBe(204)
  expect(visit.drill.told).toEqual([{ abort: 'enough' }])
  expect((await visit.get('/api/papers/report.html', { role: 'facilitator' })).status).toBe(409)
  const result = fakeResult({ verdict: 'inconclusive', exitCode: 5, reason: 'Not clean.', notRestored: ['a port'] })
  visit.console.ended(result, { 'report.html': () => '<h1>All of it</h1>', 'scorecard.md': () => '# Scorecard' })
  await stream.until(({ view }) => view?.ended !== undefined)

  const { ending, stage } = stream.facilitator
  expect(stage).toBe('ended')
  expect(ending).toEqual({
    ...{ verdict: 'inconclusive', exitCode: 5, reason: 'Not clean.', leftovers: ['a port'] },
    ...{ papers: ['report.html', 'scorecard.md'], allClearMs: expect.any(Number) },
  })
  const paper = await visit.get('/api/papers/report.html', { role: 'observer' })
  expect([paper.status, paper.headers['content-type'], paper.text]).toEqual([
    ...[200, 'text/html; charset=utf-8', '<h1>All of it</h1>'],
  ])
  expect((await visit.get('/api/papers/constructor', { role: 'observer' })).status).toBe(404)
})

test('an abort that came from elsewhere, a key or the control API, is measured as well', async () => {
  await using visit = await Visiting.held()
  const stream = await visit.follow('observer')

  visit.drill.write({ type: 'mark', t: 1, mark: 'aborted', says: 'by a key' })
  await stream.until(({ view }) => view?.role === 'observer' && view.aborting === true)
  expect((await visit.act('facilitator', { do: 'abort', why: 'me too' })).status).toBe(409)
  visit.drill.end()
  await visit.drill.verdict()
  visit.console.ended(fakeResult(), {})
  await stream.until(({ view }) => view?.ended !== undefined)

  expect(stream.facilitator.aborting).toBeUndefined()
  expect(stream.facilitator.ending?.allClearMs).toEqual(expect.any(Number))
  expect(stream.facilitator.links).toBeUndefined()
})
