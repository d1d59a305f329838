import { expect, test } from 'vitest'
import { defineIntegration, type RunResult, type TaskInput } from '../../../src/index.ts'
import type { Integration } from '../../../src/model/integration.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run, scenario } from './support.ts'

const post = async (body: string) => {
  const response = await fetch(messagesUrl, { method: 'POST', headers: messagesHeaders(), body })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return response.json()
}
const sound = defineIntegration({ name: 'sound', perform: (_, { prompt }) => post(messagesBody(prompt)) })

const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

const withWorkload = (workload: string, phase = '{ name: quiet, for: 10m }') =>
  `${scenario(phase)}workload: ${workload}\n`

const startsIn = (result: RunResult, fromMs: number, toMs: number) =>
  eventsOf(result, 'task-started').filter(({ t }) => t >= fromMs && t < toMs)

test('tasks arrive at the rate that is asked for, whoever is waiting', async () => {
  // Every answer takes two minutes: users who waited for theirs could not ask so often.
  const slow = '{ name: slow, for: 10m, faults: [{ surface: api, fault: { slow-first-byte: { by: 2m } } }] }'
  const result = await run(sound, { scenario: withWorkload('{ arrivals: 30/m, users: 3 }', slow) })

  const arrived = startsIn(result, 0, 600_000).length
  expect(arrived).toBeGreaterThan(300 - 4 * Math.sqrt(300))
  expect(arrived).toBeLessThan(300 + 4 * Math.sqrt(300))
})

test('arrivals ramp up over the run, and stay there', async () => {
  const result = await run(sound, { scenario: withWorkload('{ arrivals: { from: 6/m, to: 60/m } }') })

  expect(startsIn(result, -120_000, 0).length).toBeLessThan(25)
  const [early, late, after] = [
    startsIn(result, 0, 120_000).length,
    startsIn(result, 480_000, 600_000).length,
    startsIn(result, 600_000, 720_000).length,
  ]
  expect(late / early).toBeGreaterThan(3)
  expect(after).toBeGreaterThan(90)
})

test('traffic multiplies arrivals too', async () => {
  const result = await run(sound, {
    scenario: `${withWorkload('{ arrivals: 60/m }')}events: [{ at: quiet + 5m, traffic: 3x }]\n`,
  })

  expect(startsIn(result, 300_000, 600_000).length / startsIn(result, 0, 300_000).length).toBeGreaterThan(2.5)
})

test('one user more takes some arrivals over, and moves none of the others', async () => {
  const arrivals = async (users: number) => {
    const result = await run(sound, { scenario: withWorkload('{ arrivals: 60/m }'), users })
    return eventsOf(result, 'task-started').map(({ t, user, question }) => ({ t, user, question }))
  }
  const [three, four] = [await arrivals(3), await arrivals(4)]

  expect(four.map(({ t }) => t)).toEqual(three.map(({ t }) => t))
  const moved = four.filter(({ user }, i) => user !== three[i]?.user)
  expect(moved.every(({ user }) => user === 3)).toBe(true)
  expect(moved.length / four.length).toBeGreaterThan(0.15)
  expect(moved.length / four.length).toBeLessThan(0.35)
  const stayed = four.flatMap((task, i) => (task.user === 3 ? [] : [[task, three[i]] as const]))
  for (const [task, before] of stayed) expect(task).toEqual(before)
})

test('a spike brings its tasks at once, beside those of every day', async () => {
  const result = await run(sound, {
    scenario: withWorkload('{ spikes: [{ at: quiet + 5m, tasks: 200 }] }'),
    users: 10,
    thinkMs: 60_000,
  })

  const at = startsIn(result, 300_000, 300_001)
  expect(at.length).toBeGreaterThanOrEqual(200)
  expect(new Set(at.map(({ user }) => user)).size).toBe(10)
  const answered = eventsOf(result, 'task-settled').filter(({ outcome }) => outcome === 'ok').length
  expect(answered).toBe(eventsOf(result, 'task-started').length)
})

