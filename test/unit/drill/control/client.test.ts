import { expect, test } from 'vitest'
import { controlClient } from '../../../../src/drill/control/client.ts'
import type { JournalEvent } from '../../../../src/journal/event.ts'
import { UsageError } from '../../../../src/lib/errors.ts'
import { fakeState, fakeVerdict } from '../../../support/fake-drill.ts'
import { Asking } from './asking.ts'

const mark = (n: number): JournalEvent => ({ type: 'mark', t: n, mark: `m${n}` })

test('the client does all that the controls do', async () => {
  await using api = await Asking.open()
  const client = controlClient(api.server)

  expect(await client.state()).toEqual(JSON.parse(JSON.stringify(fakeState)))
  expect((await client.hold()).held).toBe(true)
  expect((await client.release()).held).toBe(false)
  await client.skip()
  await client.extend('5m')
  await client.goto('half')
  expect(await client.inject({ surface: 'api', fault: 'reset' })).toEqual({ entry: 'faults[0]' })
  await client.stopInjected('faults[0]')
  await client.mark('declared')
  expect((await client.abort('done')).reason).toBe('Aborted: done')

  expect(api.drill.told).toEqual([
    { hold: true },
    { release: true },
    { skip: true },
    { extend: 300_000 },
    { goto: 'half' },
    { inject: { surface: 'api', fault: 'reset' } },
    { stop: 'faults[0]' },
    { mark: 'declared' },
    { abort: 'done' },
  ])
})

test('what is refused is thrown with its hint', async () => {
  await using api = await Asking.open()
  api.drill.refuseNext('There is no instant "blakout".', 'Did you mean blackout?')

  const refused = controlClient(api.server).goto('blakout')

  await expect(refused).rejects.toBeInstanceOf(UsageError)
  await expect(refused).rejects.toMatchObject({
    message: 'There is no instant "blakout".',
    hint: 'Did you mean blackout?',
  })
})

test('the client follows the journal, and waits for the verdict', async () => {
  await using api = await Asking.open()
  const client = controlClient(api.server)
  for (let n = 0; n < 3; n++) api.drill.write(mark(n))
  const verdict = client.verdict()

  const heard: JournalEvent[] = []
  for await (const event of client.follow(1)) {
    heard.push(event)
    if (heard.length === 2) {
      api.drill.write({ ...mark(3), type: 'mark', mark: 'm3', says: 'ü'.repeat(40_000) })
      api.drill.end()
    }
  }

  expect(heard.map(event => event.t)).toEqual([1, 2, 3])
  expect(await client.journal(3)).toEqual(heard.slice(2))
  expect(await verdict).toEqual(fakeVerdict)
})
