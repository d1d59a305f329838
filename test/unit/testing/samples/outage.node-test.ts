// Run by `node --test`, see ../node-test.test.ts.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  assertHonoursRetryAfter,
  assertNoFindings,
  assertSurvives,
  runScenario,
  startOutage,
} from '../../../../src/index.ts'
import { hasty, limited, patient, quarter, sound } from '../../vitest/clients.ts'

const { setTimeout } = globalThis

test('a moment, and the rest', async t => {
  const outage = await startOutage(quarter, { signal: t.signal })
  t.after(() => outage.close())
  process.stdout.write('printed by the test itself\n')
  await outage.goto('down + 1m')
  await assert.rejects(
    outage.run(() => fetch('https://api.anthropic.com/v1/models').then(({ status }) => Promise.reject(status))),
  )
  const result = await outage.finish()
  assertNoFindings(result, { severity: 'fail' })
  t.diagnostic('after the outage')
})

test('cut off by its own signal', async t => {
  const stop = new AbortController()
  const outage = await startOutage(quarter, { signal: stop.signal })
  t.after(() => outage.close())
  const going = outage.run(() => new Promise(resolve => globalThis.setTimeout(resolve, 1e12)))
  stop.abort()
  await assert.rejects(going, /The outage is over/)
})

test('a whole run', async () => {
  await assertSurvives(sound, quarter)
  await assert.rejects(assertSurvives(patient, 'global-down', { users: 4 }), {
    name: 'AssertionError',
    message: /patient did not survive global-down \(seed 1\): Failed: settles/,
  })
  const result = await runScenario({ scenario: limited, integration: hasty })
  assert.throws(() => assertHonoursRetryAfter(result), /came before the time/)
})

after(() => assert.equal(globalThis.setTimeout, setTimeout))
