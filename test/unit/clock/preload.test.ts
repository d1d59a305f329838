import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ClockOptIn, clockVariables } from '../../../src/clock/opt-in.ts'
import { node } from '../../support/node.ts'

const preload = new URL('../../../src/clock/preload.ts', import.meta.url).href

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'blackstart-clock-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0

/** What a program tells as JSON when it is started as an app is. */
async function app(code: string, optIn: ClockOptIn | undefined) {
  const file = join(folder, `app-${++count}.mjs`)
  writeFileSync(
    file,
    `const tell = value => console.log(JSON.stringify(value))
    ${code}`,
  )
  const variables = Object.entries(optIn ? clockVariables(optIn) : {})
  // The app's environment goes in by a file of Node's, beside what the test runner sets.
  const envFile = join(folder, `app-${count}.env`)
  writeFileSync(envFile, variables.map(([name, value]) => `${name}=${value}`).join('\n'))
  const { code: exit, output } = await node([`--env-file=${envFile}`, '--import', preload, file], folder)
  expect([exit, output]).toEqual([0, expect.stringMatching(/^[[{].*\n$/s)])
  return JSON.parse(output)
}

/** `process.uptime` stays real. */
const measured = `
  const startedS = process.uptime()
  const realMs = () => (process.uptime() - startedS) * 1000
`

test('a deadline of 30 s ends after 30 s of the scenario, by every timer and on every clock', async () => {
  const { took, realMs } = await app(
    `${measured}
    import timers from 'node:timers'
    import { setTimeout as sleep, setInterval as every, scheduler } from 'node:timers/promises'
    import { setTimeout as named } from 'node:timers'
    import { promisify } from 'node:util'
    const waits = {
      global: () => new Promise(resolve => setTimeout(resolve, 30_000)),
      module: () => new Promise(resolve => timers.setTimeout(resolve, 30_000)),
      named: () => new Promise(resolve => named(resolve, 30_000)),
      promise: () => sleep(30_000),
      promisified: () => promisify(setTimeout)(30_000),
      scheduler: () => scheduler.wait(30_000),
      signal: () => new Promise(resolve => AbortSignal.timeout(30_000).addEventListener('abort', resolve)),
      interval: () => new Promise(resolve => {
        let n = 0
        const timer = setInterval(() => ++n === 3 && (clearInterval(timer), resolve()), 10_000)
      }),
      intervals: async () => { let n = 0; for await (const _ of every(10_000)) if (++n === 3) break },
    }
    const clocks = {
      date: () => Date.now(),
      newDate: () => new Date().getTime(),
      performance: () => performance.now(),
      hrtime: () => Number(process.hrtime.bigint()) / 1e6,
      pair: () => { const [s, ns] = process.hrtime(); return s * 1e3 + ns / 1e6 },
    }
    const took = {}
    await Promise.all(Object.entries(waits).map(async ([wait, work]) => {
      const before = Object.entries(clocks).map(([name, clock]) => [name, clock(), clock])
      await work()
      for (const [name, at, clock] of before) took[wait + ' by ' + name] = clock() - at
    }))
    tell({ took, realMs: realMs() })`,
    { speed: 100 },
  )

  expect(Object.keys(took)).toHaveLength(45)
  for (const [which, ms] of Object.entries<number>(took)) {
    // Node's timers may be a real millisecond early, which is 100 here; and a busy machine late.
    expect([which, ms >= 29_800, ms < 400_000]).toEqual([which, true, true])
  }
  expect(realMs).toBeLessThan(10_000)
  expect(realMs).toBeGreaterThan(290)
})

test('without a speed, or at 1, nothing is touched', async () => {
  const code = `import timers from 'node:timers'
    const isNative = fn => Function.prototype.toString.call(fn).includes('[native code]')
    tell([isNative(Date), isNative(AbortSignal.timeout) || AbortSignal.timeout.name, setTimeout === timers.setTimeout,
      Math.abs(Date.now() - performance.timeOrigin - performance.now()) < 50, setTimeout.length])`
  const plain = await app(code, undefined)

  expect(plain.slice(2)).toEqual([true, true, expect.any(Number)])
  expect(await app(code, { speed: 1 })).toEqual(plain)
})

test('a date stays a date', async () => {
  const seen = await app(
    `class Day extends Date { get year() { return this.getUTCFullYear() } }
    const then = new Date('2026-03-02T11:00:00Z')
    tell([new Date() instanceof Date, then.toISOString(), new Day(0).year, new Day(0) instanceof Day,
      new Date().constructor === Date, structuredClone(then).getTime() === then.getTime(), typeof Date(),
      Date.UTC(1970, 0, 1), new Date(2026, 0, 1).getMonth()])`,
    { speed: 20 },
  )

  expect(seen).toEqual([true, '2026-03-02T11:00:00.000Z', 1970, true, true, true, 'string', 0, 0])
})

test('performance and the date tell the same time, in worker threads and in child processes too', async () => {
  const fromMs = Date.now() - 60_000
  const seen: [number, number][] = await app(
    `import { Worker } from 'node:worker_threads'
    import { execFileSync } from 'node:child_process'
    const code = 'const times = [Date.now(), performance.timeOrigin + performance.now()];'
    const here = [Date.now(), performance.timeOrigin + performance.now()]
    const file = 'import { parentPort } from "node:worker_threads";' + code + 'parentPort.postMessage(times)'
    const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(file)))
    const there = await new Promise(resolve => worker.once('message', resolve))
    const child = JSON.parse(execFileSync(process.execPath, [...process.execArgv.filter(a => !a.startsWith('--env')),
      '-e', code + 'console.log(JSON.stringify(times))']))
    tell([here, there, child])`,
    { speed: 50, fromMs },
  )

  let last = fromMs + 60_000 * 50
  for (const [date, byPerformance] of seen) {
    expect(Math.abs(date - byPerformance)).toBeLessThan(50)
    // Later than the one before, and by less than two real seconds.
    expect(date).toBeGreaterThan(last)
    last = date
  }
  expect(last).toBeLessThan(fromMs + 75_000 * 50)
})

test('fetch gives up on silent headers after its 300 s of the scenario', async () => {
  const server = createServer(() => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined

  const [code, tookMs] = await app(
    `const startedMs = Date.now()
    const error = await fetch('http://127.0.0.1:${port}/').catch(error => error)
    tell([error.cause?.code, Date.now() - startedMs])
    process.exit()`,
    { speed: 250 },
  )
  server.closeAllConnections()
  server.close()

  expect(code).toBe('UND_ERR_HEADERS_TIMEOUT')
  expect(tookMs).toBeGreaterThan(299_000)
})

test('who takes part says so, and a package manager is nobody who does', async () => {
  const ackFile = join(folder, 'ack')
  const pid = await app('tell([process.pid])', { speed: 20, ackFile })
  expect(readFileSync(ackFile, 'utf8')).toBe(`${pid}\n`)

  rmSync(ackFile)
  writeFileSync(join(folder, 'npm-cli.js'), 'console.log(Date.now.name)')
  writeFileSync(join(folder, '.env'), `BLACKSTART_SPEED=20\nBLACKSTART_CLOCK_ACK=${ackFile}`)
  const { code } = await node(['--env-file=.env', '--import', preload, 'npm-cli.js'], folder)
  expect([code, existsSync(ackFile)]).toEqual([0, false])
})

test('a speed that is no number is refused before the app runs', async () => {
  writeFileSync(join(folder, '.env'), 'BLACKSTART_SPEED=fast')
  writeFileSync(join(folder, 'app.js'), 'console.log("ran")')
  const { code, output } = await node(['--env-file=.env', '--import', preload, 'app.js'], folder)

  expect(code).toBe(1)
  expect(output).toContain('BLACKSTART_SPEED is "fast": expected a number above 0, such as 20.')
  expect(output).not.toContain('ran')
})