test('a session has its turns, one after the other, with what was said before', async () => {
  const seen: TaskInput[] = []
  const chat: Integration = {
    name: 'chat',
    perform: (_, task) => {
      seen.push(task)
      const messages = (task.history ?? []).flatMap(({ prompt, answer }) => [
        { role: 'user', content: prompt },
        { role: 'assistant', content: answer },
      ])
      return post(messagesBody('', { messages: [...messages, { role: 'user', content: task.prompt }] }))
    },
  }
  const result = await run(chat, {
    scenario: withWorkload('{ sessions: { turns: 3, tools: true } }'),
    users: 2,
    thinkMs: 20_000,
  })

  const [first] = seen
  const session = seen.filter(task => task.session === first?.session)
  expect(session.map(({ turn, turns, tools }) => [turn, turns, tools])).toEqual([
    [1, 3, true],
    [2, 3, true],
    [3, 3, true],
  ])
  expect(session[2]?.history).toEqual(
    session
      .slice(0, 2)
      .map(({ prompt, question }) => ({ prompt, answer: expect.stringContaining(`[end:${question}]`) })),
  )
  const sessions = new Set(eventsOf(result, 'task-started').map(event => event.session))
  expect(sessions.size).toBeGreaterThan(10)
  expect([...sessions].slice(0, 2).toSorted()).toEqual(['s1-1-1', 's1-2-1'])
  expect(eventsOf(result, 'task-settled').every(({ outcome }) => outcome === 'ok')).toBe(true)
})

test('a workload without sessions hands out no turns', async () => {
  const seen: TaskInput[] = []
  await run({
    ...sound,
    perform: (_, task) => {
      seen.push(task)
      return post(messagesBody(task.prompt))
    },
  })

  expect(Object.keys(seen[0] ?? {})).toEqual([
    'id',
    'prompt',
    'question',
    'tenant',
    'session',
    'user',
    'stream',
    'class',
  ])
})

interface Job {
  readonly id: string
  readonly prompt: string
  state: string
  attempts: number
}

/** A queue in memory with one worker that gives a job up at its third failure. */
const worker = (): Integration => ({
  name: 'worker',
  start: () => {
    const jobs: Job[] = []
    void (async () => {
      for (;;) {
        await sleep(2_000)
        const job = jobs.find(({ state }) => state === 'waiting')
        if (!job) continue
        job.state = 'active'
        job.attempts++
        try {
          await post(messagesBody(job.prompt))
          job.state = 'completed'
        } catch {
          job.state = job.attempts < 3 ? 'waiting' : 'dead'
        }
      }
    })()
    return jobs
  },
  perform: (_, { prompt }) => post(messagesBody(prompt)),
  jobs: {
    submit: (jobs, { id, prompt }) => {
      const job = { id: `job-${id}`, prompt, state: 'waiting', attempts: 0 }
      ;(jobs as Job[]).push(job)
      return { id: job.id }
    },
    list: jobs => jobs,
  },
})

const jobsDown = withWorkload(
  '{ jobs: { share: 50% } }',
  '{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded }] }',
)

test('a job is followed from its submission to its end, by the app’s own list', async () => {
  const result = await run(worker(), { scenario: jobsDown })

  const submitted = eventsOf(result, 'job-submitted')
  const share = submitted.length / eventsOf(result, 'task-started').length
  expect(share).toBeGreaterThan(0.35)
  expect(share).toBeLessThan(0.65)
  const settled = new Map(eventsOf(result, 'task-settled').map(event => [event.task, event]))
  for (const { job, detail } of submitted) {
    const { task } = detail as { task: string }
    expect(job).toBe(`job-${task}`)
    expect(settled.get(task)).toMatchObject({ outcome: 'queued', claimed: true, source: 'queue', jobId: job })
  }
  // Each has one end: done while all is well, dead where three attempts met the outage.
  const [done, dead] = [eventsOf(result, 'job-done'), eventsOf(result, 'job-dead')]
  expect([...done, ...dead].map(({ job }) => job).toSorted()).toEqual(submitted.map(({ job }) => job).toSorted())
  expect(done.length).toBeGreaterThan(5)
  expect(dead.length).toBeGreaterThan(5)
  const last = eventsOf(result, 'job-listed').findLast(({ job }) => job === dead[0]?.job)
  expect(last?.detail).toMatchObject({ state: 'dead', attempts: 3 })
})

