import { expect, test } from 'vitest'
import { type Integration, type RunOptions, type RunResult, runScenario } from '../../../src/index.ts'
import { messagesBody, messagesHeaders, messagesUrl } from './support.ts'

const down = `
blackstart: 1
id: small
phases:
  - { name: down, for: 2m, faults: [{ surface: api, fault: overloaded }] }
  - { name: clear, for: 4m }
`

const pageUrl = 'https://status.claude.com/api/v2/status.json'

const post = (prompt: string) =>
  fetch(messagesUrl, { method: 'POST', headers: messagesHeaders(), body: messagesBody(prompt) })

const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

/** Asks up to three times, with full jitter. Reads no more of an error than its status. */
async function ask(prompt: string, tries = 3, withinMs = (n: number) => 1_000 * 2 ** n): Promise<string> {
  for (let n = 1; ; n++) {
    const response = await post(prompt)
    if (response.ok) return textOf(await response.json())
    if ((response.status < 500 && response.status !== 429) || n === tries) throw new Error(`status ${response.status}`)
    await sleep(Math.random() * withinMs(n))
  }
}

function textOf(answer: unknown): string {
  const { content } = answer as { content: { text: string }[] }
  return content.map(({ text }) => text).join('')
}

const sound = (): Integration => ({ name: 'sound', perform: (_app, { prompt }) => ask(prompt) })

/** Runs `make()` and nothing but these relations are told of: what each said, and its first finding. */
async function judged(
  make: () => Integration,
  relations: RunOptions['relations'] | undefined,
  options: Partial<RunOptions> = {},
) {
  const result = await runScenario({
    ...{ scenario: down, users: 6, thinkMs: 10_000, integration: make(), reload: async () => make() },
    ...(relations !== undefined && { relations }),
    ...options,
  })
  const { relations: all } = await import('../../../src/oracles/relations/index.ts')
  const rows = result.oracles.filter(({ id }) => all.has(id))
  return { result, rows, of: (id: string) => rows.find(row => row.id === id) }
}

const messageOf = (row: { readonly findings: readonly { readonly message: string }[] } | undefined) =>
  row?.findings[0]?.message

test('a client that does what it should is accused by none of them', { timeout: 60_000 }, async () => {
  const { result, rows } = await judged(sound, true)

  expect(rows.flatMap(({ findings }) => findings)).toEqual([])
  expect(rows.filter(({ status }) => status === 'pass').map(({ id }) => id)).toEqual([
    'null-run',
    'clock-robust',
    'classifies-by-status',
    'time-translation',
    'irrelevance',
    'instance-independence',
    'monotone-probing',
    'restart-invariance',
  ])
  expect(rows.filter(({ status }) => status === 'vacuous').map(({ id, reason }) => `${id}: ${reason}`)).toEqual([
    'status-page-independence: the app does not read the status page',
    'not-metastable: the scenario has no capacity that reacts to load',
    'label-monotonicity: fewer than 10 stored answers with an age were given at the end of the longest outage',
  ])
  expect(result.exitCode).toBe(0)
})

