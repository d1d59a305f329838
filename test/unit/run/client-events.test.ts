import { expect, test } from 'vitest'
import { defineIntegration, type RunResult } from '../../../src/index.ts'
import type { Integration } from '../../../src/model/integration.ts'
import { painter } from '../../../src/reports/paint.ts'
import { story } from '../../../src/reports/story.ts'
import { terminalReport } from '../../../src/reports/terminal.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, outcomesOf, run, scenario } from './support.ts'

const ask = async (prompt: string, signal?: AbortSignal) => {
  const response = await fetch(messagesUrl, {
    method: 'POST',
    headers: messagesHeaders(),
    body: messagesBody(prompt),
    ...(signal && { signal }),
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}
const sound = defineIntegration({ name: 'sound', perform: (_, { prompt }) => ask(prompt) })

/** Ten quiet minutes with these events. */
const quietWith = (...events: string[]) =>
  `${scenario('{ name: quiet, for: 10m }')}events:\n${events.map(event => `  - ${event}\n`).join('')}`

const slowWith = (by: string, ...events: string[]) =>
  quietWith(...events).replace(
    'for: 10m }',
    `for: 10m, faults: [{ surface: api, fault: { slow-first-byte: { by: ${by} } } }] }`,
  )

const clientEvents = (result: RunResult) =>
  eventsOf(result, 'client-event').map(({ t, event, instance }) =>
    instance === undefined ? [t, event] : [t, event, instance],
  )

const lostTo = (result: RunResult) => eventsOf(result, 'task-settled').flatMap(event => event.lostTo ?? [])

const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

test('a crashed instance starts again five seconds later, on its own storage, without being stopped', async () => {
  const said: string[] = []
  const result = await run(
    {
      ...sound,
      start: async ({ storage }) => {
        said.push(`start ${(await storage.get('lives')) ?? 0}`)
        await storage.set('lives', String(Number((await storage.get('lives')) ?? 0) + 1))
      },
      stop: () => said.push('stop'),
    },
    { scenario: quietWith('{ at: quiet + 5m, crash: true }') },
  )

  expect(clientEvents(result)).toEqual([
    [300_000, 'crash', 0],
    [305_000, 'started', 0],
  ])
  // The last one is the end of the run.
  expect(said).toEqual(['start 0', 'start 1', 'stop'])
})

test('an interval of the first life does not tick in the second', async () => {
  const ticks: number[] = []
  let lives = 0
  await run(
    {
      ...sound,
      start: () => {
        const life = ++lives
        setInterval(() => ticks.push(life), 60_000)
      },
    },
    { scenario: quietWith('{ at: quiet + 5m, crash: true }') },
  )

  const second = ticks.indexOf(2)
  expect(second).toBeGreaterThan(3)
  expect(ticks.slice(second)).not.toContain(1)
})

test('a retry loop in backoff when the app crashes never sends again', async () => {
  const retrying: Integration = {
    name: 'retrying',
    perform: async (_, { prompt }) => {
      for (;;) {
        try {
          return await ask(prompt)
        } catch {
          await sleep(20_000)
        }
      }
    },
  }
  const down = quietWith('{ at: quiet + 5m, crash: true }').replace(
    'for: 10m }',
    'for: 10m, faults: [{ surface: api, fault: overloaded }] }',
  )
  const result = await run(retrying, { scenario: down })

  const lost = new Set(
    eventsOf(result, 'task-settled')
      .filter(event => event.lostTo === 'crash')
      .map(event => event.task),
  )
  expect(lost.size).toBe(3)
  const attempts = eventsOf(result, 'attempt-started').filter(({ task }) => lost.has(task ?? ''))
  expect(attempts.length).toBeGreaterThan(3)
  expect(Math.max(...attempts.map(({ t }) => t))).toBeLessThanOrEqual(300_000)
  // Those who ask again in the second life are retried as ever.
  expect(eventsOf(result, 'attempt-started').filter(({ t, n }) => t > 305_000 && n > 1).length).toBeGreaterThan(3)
})

test('a request in flight when the app crashes ends as gone with its process, and nobody hears of it', async () => {
  const heard: unknown[] = []
  const result = await run(
    {
      ...sound,
      perform: (_, { prompt }) =>
        ask(prompt).then(
          answer => answer,
          error => {
            heard.push(error)
            throw error
          },
        ),
    },
    { scenario: slowWith('1m', '{ at: quiet + 5m, crash: true }') },
  )

  const torn = eventsOf(result, 'attempt-ended').filter(({ outcome }) => outcome === 'process-gone')
  expect(torn.length).toBeGreaterThan(0)
  expect(torn.every(({ t }) => t === 300_000)).toBe(true)
  expect(heard).toEqual([])
  expect(lostTo(result).filter(by => by === 'crash')).toHaveLength(torn.length)
})

test('sockets of the old life close with it, and what its code does about that has no effect', async () => {
  const { request } = await import('node:https')
  const overSockets = (prompt: string) =>
    new Promise<string>((resolve, reject) => {
      const sent = request(messagesUrl, { method: 'POST', headers: messagesHeaders() }, response => {
        let text = ''
        response.on('data', part => {
          text += part
        })
        response.on('end', () => resolve(text))
      })
      sent.on('error', reject)
      sent.end(messagesBody(prompt))
    })
  const client: Integration = {
    name: 'sockets',
    perform: async (_, { prompt }) => {
      try {
        return JSON.parse(await overSockets(prompt))
      } catch {
        // Its process is dead: neither this request nor the write may be seen.
        await ask(prompt)
      }
    },
  }
  const result = await run(client, { scenario: slowWith('1m', '{ at: quiet + 5m, crash: true }') })

  const gone = eventsOf(result, 'attempt-ended').filter(({ outcome }) => outcome === 'process-gone')
  expect(gone.length).toBeGreaterThan(0)
  const lost = eventsOf(result, 'task-settled').filter(event => event.lostTo === 'crash')
  expect(lost).toHaveLength(gone.length)
  const late = eventsOf(result, 'attempt-started').filter(
    ({ t, task }) => t >= 300_000 && lost.some(one => one.task === task),
  )
  expect(late).toEqual([])
  expect(eventsOf(result, 'note')).toEqual([])
})

test('the limits of an HTTP client that outlives the crash still hold in the next life', async () => {
  const { Agent, fetch: undiciFetch } = await import('undici')
  const dispatcher = new Agent({ headersTimeout: 20_000 })
  const client: Integration = {
    name: 'undici',
    perform: async (_, { prompt }) => {
      const response = await undiciFetch(messagesUrl, {
        method: 'POST',
        headers: messagesHeaders(),
        body: messagesBody(prompt),
        dispatcher,
      })
      return response.json()
    },
  }
  const whole = quietWith('{ at: hung + 90s, crash: true }').replace(
    '{ name: quiet, for: 10m }',
    '{ name: hung, for: 6m, faults: [{ surface: api, fault: black-hole }] }',
  )
  const result = await run(client, { scenario: whole })
  await dispatcher.close()

  const ended = new Map(eventsOf(result, 'attempt-ended').map(event => [event.attempt, event]))
  const lives = eventsOf(result, 'attempt-started').filter(({ t }) => t > 0 && t < 360_000)
  const [first, second] = [lives.filter(({ t }) => t < 90_000), lives.filter(({ t }) => t > 95_000)]
  expect(first.some(({ attempt }) => ended.get(attempt)?.outcome === 'process-gone')).toBe(true)
  expect(second.length).toBeGreaterThan(3)
  for (const { attempt, t } of second) {
    expect(ended.get(attempt)?.outcome).toBe('headers-timeout')
    // undici looks at the time every half second.
    expect((ended.get(attempt)?.t ?? 0) - t).toBeLessThan(21_500)
  }
})

test('what was written to storage before the crash is there, and a write after it does not land', async () => {
  const found: unknown[] = []
  const kept: { set(key: string, value: string): Promise<void>; get(key: string): Promise<unknown> }[] = []
  const answers: string[] = []
  await run(
    {
      ...sound,
      start: async ({ storage }) => {
        found.push(await storage.get('before'), await storage.get('after'))
        kept.push(storage)
        await storage.set('before', 'here')
        const [old] = kept
        if (kept.length < 2 || !old) return
        // Whoever still holds the dead process's storage gets no word from it.
        void old.set('after', 'too late').then(() => answers.push('set'))
        void old.get('before').then(() => answers.push('get'))
      },
    },
    { scenario: quietWith('{ at: quiet + 2m, crash: true }', '{ at: quiet + 4m, crash: true }') },
  )

  expect(found).toEqual([undefined, undefined, 'here', undefined, 'here', undefined])
  expect(answers).toEqual([])
})

test('a durable queue takes its jobs up again after the crash', async () => {
  const done: string[] = []
  const queue: Integration = {
    name: 'durable',
    start: ({ storage }) => {
      void (async () => {
        for (;;) {
          for (const key of await storage.list('job:')) {
            const prompt = (await storage.get(key)) ?? ''
            try {
              await ask(prompt)
              done.push(key)
              await storage.delete(key)
            } catch {}
          }
          await sleep(5_000)
        }
      })()
      return storage
    },
    perform: async (storage, { id, prompt }) => {
      await (storage as { set(key: string, value: string): Promise<void> }).set(`job:${id}`, prompt)
      return { jobId: `job:${id}` }
    },
    settle: (answer: { jobId: string }) => ({ outcome: 'queued', jobId: answer.jobId }),
  }
  // Nothing gets through from before the crash until after it.
  const down = quietWith('{ at: down + 4m, crash: true }').replace(
    '{ name: quiet, for: 10m }',
    '{ name: down, for: 8m, faults: [{ surface: api, fault: overloaded }] }',
  )
  const result = await run(queue, { scenario: down })

  const jobsBefore = eventsOf(result, 'task-settled').filter(({ t }) => t > 0 && t < 240_000)
  expect(jobsBefore.length).toBeGreaterThan(5)
  for (const { jobId } of jobsBefore) expect(done.filter(key => key === jobId)).toHaveLength(1)
})

test('while no instance is up, tasks fail at once as lost to that, and no oracle blames the app', async () => {
  const plan = `${quietWith('{ at: quiet + 9m, crash: true }').replace('for: 10m }', 'for: 10m, faults: [{ surface: api, fault: overloaded, share: 10% }] }')}workload: { spikes: [{ at: quiet + 542s, tasks: 30 }] }\nexpect:\n  - answers: { at_least: 100%, within: 2m }\n`
  const retrying: Integration = {
    name: 'retrying',
    perform: async (_, { prompt }) => {
      for (;;) {
        try {
          return await ask(prompt)
        } catch {
          await sleep(500)
        }
      }
    },
  }
  const result = await run(retrying, { scenario: plan, users: 5, thinkMs: 10_000 })

  const lost = eventsOf(result, 'task-settled').filter(event => event.lostTo === 'down')
  expect(lost.length).toBeGreaterThan(10)
  expect(lost.every(({ t }) => t >= 540_000 && t <= 545_000)).toBe(true)
  expect(lost[0]).toMatchObject({ outcome: 'failed', error: 'AppDown', claimed: false })
  expect(result.reason).toBe('Every expectation held.')
})

test('a rolling restart stops one instance after the other, and its users are served by the next', async () => {
  const stopped: number[] = []
  const result = await run(
    {
      ...sound,
      start: ({ instance }) => instance,
      stop: async instance => {
        if (stopped.push(instance as number) <= 3) await sleep(20_000)
      },
    },
    {
      scenario: quietWith('{ at: quiet + 5m, restart: { apart: 1m } }'),
      instances: 3,
      users: 5,
      thinkMs: 8_000,
    },
  )

  expect(clientEvents(result)).toEqual([
    [300_000, 'restart', 0],
    [320_000, 'stopped', 0],
    [321_000, 'started', 0],
    [360_000, 'restart', 1],
    [380_000, 'stopped', 1],
    [381_000, 'started', 1],
    [420_000, 'restart', 2],
    [440_000, 'stopped', 2],
    [441_000, 'started', 2],
  ])
  const during = eventsOf(result, 'task-started').filter(({ t }) => t > 300_000 && t < 321_000)
  expect(during.length).toBeGreaterThan(10)
  expect(new Set(during.map(({ instance }) => instance))).toEqual(new Set([1, 2]))
  // The app had twenty seconds to finish what it was at.
  expect(lostTo(result)).toEqual([])
  expect(outcomesOf(result)).toEqual({ ok: eventsOf(result, 'task-settled').length })
})

test('what stop does not wait for is lost to the restart', async () => {
  const result = await run(sound, { scenario: slowWith('1m', '{ at: quiet + 5m, restart: true }') })

  expect(clientEvents(result)).toEqual([
    [300_000, 'restart', 0],
    [300_000, 'stopped', 0],
    [301_000, 'started', 0],
  ])
  expect(lostTo(result)).toContain('restart')
})

test('a start that needs the provider is tried again and again, and from then on the downtime is the app’s own', async () => {
  const picky: Integration = { ...sound, start: () => ask('[q:warm] up') }
  const down = quietWith('{ at: down + 1m, crash: true }').replace(
    '{ name: quiet, for: 10m }',
    '{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded }] }',
  )
  const result = await run(picky, { scenario: down })

  const events = clientEvents(result).map(([, event]) => event)
  expect(events.filter(event => event === 'start-failed').length).toBeGreaterThan(2)
  expect(events.at(-1)).toBe('started')
  expect(result.findings.find(({ oracle }) => oracle === 'conduct')?.message).toContain('start')
  const down2 = eventsOf(result, 'task-settled').filter(({ error }) => error === 'AppDown')
  expect(down2.some(({ lostTo }) => lostTo === undefined)).toBe(true)
})

test('offline, every request fails to resolve its host and reaches no provider', async () => {
  const codes = new Set<unknown>()
  const client: Integration = {
    name: 'offline',
    perform: (_, { prompt }) =>
      ask(prompt).catch((error: Error & { cause?: { code?: unknown } }) => {
        codes.add(error.cause?.code)
        throw error
      }),
  }
  const whole = quietWith('{ at: quiet + 5m, offline: 2m }').replace(
    'for: 10m }',
    'for: 10m, faults: [{ surface: api, fault: overloaded, share: 0.1% }] }',
  )
  const result = await run(client, { scenario: whole })

  expect(clientEvents(result)).toEqual([
    [300_000, 'offline'],
    [420_000, 'online'],
  ])
  const started = eventsOf(result, 'attempt-started')
  const offline = started.filter(({ effect }) => effect === 'offline')
  expect(offline.length).toBeGreaterThan(5)
  expect(offline.every(({ t }) => t >= 300_000 && t < 420_000)).toBe(true)
  expect(codes).toEqual(new Set(['ENOTFOUND']))
  const inPhase = started.filter(({ t, effect }) => t >= 0 && t < 600_000 && effect !== 'offline')
  expect(result.faults[0]?.eligible).toBe(inPhase.length)
})

test('what is on its way when the network goes stands still until it is back', async () => {
  const result = await run(sound, { scenario: slowWith('30s', '{ at: quiet + 5m, offline: 2m }') })

  const ended = new Map(eventsOf(result, 'attempt-ended').map(event => [event.attempt, event]))
  const across = eventsOf(result, 'attempt-started')
    .filter(({ t }) => t > 270_000 && t < 300_000)
    .map(({ attempt }) => ended.get(attempt))
  expect(across.length).toBeGreaterThan(0)
  for (const end of across) expect(end).toMatchObject({ outcome: 'ok', t: 420_000 })
})

test('scaled up, users are spread over more instances; scaled down, those that go are stopped', async () => {
  const stopped: unknown[] = []
  const result = await run(
    { ...sound, start: ({ instance }) => instance, stop: instance => stopped.push(instance) },
    {
      scenario: quietWith('{ at: quiet + 3m, scale: { instances: 3 } }', '{ at: quiet + 6m, scale: { instances: 1 } }'),
      users: 6,
      thinkMs: 10_000,
    },
  )

  expect(clientEvents(result)).toEqual([
    [180_000, 'scale'],
    [181_000, 'started', 1],
    [181_000, 'started', 2],
    [360_000, 'scale'],
    [360_000, 'stopped', 1],
    [360_000, 'stopped', 2],
  ])
  const instancesIn = (from: number, to: number) =>
    new Set(
      eventsOf(result, 'task-started')
        .filter(({ t }) => t >= from && t < to)
        .map(({ instance }) => instance),
    )
  expect(instancesIn(0, 180_000)).toEqual(new Set([0]))
  expect(instancesIn(182_000, 360_000)).toEqual(new Set([0, 1, 2]))
  expect(instancesIn(361_000, 600_000)).toEqual(new Set([0]))
  expect(stopped).toEqual([1, 2, 0])
})

test('three times the traffic brings three times the tasks, at once and until it is over', async () => {
  const result = await run(sound, {
    scenario: quietWith('{ at: quiet + 3m, traffic: 3x }', '{ at: quiet + 6m, traffic: 1x }'),
    users: 40,
    thinkMs: 20_000,
  })

  const tasksIn = (from: number) =>
    eventsOf(result, 'task-started').filter(({ t }) => t >= from * 60_000 && t < (from + 3) * 60_000).length
  expect(tasksIn(3) / tasksIn(0)).toBeGreaterThan(2.4)
  expect(tasksIn(3) / tasksIn(0)).toBeLessThan(3.4)
  expect(tasksIn(6) / tasksIn(0)).toBeGreaterThan(0.8)
  expect(tasksIn(6) / tasksIn(0)).toBeLessThan(1.25)
})

test('a client that counts in its modules begins anew when a life has modules of its own', async () => {
  const make = (): Integration => {
    let count = 0
    return { ...sound, start: () => void counts.push(++count) }
  }
  const counts: number[] = []
  const whole = quietWith('{ at: quiet + 2m, crash: true }', '{ at: quiet + 4m, crash: true }')
  await run(make(), { scenario: whole })
  expect(counts).toEqual([1, 2, 3])

  counts.length = 0
  await run(make(), { scenario: whole, reload: async () => make() })
  expect(counts).toEqual([1, 1, 1])
})

test('two runs with every kind of event are equal, to the byte', async () => {
  const whole = slowWith(
    '20s',
    '{ at: quiet + 1m, traffic: 2x }',
    '{ at: quiet + 2m, scale: { instances: 3 } }',
    '{ at: quiet + 3m, crash: { instances: 2 } }',
    '{ at: quiet + 3m3s, crash: true }',
    '{ at: quiet + 5m, restart: { apart: 10s } }',
    '{ at: quiet + 5m12s, crash: true }',
    '{ at: quiet + 7m, offline: 30s }',
    '{ at: quiet + 8m, scale: { instances: 1 } }',
  )
  const draws = defineIntegration({ ...sound, start: () => crypto.randomUUID() })
  const options = { scenario: whole, instances: 2, users: 4, thinkMs: 8_000 }
  const [first, second] = [await run(draws, options), await run(draws, options)]

  expect(second.journalHash).toBe(first.journalHash)
  expect(first.journal.at(-1)).toMatchObject({ type: 'run-ended', reason: 'complete' })
  const times = first.journal.map(({ t }) => t)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

test('an event after the end of the run is refused at its line', async () => {
  await expect(run(sound, { scenario: quietWith('{ at: end + 1h, crash: true }'), file: 'e.yaml' })).rejects.toThrow(
    /^e\.yaml:8:\d+: This is 1h after the last phase, and the run ends 5m after it\./,
  )
})

test('tasks that fail in the warm-up while the scenario has the app offline do not show that it was not well', async () => {
  const result = await run(sound, {
    scenario: slowWith('1s', '{ at: start - 100s, offline: 60s }'),
    users: 20,
  })

  expect(outcomesOf(result)['failed']).toBeGreaterThan(20)
  expect(result.exitCode).not.toBe(3)
})

test('the story of a task that was lost tells to what', async () => {
  const result = await run(sound, { scenario: slowWith('4s', '{ at: quiet + 5m, crash: true }'), users: 20 })

  const told = (lostTo: string) => {
    const task = eventsOf(result, 'task-settled').find(event => event.lostTo === lostTo)?.task ?? ''
    return story(result, task, painter(false)) ?? ''
  }
  expect(told('crash')).toMatch(/the process of the app was gone after .*\n.*settled failed .* \(its process crashed\)/)
  expect(told('down')).toContain('(no instance of the app was up)')
})

test('the picture of a run shows when what befell the app', async () => {
  const scenario = quietWith('{ at: quiet + 2m, crash: true }', '{ at: quiet + 5m, offline: 60s }')
  const report = terminalReport(await run(sound, { scenario }), { color: false, replay: [] })

  expect(report).toMatch(/^app +c +o{5,6}$/m)
  expect(report).toContain('app: r=restart, c=crash')
})
