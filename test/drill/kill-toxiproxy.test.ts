import { afterAll, describe, expect, test } from 'vitest'
import { realServer } from '../unit/engines/toxiproxy/support.ts'
import { Drill, type Moment, withChildren } from './support.ts'

const { server, name } = await realServer()
const flags = ['--engine', 'toxiproxy']

afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
})

const moments: readonly Moment[] = ['the program is up', 'the outage has begun', 'all is healed']

describe.skipIf(!server)(`a server that the drill starts itself, ${name}`, () => {
  test.concurrent.for(moments)('kill -9 when %s takes it along', async (when, { expect }) => {
    using drill = new Drill(withChildren, { flags })
    expect(await drill.until(when)).toBe(true)
    drill.child.kill('SIGKILL')
    await drill.ended

    expect(await drill.leftovers()).toEqual([])
    expect(drill.written()[0]).toBe('run-started')
  })

  test.concurrent.for(moments)('SIGTERM when %s ends it', async (when, { expect }) => {
    using drill = new Drill(withChildren, { flags })
    expect(await drill.until(when)).toBe(true)
    drill.child.kill('SIGTERM')

    expect(await drill.ended).toEqual({ code: 143, signal: null })
    expect(await drill.leftovers()).toEqual([])
    expect(drill.written().at(-1)).toBe('run-ended')
  })
})

describe.skipIf(!server)(`a server of somebody else, ${name}`, () => {
  const env = { TOXIPROXY_URL: server?.url ?? '' }

  test('has no proxy left after SIGINT in the outage, and goes on', async () => {
    using drill = new Drill(withChildren, { flags, env })
    expect(await drill.until('the outage has begun')).toBe(true)
    expect(Object.keys(await proxies())).not.toEqual([])
    drill.child.kill('SIGINT')

    expect(await drill.ended).toEqual({ code: 130, signal: null })
    expect(await proxies()).toEqual({})
    expect(await drill.leftovers()).toEqual([])
  })

  test('has what kill -9 left on it taken off by the next drill', async () => {
    using drill = new Drill(withChildren, { flags, env })
    expect(await drill.until('the outage has begun')).toBe(true)
    drill.child.kill('SIGKILL')
    await drill.ended
    const left = Object.keys(await proxies())
    expect(left).not.toEqual([])

    using next = new Drill(withChildren, { flags, env })
    expect(await next.until('the outage has begun')).toBe(true)
    const during = await proxies()
    expect(left.filter(proxy => proxy in during)).toEqual([])
    expect(await next.ended).toEqual({ code: 0, signal: null })
    expect(await proxies()).toEqual({})
  })
})

async function proxies(): Promise<object> {
  const response = await fetch(`${server?.url}/proxies`)
  return (await response.json()) as object
}
