import crypto from 'node:crypto'
import { Socket } from 'node:net'
import perfHooks from 'node:perf_hooks'
import { mock } from 'node:test'
import timers from 'node:timers'
import timersPromises, { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import zlib from 'node:zlib'
import { afterEach, expect, test, vi } from 'vitest'
import { VirtualClock } from '../../../src/clock/virtual.ts'
import { UsageError } from '../../../src/lib/errors.ts'
import { onVirtualTime, startMs } from './support.ts'

afterEach(() => {
  vi.useRealTimers()
  mock.timers.reset()
})

/** Every property, by descriptor, that a run could have touched. */
function globals() {
  const owners = {
    global: globalThis,
    process,
    Math,
    AbortSignal,
    performance: perfHooks.performance,
    Performance: Object.getPrototypeOf(perfHooks.performance),
    timers,
    timersPromises,
    scheduler: timersPromises.scheduler,
    Scheduler: Object.getPrototypeOf(timersPromises.scheduler),
    setTimeout,
    crypto,
    webcrypto: globalThis.crypto,
    subtle: Object.getPrototypeOf(crypto.webcrypto.subtle),
    Socket: Socket.prototype,
    Worker: Worker.prototype,
    Zlib: Object.getPrototypeOf(Object.getPrototypeOf(zlib.Gzip.prototype)),
  }
  return Object.entries(owners).flatMap(([name, owner]) =>
    Reflect.ownKeys(owner).map(key => [`${name}.${String(key)}`, Object.getOwnPropertyDescriptor(owner, key)] as const),
  )
}

/** What differs, each by name; identity counts. */
function changes(before: ReturnType<typeof globals>): string[] {
  const now = new Map(globals())
  const known = new Map(before)
  const names = new Set([...now.keys(), ...known.keys()])
  return [...names].filter(name => {
    const [a, b] = [known.get(name), now.get(name)]
    if (!a || !b) return true
    return (['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const).some(
      key => !Object.is(a[key], b[key]),
    )
  })
}

test('every global is given back as it was: after success, a throw, a double dispose', async () => {
  // Node makes some of its properties when they are first asked for.
  globals()
  const before = globals()
  const listeners = process.eventNames().map(name => [name, process.listenerCount(name)])

  await onVirtualTime(() => sleep(60_000))
  expect(changes(before)).toEqual([])

  await onVirtualTime(async () => {
    setInterval(() => {}, 10)
    throw new Error('the app fails')
  })
  expect(changes(before)).toEqual([])

  const clock = new VirtualClock({ startMs })
  expect(changes(before)).toContain('global.setTimeout')
  clock[Symbol.dispose]()
  clock[Symbol.dispose]()
  expect(changes(before)).toEqual([])
  expect(process.eventNames().map(name => [name, process.listenerCount(name)])).toEqual(listeners)
})

test('a named import follows into virtual time and back', async () => {
  const { passedMs } = await onVirtualTime(() => sleep(3_600_000))
  expect(passedMs).toBe(3_600_000)

  const before = performance.now()
  await sleep(15)
  expect(performance.now() - before).toBeGreaterThan(10)
})

test('foreign fake timers are refused with advice, and nothing is touched', () => {
  for (const install of [
    () => vi.useFakeTimers(),
    () => vi.useFakeTimers({ toFake: ['Date'] }),
    () => vi.useFakeTimers({ toFake: ['setTimeout'] }),
    () => mock.timers.enable({ apis: ['Date'] }),
  ]) {
    install()
    const before = globals()

    const start = () => new VirtualClock({ startMs })

    expect(start).toThrow(UsageError)
    expect(start).toThrow('Failed to start virtual time: fake timers are installed already')
    try {
      start()
    } catch (error) {
      expect((error as UsageError).hint).toContain('vi.useRealTimers()')
    }
    expect(changes(before)).toEqual([])
    vi.useRealTimers()
    mock.timers.reset()
  }
})

test('a second clock beside the first is refused, and may come after it', async () => {
  {
    using _first = new VirtualClock({ startMs })
    expect(() => new VirtualClock({ startMs })).toThrow('another run is under way')
  }
  expect((await onVirtualTime(() => sleep(10))).passedMs).toBe(10)
})

test('what nothing can wake is a deadlock', async () => {
  const { end, passedMs } = await onVirtualTime(async () => {
    await sleep(500)
    await new Promise(() => {})
  })
  expect([end, passedMs]).toEqual(['deadlock', 500])
})

test('what comes late by a way that is not watched is no deadlock', async () => {
  const real = setTimeout
  const { end, value } = await onVirtualTime(() => new Promise(resolve => real(() => resolve('late'), 100)))
  expect([end, value]).toEqual(['done', 'late'])
})

test('a drive ends when its signal aborts or the clock is given back', async () => {
  using clock = new VirtualClock({ startMs })
  const controller = new AbortController()
  clock.after(5_000, () => controller.abort())
  expect(await clock.drive(new Promise(() => {}), controller.signal)).toBe('interrupted')
  expect(clock.now() - startMs).toBe(5_000)

  const drive = clock.drive(new Promise(() => {}))
  clock[Symbol.dispose]()
  expect(await drive).toBe('interrupted')
})

test('a root that rejects ends the drive and is not swallowed', async () => {
  using clock = new VirtualClock({ startMs })
  const root = sleep(10).then(() => {
    throw new Error('mine')
  })
  expect(await clock.drive(root)).toBe('done')
  await expect(root).rejects.toThrow('mine')
})

test('a callback that throws is an uncaught exception, and time goes on', async () => {
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  const caught: unknown[] = []
  const note = (error: unknown, origin: string) => caught.push([error, origin])
  process.on('uncaughtException', note)
  try {
    const { end, passedMs } = await onVirtualTime(async () => {
      let left = 2
      const interval = setInterval(() => {
        if (--left === 0) clearInterval(interval)
        throw `beat ${left}`
      }, 100)
      setTimeout(() => {
        throw new TypeError('once')
      }, 50)
      await sleep(1_000)
    })
    expect([end, passedMs]).toEqual(['done', 1_000])
    expect(caught).toEqual([
      [new TypeError('once'), 'uncaughtException'],
      ['beat 1', 'uncaughtException'],
      ['beat 0', 'uncaughtException'],
    ])
  } finally {
    process.off('uncaughtException', note)
    for (const other of others) process.on('uncaughtException', other)
  }
})

test('without a handler for it, a callback that throws ends the drive', async () => {
  const others = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  try {
    await expect(
      onVirtualTime(async () => {
        setTimeout(() => {
          throw new Error('nobody listens')
        }, 5)
        await sleep(1_000)
      }),
    ).rejects.toThrow('nobody listens')
  } finally {
    for (const other of others) process.on('uncaughtException', other)
  }
  expect((await onVirtualTime(() => sleep(10))).end).toBe('done')
})

const spins: Record<string, () => unknown> = {
  'setTimeout of nothing': () => {
    const again = () => void setTimeout(again, 0) // spins here: setTimeout of nothing
    again()
  },
  setInterval: () => setInterval(() => {}, 1), // spins here: setInterval
  setImmediate: () => {
    const again = () => void setImmediate(again) // spins here: setImmediate
    again()
  },
  'timers/promises': async () => {
    for (;;) await sleep(0) // spins here: timers/promises
  },
}

for (const [name, spin] of Object.entries(spins))
  test(`timers that fire without end are told with their line: ${name}`, async () => {
    const { end } = await onVirtualTime(
      async () => {
        spin()
        await sleep(3_600_000)
      },
      { spinLimit: 2_000 },
    )
    if (typeof end === 'string') throw new Error(`ended as ${end}`)
    const [, file, line] = /(\S+?):(\d+):\d+\)?$/.exec(end.where) ?? []
    expect(file?.replace(/^.*\(/, '')).toBe('test/unit/clock/virtual.test.ts')
    const source = await import('node:fs').then(fs => fs.readFileSync(import.meta.filename, 'utf8'))
    expect(source.split('\n')[Number(line) - 1]).toContain(`// spins here: ${name}`)
    expect(end.atMs - startMs).toBeLessThan(60_000)
  })

test('many timers are no spin where something moves, or where they are spread out', async () => {
  const busy = await onVirtualTime(
    async clock => {
      const interval = setInterval(() => {}, 10)
      const moving = setInterval(() => clock.progress(), 1_000)
      await sleep(600_000)
      clearInterval(interval)
      clearInterval(moving)
    },
    { spinLimit: 2_000 },
  )
  expect(busy.end).toBe('done')

  const calm = await onVirtualTime(() => sleep(600_000).then(() => undefined), { spinLimit: 5 })
  expect(calm.end).toBe('done')
})

test('microtasks and messages between timers are done before time moves', async () => {
  const { value } = await onVirtualTime(async () => {
    const seen: string[] = []
    setTimeout(() => seen.push('later'), 1)
    for (let i = 0; i < 50; i++) await null
    await new Promise<void>(resolve => process.nextTick(resolve))
    await new Promise<void>(resolve => queueMicrotask(resolve))
    const { port1, port2 } = new MessageChannel()
    await new Promise(resolve => {
      port1.addEventListener('message', resolve)
      port1.start()
      port2.postMessage(1)
    })
    port1.close()
    await new Promise(resolve => setImmediate(resolve))
    seen.push(`first ${Date.now() - startMs}`)
    await sleep(5)
    return seen
  })
  expect(value).toEqual(['first 0', 'later'])
})

test('the wall clock may be set forth and back: dates follow, and nothing else does', async () => {
  const { value } = await onVirtualTime(async clock => {
    const told = () => [Date.now() - startMs, performance.now(), clock.now() - startMs]
    const due = new Promise<readonly number[]>(resolve => setTimeout(() => resolve(told()), 2_000))
    await sleep(1_000)
    clock.stepWall(3_600_000)
    const forth = told()
    const fired = await due
    clock.stepWall(-7_200_000)
    const hrtime = process.hrtime()
    await sleep(500)
    const [seconds = 0, nanoseconds = 0] = process.hrtime(hrtime)
    return { forth, fired, back: told(), passed: seconds * 1_000 + nanoseconds / 1e6 }
  })

  expect(value).toEqual({
    forth: [3_601_000, 1_000, 1_000],
    fired: [3_602_000, 2_000, 2_000],
    back: [-3_597_500, 2_500, 2_500],
    passed: 500,
  })
})
