// What goes wrong in users' tests. Started by ../misbehaving.test.ts, which knows what is to pass and what is to fail.
import { test } from 'blackstart/vitest'
import { expect } from 'vitest'
import { createAssistant } from '../assistant.ts'
import { patient, quarter, sound } from '../clients.ts'

const { fetch, setTimeout } = globalThis
const clean = () => expect([globalThis.fetch === fetch, globalThis.setTimeout === setTimeout]).toEqual([true, true])

test('throws in the outage', async ({ outage }) => {
  await outage.start(quarter, { seed: 3 })
  await outage.goto('down')
  throw new Error('of the test itself')
})

test('clean after a throw', clean)

test('waits for what nobody lets time pass for', { timeout: 500 }, async ({ outage }) => {
  await outage.start(quarter)
  await outage.goto('down')
  await createAssistant().answer('hi')
})

test('clean after a timeout', clean)

test('is in the middle of a drive when it runs out of time', { timeout: 300 }, async ({ outage }) => {
  await outage.start(quarter)
  while (true) await outage.run(() => new Promise(resolve => globalThis.setTimeout(resolve, 1)))
})

test('clean after a drive', clean)

test('a run that takes longer than its test', { timeout: 200 }, async () => {
  await expect(patient).toSurvive('global-down', { users: 60 })
})

test('the next one has the globals', async ({ outage }) => {
  clean()
  await outage.start(quarter)
  await outage.goto('down')
  await expect(outage.run(() => createAssistant().answer('hi'))).rejects.toMatchObject({ status: 529 })
})

test('a rejection that nobody saw', async ({ outage }) => {
  await outage.start(quarter)
  await outage.run(() => {
    void Promise.reject(new Error('nobody saw this'))
    return new Promise(resolve => globalThis.setTimeout(resolve, 100))
  })
})

let tries = 0
test('fails once and is tried again', { retry: 1 }, async ({ outage }) => {
  await outage.start(quarter, { seed: 4 })
  await outage.goto('down')
  expect(++tries).toBe(2)
})

test('is done three times', { repeats: 2 }, async ({ outage }) => {
  await outage.start(quarter)
  await outage.goto('down')
  expect(outage.now).toBe(0)
})

test.concurrent('is concurrent', async ({ outage }) => {
  await outage.start(quarter)
})

test('does not survive', async () => {
  await expect(patient).toSurvive('global-down', { users: 6 })
})

test('is the last and sound', async () => {
  await expect(sound).toSurvive(quarter)
})
