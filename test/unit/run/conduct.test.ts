import { expect, test, vi } from 'vitest'
import { defineIntegration, type Integration, type RunResult } from '../../../src/index.ts'
import { eventsOf, messagesBody, messagesHeaders, messagesUrl, run, scenario } from './support.ts'

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

/** Sound while all is well; `odd` happens besides in every task that fails. */
const whenDown = (odd: (task: string) => unknown): Integration => ({
  name: 'odd',
  perform: async (_, { prompt, id }) => {
    try {
      return await ask(prompt)
    } catch (error) {
      await odd(id)
      throw error
    }
  },
})

const conductOf = ({ findings }: RunResult) => findings.filter(finding => finding.oracle === 'conduct')

test('an unhandled rejection is a finding, not our end', async () => {
  const result = await run(whenDown(() => void Promise.reject(new Error('left alone, sk-ant-secret-0123456789'))))

  expect(result.exitCode).toBe(1)
  expect(conductOf(result)).toHaveLength(1)
  expect(conductOf(result)[0]?.evidence[0]).toMatch(/^t\d+$/)
  const notes = eventsOf(result, 'note')
  expect(notes[0]?.says).toContain('left alone')
  expect(JSON.stringify(result.journal)).not.toContain('sk-ant-secret')
})

test('an exception thrown in a timer is a finding', async () => {
  const result = await run(
    whenDown(() =>
      setTimeout(() => {
        throw new Error('in a timer')
      }, 10),
    ),
  )

  expect(eventsOf(result, 'note').some(note => note.kind === 'uncaught-exception')).toBe(true)
  expect(result.exitCode).toBe(1)
})

test('process.exit in the client is a finding, and the run goes on', async () => {
  const result = await run(whenDown(() => process.exit(3)))

  expect(result.exitCode).toBe(1)
  expect(conductOf(result)[0]?.message).toContain('process.exit')
  expect(eventsOf(result, 'run-ended')[0]?.reason).toBe('complete')
})

test('timers that fire without end are a finding that names where they are set', async () => {
  const result = await run(
    whenDown(
      () =>
        new Promise(() => {
          function spinHere() {
            setTimeout(spinHere, 0)
          }
          spinHere()
        }),
    ),
  )

  expect(result.exitCode).toBe(1)
  expect(eventsOf(result, 'run-ended')[0]?.reason).toBe('livelock')
  expect(eventsOf(result, 'note').find(note => note.kind === 'livelock')?.says).toContain('spinHere')
})

test('an app that never settles is found, and the run ends', async () => {
  const result = await run(whenDown(() => new Promise(() => {})))

  expect(result.exitCode).toBe(1)
  const finding = result.findings.find(({ oracle }) => oracle === 'settles')
  expect(finding?.severity).toBe('fail')
  expect(finding?.evidence.length).toBeGreaterThan(0)
  expect(eventsOf(result, 'run-ended')[0]?.reason).toBe('complete')
})

test('what the client prints goes to standard error', async () => {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const error = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  let wrote = ''
  try {
    await run({ ...sound, start: () => void process.stdout.write('hello from the app\n') })
    expect(out).not.toHaveBeenCalled()
    wrote = error.mock.calls.join('')
  } finally {
    out.mockRestore()
    error.mockRestore()
  }
  expect(wrote).toContain('hello from the app')
})

test('a scenario in which nothing lands is not green', async () => {
  const quiet = await run(sound, { scenario: scenario('{ name: quiet, for: 2m }') })
  expect(quiet).toMatchObject({ verdict: 'inconclusive', exitCode: 6 })

  const elsewhere = scenario('{ name: down, for: 5m, faults: [{ surface: chat, fault: overloaded }] }')
  const unused = await run(sound, { scenario: elsewhere })
  expect(unused).toMatchObject({ verdict: 'inconclusive', exitCode: 6 })
  expect(unused.faults).toMatchObject([{ status: 'unused', eligible: 0, hits: 0, line: 6 }])
})

test('an expectation with nothing to examine is not green', async () => {
  const text = `${scenario('{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded, share: 20% }] }')}expect: [herd-at-restore]\n`
  const result = await run(sound, { scenario: text })

  expect(result).toMatchObject({ verdict: 'inconclusive', exitCode: 6 })
  expect(result.reason).toContain('herd-at-restore')
})

test('the client sees canary keys and provider addresses, and no ambient ones', async () => {
  vi.stubEnv('ANTHROPIC_API_KEY', 'sk-ant-the-real-one-0123456789')
  vi.stubEnv('HTTPS_PROXY', 'http://proxy.invalid:3128')
  const seen: Record<string, string | undefined> = {}
  const result = await run({
    ...sound,
    start: ({ env }) => {
      Object.assign(seen, { own: process.env['ANTHROPIC_API_KEY'], given: env['ANTHROPIC_API_KEY'] })
      seen['base'] = env['ANTHROPIC_BASE_URL']
      seen['proxy'] = process.env['HTTPS_PROXY']
    },
  })

  expect(seen['own']).toMatch(/canary/)
  expect(seen['given']).toBe(seen['own'])
  expect(seen['base']).toBe('https://api.anthropic.com')
  expect(seen['proxy']).toBeUndefined()
  expect(process.env['ANTHROPIC_API_KEY']).toBe('sk-ant-the-real-one-0123456789')
  expect(JSON.stringify(result.journal)).not.toContain('canary-blackstart')
  vi.unstubAllEnvs()
})

test('storage lasts as long as a run', async () => {
  const values: (string | undefined)[] = []
  const client: Integration = {
    ...sound,
    start: async ({ storage }) => {
      values.push(await storage.get('seen'))
      await storage.set('seen', 'yes')
      values.push(await storage.get('seen'))
    },
  }
  await run(client)
  await run(client)

  expect(values).toEqual([undefined, 'yes', undefined, 'yes'])
})

test("what a fault or an oracle of one's own does, counts", async () => {
  const { defineFault, defineOracle } = await import('../../../src/index.ts')
  const teapot = defineFault({
    id: 'teapot',
    says: 'The provider is a teapot.',
    params: {},
    effect: () => ({ type: 'answer-raw', status: 418, headers: {}, body: 'short and stout' }),
  })
  const noTea = defineOracle({
    id: 'no-tea',
    code: 'Z1',
    says: 'Nobody is given tea.',
    kind: 'safety',
    byDefault: true,
    params: {},
    judge: view => {
      const tea = view.attempts.filter(attempt => attempt.headers?.status === 418)
      const findings = tea.slice(0, 1).map(({ id, startMs }) => ({
        severity: 'fail' as const,
        phase: view.phaseAt(startMs),
        message: 'tea was served',
        evidence: [id],
        advice: 'Ask for coffee.',
      }))
      return { examined: view.attempts.length, findings }
    },
  })
  const text = scenario('{ name: tea, for: 5m, faults: [{ surface: api, fault: teapot, share: 30% }] }')
  const result = await run(sound, { scenario: text, faults: [teapot], oracles: [noTea] })

  expect(result.findings).toMatchObject([
    { oracle: 'no-tea', severity: 'fail', phase: 'tea', message: 'tea was served' },
  ])
})

test('a line that the engine cannot perform yet is refused with its place', async () => {
  const text = `${scenario('{ name: down, for: 5m, faults: [{ surface: api, fault: overloaded }] }')}surfaces:\n  db: { tcp: 'db.local:5432' }\n`
  await expect(run(sound, { scenario: text, file: 'mine.yaml' })).rejects.toThrow(
    /^mine\.yaml:8:\d+: The msw engine cannot/,
  )
})
