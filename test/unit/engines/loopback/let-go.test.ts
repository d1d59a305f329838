import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { nativeFetch } from '../../../../src/engines/active-tap.ts'
import { doorFetch } from '../../../../src/engines/loopback/door-fetch.ts'
import { urlOf } from '../../../../src/engines/loopback/where-to.ts'
import { messagesBody, messagesHeaders } from '../../run/support.ts'
import { Loopback, wait } from './support.ts'

/** The app's memory is tidied, as it is sooner or later. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

const stalled = '  - { name: down, for: 1h, faults: [{ surface: api, fault: stream-stall }] }\n'

test.each(['a URL', 'a Request'])('an app that asks by %s can still let go of a stream, however old', async by => {
  await using loopback = await Loopback.open(stalled)
  await loopback.enter('down')
  const { server, responder, providers } = loopback
  const door = server.doors.find(({ provider, surface }) => provider === 'anthropic' && surface === 'api')
  if (!door) throw new Error('there is no door')
  const ask = doorFetch({ doors: server.doors, responder, providers, native: nativeFetch, onRefused() {} })
  const aborter = new AbortController()
  const url = `${urlOf(door)}/v1/messages`
  const init = {
    method: 'POST',
    headers: messagesHeaders('sk-ant-test'),
    body: messagesBody('[q:q1] Why?', { stream: true }),
    signal: aborter.signal,
  }

  const reading = (await (by === 'a URL' ? ask(url, init) : ask(new Request(url, init)))).text()
  await wait(100)
  collectGarbage()
  await wait(50)
  collectGarbage()
  aborter.abort()

  const outcome = await Promise.race([reading.catch((error: Error) => error.name), wait(2_000)])
  expect(outcome).toBe('AbortError')
})