test('what a job asks long after its submission is still its task’s own', async () => {
  const result = await run(worker(), { scenario: jobsDown })

  const tasks = new Set(eventsOf(result, 'job-submitted').map(({ detail }) => (detail as { task: string }).task))
  const attempts = eventsOf(result, 'attempt-started')
  expect(attempts.every(({ task }) => task !== undefined)).toBe(true)
  expect(attempts.filter(({ task }) => tasks.has(task ?? '')).length).toBeGreaterThan(tasks.size)
})

test('jobs that are taken in are no answers that the app owes, and no sign of a bad recovery', async () => {
  const up = jobsDown.replace('workload:', '  - { name: up, for: 10m }\nworkload:')
  const expects = 'expect: [{ answers: { at_least: 100%, within: 1m, during: up } }]\n'
  const result = await run(worker(), { scenario: up + expects })

  const about = result.findings.filter(({ oracle }) => oracle === 'answers' || oracle === 'recovers')
  expect(about).toEqual([])
  const judged = result.oracles.filter(({ id }) => id === 'answers' || id === 'recovers')
  expect(judged.map(({ status }) => status)).toEqual(['pass', 'pass'])
})

test('a job that a crash takes out of an app’s memory is gone from its list', async () => {
  const result = await run(worker(), { scenario: `${jobsDown}events: [{ at: down + 4m, crash: true }]\n` })

  const gone = eventsOf(result, 'job-listed').filter(({ detail }) => (detail as { state: string }).state === 'gone')
  expect(gone.length).toBeGreaterThan(0)
  expect(gone.every(({ t }) => t > 240_000 && t < 260_000)).toBe(true)
  const ended = new Set([...eventsOf(result, 'job-done'), ...eventsOf(result, 'job-dead')].map(({ job }) => job))
  for (const { job } of gone) expect(ended.has(job)).toBe(false)
})

test('jobs for a client without a queue are refused at their line, with what to add', async () => {
  await expect(run(sound, { scenario: jobsDown, file: 'down.yaml' })).rejects.toThrow(
    /^down\.yaml:7:\d+: The workload submits jobs, and the client "sound" has no `jobs`\. \(workload\.jobs\) Add `jobs: \{ submit/,
  )
})

test('every kind of workload gives the same journal twice', async () => {
  const kinds = '{ arrivals: 20/m, sessions: { turns: 2 }, jobs: { share: 30% }, spikes: [{ at: down, tasks: 20 }] }'
  const whole = jobsDown.replace('{ jobs: { share: 50% } }', kinds)

  expect((await run(worker(), { scenario: whole })).journalHash).toBe(
    (await run(worker(), { scenario: whole })).journalHash,
  )
})

test('very many users who go home at the same time are no livelock', async () => {
  const still = `${scenario('{ name: quiet, for: 1m }')}steady_state: { for: 30m }\n`
  const result = await run(sound, {
    scenario: `${still}events: [{ at: start - 1790s, traffic: 0x }]\n`,
    users: 60_000,
  })

  expect(result.journal.at(-1)).toMatchObject({ type: 'run-ended', reason: 'complete' })
}, 30_000)

test('a worker that takes the newest job first is not said to ask for the oldest again and again', async () => {
  const newestFirst: Integration<Map<string, { prompt: string; state: string }>> = {
    name: 'newest-first',
    start: () => {
      const jobs = new Map<string, { prompt: string; state: string }>()
      setInterval(async () => {
        const [, job] = [...jobs].findLast(([, { state }]) => state === 'queued') ?? []
        if (!job) return
        job.state = 'running'
        await post(messagesBody(job.prompt))
        job.state = 'done'
      }, 3_000)
      return jobs
    },
    perform: () => 'never',
    jobs: {
      submit: (jobs, { id, prompt }) => void jobs.set(id, { prompt, state: 'queued' }),
      list: jobs => [...jobs].map(([id, { state }]) => ({ id, state })),
    },
  }
  const result = await run(newestFirst, {
    scenario: withWorkload('{ jobs: { share: 100% }, questions: 1, arrivals: 30/m }'),
  })

  const answers = Map.groupBy(eventsOf(result, 'attempt-started'), ({ task }) => task)
  expect(answers.size).toBeGreaterThan(200)
  expect([...answers].filter(([, attempts]) => attempts.length > 1).length).toBeLessThan(20)
})
