import { AsyncLocalStorage } from 'node:async_hooks'
import { performance as hooksPerformance } from 'node:perf_hooks'
import { hrtime } from 'node:process'
import { setTimeout as timersSetTimeout } from 'node:timers'
import { setImmediate as immediately, scheduler, setTimeout as sleep, setInterval as ticks } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { onVirtualTime, startMs } from './support.ts'

const hour = 3_600_000

test('every kind of wait passes in virtual time', async () => {
  const waits: Record<string, () => Promise<unknown>> = {
    setTimeout: () => new Promise(resolve => setTimeout(resolve, hour)),
    'setTimeout of node:timers': () => new Promise(resolve => timersSetTimeout(resolve, hour)),
    'timers/promises': () => sleep(hour),
    'scheduler.wait': () => scheduler.wait(hour),
    promisify: () => promisify(setTimeout)(hour),
    'AbortSignal.timeout': () => new Promise(resolve => AbortSignal.timeout(hour).addEventListener('abort', resolve)),
    'a clock': () => Promise.resolve(),
  }
  for (const [name, wait] of Object.entries(waits)) {
    const { end, passedMs } = await onVirtualTime(clock => (name === 'a clock' ? clock.sleep(hour) : wait()))
    expect([name, end, passedMs]).toEqual([name, 'done', hour])
  }
})

test('every clock of the process tells virtual time', async () => {
  const { value } = await onVirtualTime(async () => {
    const times = () => [
      Date.now() - startMs,
      Date.parse(new Date().toISOString()) - startMs,
      performance.now(),
      hooksPerformance.now(),
      performance.timeOrigin + performance.now() - startMs,
    ]
    const before = process.hrtime()
    const big = hrtime.bigint()
    const first = times()
    await sleep(1_500)
    const [seconds, nanos] = process.hrtime(before)
    return { first, later: times(), seconds, nanos, big: hrtime.bigint() - big, text: new Date().toISOString() }
  })

  expect(value).toEqual({
    first: [0, 0, 0, 0, 0],
    later: [1_500, 1_500, 1_500, 1_500, 1_500],
    seconds: 1,
    nanos: 500_000_000,
    big: 1_500_000_000n,
    text: '2026-03-02T11:00:01.500Z',
  })
})

test('dates from before the run are still dates, and performance still measures', async () => {
  const before = new Date(0)

  const { value } = await onVirtualTime(async () => {
    performance.mark('begin')
    await sleep(250)
    const open = performance.measure('open', 'begin')
    performance.mark('end')
    const closed = performance.measure('closed', 'begin', 'end')
    return [
      before instanceof Date,
      new Date() instanceof Date,
      open.duration,
      closed.duration,
      typeof performance.timerify,
    ]
  })

  expect(value).toEqual([true, true, 250, 250, 'function'])
  performance.clearMarks()
  performance.clearMeasures()
})

test('timers fire in the order of their times, and those of one time in the order they were set', async () => {
  const { value } = await onVirtualTime(async () => {
    const seen: string[] = []
    const at = (name: string, ms?: number) => setTimeout(() => seen.push(`${name} ${Date.now() - startMs}`), ms)
    at('c', 30)
    at('a', 10)
    at('b', 10)
    setImmediate(() => seen.push(`now ${Date.now() - startMs}`))
    await sleep(50)
    return seen
  })
  expect(value).toEqual(['now 0', 'a 10', 'b 10', 'c 30'])
})

test('delays are read as Node reads them', async () => {
  const { value } = await onVirtualTime(async () => {
    const delayOf = async (ms: unknown) => {
      const before = Date.now()
      await new Promise(resolve => setTimeout(resolve, ms as number))
      return Date.now() - before
    }
    const delays: number[] = []
    for (const ms of [
      0,
      -5,
      undefined,
      Number.NaN,
      'soon',
      0.5,
      1.9,
      '20',
      2 ** 31 - 1,
      2 ** 31,
      Number.POSITIVE_INFINITY,
    ])
      delays.push(await delayOf(ms))
    return delays
  })
  expect(value).toEqual([1, 1, 1, 1, 1, 1, 1, 20, 2 ** 31 - 1, 1, 1])
})