test('null-run: a client that asks twice for every answer does so when nothing is wrong', async () => {
  const twice: Integration = {
    name: 'twice',
    perform: async (_, { prompt }) => (await Promise.all([ask(prompt), ask(prompt)]))[0],
  }

  const { of, result } = await judged(() => twice, ['null-run'])

  expect(messageOf(of('null-run'))).toMatch(
    /with nothing wrong, \d+ tasks and calls went as in an outage .*sent twice \(100%/,
  )
  expect(result.exitCode).toBe(1)
})

test('status-page-independence: a client that asks nobody while the page is red hangs on its word', async () => {
  const obedient: Integration = {
    name: 'obedient',
    async perform(_, { prompt }) {
      const page = await fetch(pageUrl, { signal: AbortSignal.timeout(5_000) })
        .then(response => response.json() as Promise<{ status: { indicator: string } }>)
        .catch(() => undefined)
      if (page && page.status.indicator !== 'none') throw new Error('The page is red.')
      return ask(prompt)
    },
  }

  const { of } = await judged(() => obedient, ['status-page-independence'])

  const messages = of('status-page-independence')?.findings.map(({ message }) => message)
  expect(messages).toEqual([
    expect.stringMatching(/^with a page that tells the truth: \d+ tasks of \d+ went another way.*attempts? became 0$/),
    expect.stringMatching(/^with a page that never answers: .*(came 4\.9\d*s later|became)/),
  ])
})

test('status-page-independence: a client that shows the page to people and decides without it passes', async () => {
  const shows = (): Integration => ({
    name: 'shows',
    start({ signal }) {
      void (async () => {
        while (!signal.aborted) {
          await fetch(pageUrl, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined)
          await sleep(20_000 + Math.random() * 5_000)
        }
      })()
    },
    perform: (_app, { prompt }) => ask(prompt),
  })

  const { of } = await judged(shows, ['status-page-independence'])

  expect(of('status-page-independence')).toMatchObject({ status: 'pass', findings: [] })
})

test('irrelevance: a client that heeds any incident stops for those of others', async () => {
  const anxious: Integration = {
    name: 'anxious',
    async perform(_, { prompt }) {
      const page = (await (await fetch(pageUrl)).json()) as { status: { indicator: string } }
      if (page.status.indicator !== 'none') throw new Error('There is an incident.')
      return ask(prompt)
    },
  }

  const { of } = await judged(() => anxious, ['irrelevance'])

  expect(messageOf(of('irrelevance'))).toMatch(/^with chat down: \d+ tasks of \d+ went another way/)
})

test('clock-robust: deadlines on the wall clock make a client wait for an hour', async () => {
  const wall: Integration = {
    name: 'wall',
    async perform(_, { prompt }) {
      const until = Date.now() + 30_000
      for (;;)
        try {
          return await ask(prompt, 1)
        } catch (error) {
          if (Date.now() > until) throw error
          await sleep(5_000)
          while (Date.now() < until - 10_000) await sleep(1_000)
        }
    },
  }

  const { of } = await judged(() => wall, ['clock-robust'], { users: 3 })

  expect(messageOf(of('clock-robust'))).toMatch(/^the clock set back by an hour, \d+ tasks? hung: t\d+ for \d+m/)
})

test('classifies-by-status: a client that needs the type in the body takes HTML for the end', async () => {
  const picky: Integration = {
    name: 'picky',
    async perform(_, { prompt }) {
      for (let n = 1; ; n++) {
        const response = await post(prompt)
        const answer = JSON.parse(await response.text())
        if (response.ok) return textOf(answer)
        if (answer.error.type !== 'overloaded_error' || n === 3) throw new Error(answer.error.type)
        await sleep(Math.random() * 1_000 * 2 ** n)
      }
    },
  }

  const { of } = await judged(() => picky, ['classifies-by-status'])

  expect(of('classifies-by-status')?.findings.map(({ message }) => message.split(':')[0])).toEqual([
    'with errors that are HTML',
    'with errors that are a line of text',
    'with errors that have no body',
  ])
  expect(messageOf(of('classifies-by-status'))).toMatch(/3 attempts became 1$/)
})

test('time-translation: a breaker that counts over a whole life does not open after a long one', async () => {
  const make = (): Integration => {
    const life = { calls: 0, failures: 0 }
    return {
      name: 'lifelong',
      async perform(_, { prompt }) {
        for (let n = 1; ; n++) {
          life.calls++
          try {
            return await ask(prompt, 1)
          } catch (error) {
            life.failures++
            if (n === 8 || life.failures > 0.2 * life.calls) throw error
            await sleep(Math.random() * 2_000)
          }
        }
      },
    }
  }

  const { of } = await judged(make, ['time-translation'])

  expect(of('time-translation')?.status).toBe('warn')
  expect(messageOf(of('time-translation'))).toMatch(
    /^in down \(\d+ tasks\) [\d.]+ attempts were made for each task, and an hour later [\d.]+/,
  )
})

test('instance-independence: state at module level is everybody’s', async () => {
  let failures = 0
  const shared: Integration = {
    name: 'shared',
    async perform(_, { prompt }) {
      if (failures > 20) throw new Error('open')
      return ask(prompt, 1).catch(error => {
        failures++
        throw error
      })
    },
    start() {
      failures = 0
    },
  }

  const { of } = await judged(() => shared, ['instance-independence'])

  expect(of('instance-independence')?.status).toBe('warn')
  expect(messageOf(of('instance-independence'))).toMatch(/^with one instance more: \d+ tasks of \d+ went another way/)
})

test('monotone-probing: a failure that makes two of itself multiplies with the time', { timeout: 30_000 }, async () => {
  const doubling: Integration = {
    name: 'doubling',
    async perform(_, { prompt }) {
      return new Promise<string>(resolve => {
        let isDone = false
        const attempt = async () => {
          if (isDone) return
          try {
            resolve(await ask(prompt, 1))
            isDone = true
          } catch {
            for (let i = 0; i < 2; i++) setTimeout(attempt, 30_000)
          }
        }
        void attempt()
      })
    },
  }

  const { of } = await judged(() => doubling, ['monotone-probing'], { users: 30, thinkMs: 60_000 })

  expect(messageOf(of('monotone-probing'))).toMatch(
    /^\d+ tasks that met the outage made [\d.]+ failed attempts each, and [\d.]+ each/,
  )
})

test('restart-invariance: what was only in memory is gone', async () => {
  const make = (isKept: boolean) => (): Integration => ({
    name: 'queue',
    start({ storage, signal }) {
      const queue: { readonly id: string; readonly prompt: string; state: 'queued' | 'done' }[] = []
      void (async () => {
        for (const key of await storage.list()) {
          const job = JSON.parse((await storage.get(key)) ?? '')
          queue.push(job)
        }
        while (!signal.aborted) {
          for (const job of queue.filter(({ state }) => state === 'queued')) {
            try {
              await ask(job.prompt, 1)
              job.state = 'done'
              if (isKept) await storage.set(job.id, JSON.stringify(job))
            } catch {
              break
            }
          }
          await sleep(15_000)
        }
      })()
      const add = async (id: string, prompt: string) => {
        const job = { id, prompt, state: 'queued' as const }
        if (isKept) await storage.set(id, JSON.stringify(job))
        queue.push(job)
        return id
      }
      return { queue, add }
    },
    perform: (_app, { prompt }) => ask(prompt),
    jobs: {
      submit: (app, { id, prompt }) => (app as { add(id: string, prompt: string): unknown }).add(id, prompt),
      list: app => (app as { queue: readonly object[] }).queue,
    },
  })
  const scenario = `${down}workload: { jobs: { share: 40% } }\n`
  const of = async (isKept: boolean) =>
    (await judged(make(isKept), ['restart-invariance'], { scenario })).of('restart-invariance')

  expect(await of(true)).toMatchObject({ status: 'pass' })
  expect(messageOf(await of(false))).toMatch(/^after a crash at .*\d+ × done became gone/)
})

test('label-monotonicity: an entry that is touched when it is read never grows old', async () => {
  const make = (isTouched: boolean) => (): Integration => {
    const cache = new Map<string, { text: string; at: number }>()
    return {
      name: 'cache',
      async perform(_, { prompt }) {
        try {
          const text = await ask(prompt, 1)
          cache.set(prompt, { text, at: performance.now() })
          return { text, from: 'live', ageMs: 0 }
        } catch (error) {
          const kept = cache.get(prompt)
          if (!kept) throw error
          const ageMs = Math.min(performance.now() - kept.at, 600_000)
          if (isTouched) kept.at = performance.now()
          return { text: kept.text, from: 'cache', ageMs }
        }
      },
      settle: ({ text, from, ageMs }: { text: string; from: 'live' | 'cache'; ageMs: number }) => ({
        ...{ outcome: from === 'live' ? 'ok' : 'degraded', source: from, text, ageMs, labelled: from === 'cache' },
      }),
    } as Integration
  }
  const options = { scenario: `${down}workload: { questions: 5, tenants: 1 }\n` }
  const of = async (isTouched: boolean) =>
    (await judged(make(isTouched), ['label-monotonicity'], options)).of('label-monotonicity')

  expect(await of(false)).toMatchObject({ status: 'pass' })
  expect(messageOf(await of(true))).toMatch(
    /stored answers claimed to be younger than can be: .* when no model had answered for \dm/,
  )
})

const storm = `
blackstart: 1
id: storm
workload: { users: 16, think: 28s }
capacity:
  - { surface: api, slots: 12, service: 1600ms, cv: 0.5, max_wait: 10s, reject_cost: 0.33, population: 10 }
phases:
  - { name: trigger, for: 2m, faults: [{ surface: api, fault: overloaded }] }
  - { name: slow, for: 1m, capacity: [{ surface: api, speed: 10% }] }
`

test('not-metastable: retries without a budget keep an overload up, and two do not', { timeout: 60_000 }, async () => {
  const asking = (tries: number) => () => ({
    name: 'asking',
    perform: (_: unknown, { prompt }: { prompt: string }) => ask(prompt, tries, () => 4_000),
  })
  const of = async (tries: number) => {
    const options = { scenario: storm, users: 16, thinkMs: 28_000 }
    return (await judged(asking(tries), ['not-metastable'], options)).of('not-metastable')
  }

  expect(messageOf(await of(8))).toMatch(
    /with nothing wrong any more, [\d.]+% of \d+ tasks were answered; without a fault (9\d|100)/,
  )
  expect(await of(1)).toMatchObject({ status: 'pass' })
})

test('a relation that a scenario expects is judged, and none is where they are turned off', async () => {
  const scenario = `${down}expect: [null-run]\n`

  const named = await judged(sound, undefined, { scenario })
  expect(named.rows).toMatchObject([{ id: 'null-run', status: 'pass', named: true }])
  const without = await judged(sound, false, { scenario })
  expect(without.rows).toEqual([])
  expect(without.result.journalHash).toBe(named.result.journalHash)
  const off = await judged(sound, ['null-run', 'irrelevance'], { scenario: `${down}expect: [{ irrelevance: off }]\n` })
  expect(off.rows.map(({ id }) => id)).toEqual(['null-run'])
})

test('an unknown relation is refused with what may have been meant', async () => {
  await expect(judged(sound, ['nul-run'])).rejects.toThrow('There is no relation "nul-run".')
})

test('further runs keep to the budget of the first one: beyond it nothing is compared', async () => {
  const options = { users: 3, thinkMs: 20_000 }
  const attemptsIn = ({ journal }: RunResult) => journal.filter(e => e.type === 'attempt-started' && e.t >= 0).length
  const plain = await judged(sound, ['monotone-probing'], options)
  const attemptsAtMost = attemptsIn(plain.result) + 10

  expect(plain.of('monotone-probing')?.status).toBe('pass')
  expect(
    (await judged(sound, ['monotone-probing'], { ...options, attemptsAtMost })).of('monotone-probing'),
  ).toMatchObject({
    status: 'vacuous',
    reason: `twice as long, it was ended early: it had made ${attemptsAtMost} requests`,
  })
})

test('runs that share their modules load none, and nothing is compared where those keep something', async () => {
  let loads = 0
  const reload = async () => {
    loads++
    return sound()
  }

  const { of } = await judged(sound, ['irrelevance'], { freshTwins: false, reload })
  expect(of('irrelevance')).toMatchObject({ status: 'pass' })
  expect(loads).toBe(0)
})

test('where modules are shared and keep something, nothing is compared', async () => {
  let runs = 0
  const keeps: Integration = {
    name: 'keeps',
    start() {
      runs++
    },
    async perform(_, { prompt }) {
      await sleep(runs * 100)
      return ask(prompt)
    },
  }

  const result = await runScenario({
    scenario: down,
    integration: keeps,
    users: 3,
    thinkMs: 8_000,
    relations: ['irrelevance'],
  })

  expect(result.oracles.find(({ id }) => id === 'irrelevance')).toMatchObject({
    status: 'vacuous',
    reason: expect.stringContaining('two runs of the very same differ'),
  })
})