test("the run's own clock knows longer waits than a timer does", async () => {
  const { passedMs } = await onVirtualTime(clock => clock.sleep(70 * 24 * hour))
  expect(passedMs).toBe(70 * 24 * hour)

  const cancelled = await onVirtualTime(async clock => {
    let fired = false
    const cancel = clock.after(70 * 24 * hour, () => {
      fired = true
    })
    await clock.sleep(30 * 24 * hour)
    cancel()
    await clock.sleep(70 * 24 * hour)
    return fired
  })
  expect(cancelled.value).toBe(false)
})

test("a sleep of the run's clock ends early when its signal aborts", async () => {
  const { passedMs } = await onVirtualTime(clock => clock.sleep(hour, AbortSignal.timeout(400)))
  expect(passedMs).toBe(400)
})

test('timers have the methods that Node gives them', async () => {
  const { value } = await onVirtualTime(async () => {
    const fired: string[] = []
    const timer = setTimeout(() => fired.push(`refreshed ${Date.now() - startMs}`), 100)
    expect(timer.hasRef()).toBe(true)
    expect(timer.unref()).toBe(timer)
    expect(timer.hasRef()).toBe(false)
    expect(timer.ref().hasRef()).toBe(true)
    await sleep(60)
    expect(timer.refresh()).toBe(timer)
    const immediate = setImmediate(() => {})
    expect(immediate.unref().hasRef()).toBe(false)

    const byObject = setTimeout(() => fired.push('object'), 10)
    clearTimeout(byObject)
    const byNumber = setTimeout(() => fired.push('number'), 10)
    clearTimeout(Number(byNumber))
    const byText = setInterval(() => fired.push('text'), 10)
    clearInterval(`${Number(byText)}`)
    const crossed = setInterval(() => fired.push('crossed'), 10)
    clearTimeout(crossed)
    const closed = setTimeout(() => fired.push('closed'), 10)
    closed.close()
    {
      using _timer = setTimeout(() => fired.push('disposed'), 10)
      using _immediate = setImmediate(() => fired.push('immediate'))
    }
    const cleared = setImmediate(() => fired.push('cleared'))
    clearImmediate(cleared)
    await sleep(1_000)
    return fired
  })
  expect(value).toEqual(['refreshed 160'])
})

test('clearing what is no timer, or none of this kind, does nothing', async () => {
  const { end, value, error } = await onVirtualTime(async () => {
    const immediate = new Promise<string>(resolve => {
      const handle = setImmediate(() => resolve('fired'))
      clearTimeout(handle as never)
    })
    for (const odd of [undefined, null, 0, 'x', {}, 123_456]) {
      clearTimeout(odd as never)
      clearImmediate(odd as never)
    }
    return immediate
  })
  expect([end, value, error]).toEqual(['done', 'fired', undefined])
})

test('a timer from before the run can be cleared in it', async () => {
  let fired = false
  const before = setTimeout(() => {
    fired = true
  }, 20)

  await onVirtualTime(async () => clearTimeout(before))

  await sleep(40)
  expect(fired).toBe(false)
})

test('a callback gets its arguments and its timer as `this`', async () => {
  const { value } = await onVirtualTime(
    () =>
      new Promise(resolve => {
        const timer = setTimeout(
          function (this: unknown, a: number, b: string) {
            resolve([this === timer, a, b])
          },
          5,
          1,
          'two',
        )
      }),
  )
  expect(value).toEqual([true, 1, 'two'])
})

test('callbacks keep the async context in which they were set', async () => {
  const context = new AsyncLocalStorage<string>()
  const { value } = await onVirtualTime(async clock => {
    const seen: Record<string, string | undefined> = {}
    const note = (name: string) => () => {
      seen[name] = context.getStore()
    }
    await context.run('mine', async () => {
      setTimeout(note('setTimeout'), 10)
      setImmediate(note('setImmediate'))
      const interval = setInterval(note('setInterval'), 10)
      setTimeout(() => clearInterval(interval), 35)
      AbortSignal.timeout(10).addEventListener('abort', note('AbortSignal.timeout'))
      clock.after(10, note('after'))
      void sleep(10).then(note('promise'))
    })
    await context.run('other', () => sleep(100))
    return seen
  })
  expect(value).toEqual({
    setTimeout: 'mine',
    setImmediate: 'mine',
    setInterval: 'mine',
    'AbortSignal.timeout': 'mine',
    after: 'mine',
    promise: 'mine',
  })
})

test('AbortSignal.timeout aborts with the error of the real one, alone or among others', async () => {
  const real = new Promise<DOMException>(resolve => {
    const signal = AbortSignal.timeout(1)
    signal.addEventListener('abort', () => resolve(signal.reason))
  })
  const { name, message, code } = await real

  const { value, passedMs } = await onVirtualTime(async () => {
    const any = AbortSignal.any([new AbortController().signal, AbortSignal.timeout(5_000), AbortSignal.timeout(9_000)])
    await new Promise(resolve => any.addEventListener('abort', resolve))
    return any.reason as DOMException
  })

  expect(passedMs).toBe(5_000)
  expect({ name: value?.name, message: value?.message, code: value?.code }).toEqual({ name, message, code })
  expect(value).toBeInstanceOf(DOMException)
})

test('AbortSignal.timeout refuses what the real one refuses', async () => {
  const refused = () =>
    [-1, 1.5, Number.NaN, 2 ** 32].map(ms => {
      try {
        AbortSignal.timeout(ms)
        return 'taken'
      } catch (error) {
        return (error as Error).name
      }
    })
  const { value } = await onVirtualTime(async () => refused())
  expect(value).toEqual(refused())
})

test('promises of node:timers reject, when aborted, as the real ones do', async () => {
  const reason = new Error('enough')
  const play = async () => {
    const caught: unknown[] = []
    const note = (error: Error & { code?: string }) => caught.push([error.name, error.code, error.message, error.cause])
    await sleep(1, undefined, { signal: AbortSignal.abort(reason) }).catch(note)
    await immediately(undefined, { signal: AbortSignal.abort(reason) }).catch(note)
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 5)
    await sleep(hour, 'value', { signal: controller.signal }).catch(note)
    const other = new AbortController()
    setTimeout(() => other.abort(reason), 100)
    const values: unknown[] = []
    try {
      for await (const value of ticks(40, 'tick', { signal: other.signal })) values.push(value)
    } catch (error) {
      note(error as Error)
    }
    return { caught, values, plain: await sleep(1, 'value'), now: await immediately('now') }
  }

  const real = await play()
  const { value } = await onVirtualTime(play)

  expect(value?.caught).toEqual(real.caught)
  expect(value).toMatchObject({ values: ['tick', 'tick'], plain: 'value', now: 'now' })
})

test('an interval of node:timers/promises catches up with what was due', async () => {
  const { value, passedMs } = await onVirtualTime(async () => {
    const seen: number[] = []
    for await (const _ of ticks(100)) {
      seen.push(Date.now() - startMs)
      if (seen.length === 1) await sleep(250)
      if (seen.length === 4) break
    }
    return seen
  })
  // Two were due during the sleep, and come at once.
  expect(value).toEqual([100, 350, 350, 400])
  expect(passedMs).toBe(400)
})

test('two virtual hours of an idle interval pass quickly', async () => {
  const before = performance.now()

  const { passedMs } = await onVirtualTime(async () => {
    let beats = 0
    const interval = setInterval(() => beats++, 1_000)
    await sleep(2 * hour)
    clearInterval(interval)
    expect(beats).toBeGreaterThan(7_190)
  })

  expect(passedMs).toBe(2 * hour)
  expect(performance.now() - before).toBeLessThan(10_000)
})
