import { expect, test } from 'vitest'
import { defineIntegration, type Integration, type Settlement, type TaskInput } from '../../../src/index.ts'
import { performTask } from '../../../src/workload/perform-task.ts'

const task: TaskInput = {
  id: 't1',
  prompt: '[q:q1] How do I change an invoice?',
  question: 'q1',
  tenant: 'tenant-1',
  session: 's1-1',
  user: 'u1',
  stream: false,
  class: 'normal',
}
const good = '[q:q1] Open settings. [end:q1]'

const { signal } = new AbortController()

const settled = (perform: Integration['perform'], more: Partial<Integration> = {}) =>
  performTask({ name: 'x', perform, ...more }, undefined, task, { signal })

/** How a task ends whose app returns a good answer and says this of it. */
const told = (said: unknown) => settled(() => good, { settle: () => said as Settlement })

class OverloadedError extends Error {}

test('the app is given itself, the task and a signal', async () => {
  const app = { name: 'the app' }
  const seen: unknown[] = []
  const perform = (...given: unknown[]) => {
    seen.push(...given)
    return good
  }

  await performTask(defineIntegration<typeof app>({ name: 'x', perform }), app, task, { signal })

  expect(seen).toEqual([app, task, { signal }])
})

test.each<[string, unknown, string]>([
  ['an error', new Error(`bad ${task.prompt}`), 'Error'],
  ['an error of a class', new OverloadedError('sk-ant-secret'), 'OverloadedError'],
  ['an error with a name', Object.assign(new Error('late'), { name: 'TimeoutError' }), 'TimeoutError'],
  ['an error whose name is a text', Object.assign(new Error('late'), { name: `late: ${task.prompt}` }), 'Error'],
  ['an abort', new DOMException('stop', 'AbortError'), 'AbortError'],
  ['a string', 'sk-ant-secret', 'string'],
  ['an object', { status: 529 }, 'object'],
  ['nothing', undefined, 'undefined'],
])('%s thrown is an honest failure, of which the class alone is kept', async (_, thrown, error) => {
  const failed = { outcome: 'failed', claimed: false, answer: 'none', error }
  const throws = () => {
    throw thrown
  }

  expect(await settled(throws)).toEqual(failed)
  expect(await settled(() => Promise.reject(thrown))).toEqual(failed)
})

test('what was thrown is told to who asked', async () => {
  const thrown: unknown[] = []
  const error = new Error('no')

  const perform = () => Promise.reject(error)
  await performTask({ name: 'x', perform }, undefined, task, { signal, onThrown: e => thrown.push(e) })

  expect(thrown).toEqual([error])
})

test.each<[string, unknown, string, string]>([
  ['both marks', good, 'ok', 'complete'],
  ['the opening mark alone', '[q:q1] Open sett', 'truncated', 'truncated'],
  ['neither mark', 'Sorry, try again later.', 'not-an-answer', 'unmarked'],
  ["another question's marks", '[q:q2] No. [end:q2]', 'not-an-answer', 'foreign'],
  ['no words', '', 'not-an-answer', 'empty'],
  ['no text', { done: true }, 'not-an-answer', 'none'],
  ['nothing', undefined, 'not-an-answer', 'none'],
  ['both marks in content blocks', { content: [{ type: 'text', text: good }] }, 'ok', 'complete'],
])('without settle, an answer with %s is told by them', async (_, value, outcome, answer) => {
  expect(await settled(() => value)).toEqual({ outcome, answer, claimed: false })
})

test('a Response of an error status is a failure, whatever settle would say', async () => {
  const settle = () => ({ outcome: 'ok' as const })
  const overloaded = () => new Response(good, { status: 529 })

  const failed = { outcome: 'failed', claimed: false, answer: 'complete', error: 'Response' }
  expect(await settled(overloaded)).toEqual(failed)
  expect(await settled(overloaded, { settle })).toEqual(failed)
})

test('an iterator that throws half-way is a failure', async () => {
  async function* half() {
    yield '[q:q1] Open '
    throw new OverloadedError('cut')
  }

  expect(await settled(half)).toEqual({
    outcome: 'failed',
    claimed: false,
    answer: 'none',
    error: 'OverloadedError',
  })
})

test('a task settles when its body does', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  let isSettled = false
  async function* slow() {
    yield '[q:q1] Open '
    await gate
    yield 'settings. [end:q1]'
  }

  const settling = settled(slow).finally(() => {
    isSettled = true
  })
  await new Promise(go => setTimeout(go, 10))
  expect(isSettled).toBe(false)
  open()

  expect(await settling).toEqual({ outcome: 'ok', claimed: false, answer: 'complete' })
})

test.each<Settlement['outcome']>(['ok', 'degraded', 'queued', 'failed'])(
  "what settle says is the app's own word: %s",
  async outcome => {
    expect(await told({ outcome })).toEqual({ outcome, claimed: true, answer: 'complete' })
    expect(await told(Promise.resolve({ outcome }))).toEqual({ outcome, claimed: true, answer: 'complete' })
  },
)

test('settle is given what perform returned, the drained text in place of a body, and the task', async () => {
  const seen: unknown[] = []
  const settle = (answer: never, of: TaskInput) => {
    seen.push(answer, of)
    return { outcome: 'ok' as const }
  }
  const answer = { from: 'cache', text: good }

  await settled(() => answer, { settle })
  await settled(() => new Response(good), { settle })

  expect(seen).toEqual([answer, task, good, task])
  expect(seen[0]).toBe(answer)
})

test.each<[Partial<Settlement>, object]>([
  [{ source: 'live' }, { source: 'live' }],
  [{ source: 'cache' }, { source: 'cache' }],
  [{ source: 'fallback' }, { source: 'fallback' }],
  [{ source: 'queue' }, { source: 'queue' }],
  [{ complete: false }, { complete: false }],
  [
    { complete: true, labelled: true },
    { complete: true, labelled: true },
  ],
  [{ labelled: false }, { labelled: false }],
  [{ ageMs: 1_234.6 }, { ageMs: 1_235 }],
  [{ ageMs: 0 }, { ageMs: 0 }],
  [{ jobId: 'job-7' }, { jobId: 'job-7' }],
  [{ text: '[q:q1] Op' }, { answer: 'truncated' }],
  [{ text: '' }, { answer: 'empty' }],
])('of what settle says, %j is kept', async (said, kept) => {
  expect(await told({ outcome: 'degraded', ...said })).toEqual({
    outcome: 'degraded',
    claimed: true,
    answer: 'complete',
    ...kept,
  })
})

test('what settle leaves open, by null or undefined, is left out', async () => {
  const fields = ['source', 'text', 'complete', 'labelled', 'ageMs', 'jobId']

  for (const nothing of [null, undefined])
    expect(await told({ outcome: 'ok', ...Object.fromEntries(fields.map(field => [field, nothing])) })).toStrictEqual({
      outcome: 'ok',
      claimed: true,
      answer: 'complete',
    })
})

test('a job id may be a number, and carries no key', async () => {
  expect(await told({ outcome: 'queued', jobId: 7 })).toMatchObject({ jobId: '7' })
  expect(await told({ outcome: 'queued', jobId: 'job of sk-ant-secret' })).toMatchObject({ jobId: 'job of [redacted]' })
})

test.each<[unknown, RegExp]>([
  [undefined, /no outcome.*ok, degraded, queued, failed/],
  [null, /no outcome/],
  ['ok', /no outcome/],
  [{}, /no outcome/],
  [{ outcome: 'fine' }, /no outcome/],
  [{ outcome: 'truncated' }, /no outcome/],
  [{ outcome: 'ok', source: 'disk' }, /wrong source.*live, cache, fallback, queue/],
  [{ outcome: 'ok', text: 5 }, /wrong text/],
  [{ outcome: 'ok', complete: 'yes' }, /wrong complete: expected true or false/],
  [{ outcome: 'ok', labelled: 1 }, /wrong labelled/],
  [{ outcome: 'ok', ageMs: '5s' }, /wrong ageMs: expected a number/],
  [{ outcome: 'ok', ageMs: Number.NaN }, /wrong ageMs/],
  [{ outcome: 'ok', jobId: {} }, /wrong jobId/],
])('settle that returns %j is told what was expected', async (said, message) => {
  let thrown: unknown
  const integration = { name: 'x', perform: () => good, settle: () => said as Settlement }
  const onThrown = (error: unknown) => {
    thrown = error
  }

  const ended = await performTask(integration, undefined, task, { signal, onThrown })

  expect(ended).toEqual({ outcome: 'failed', claimed: false, answer: 'none', error: 'TypeError' })
  expect(thrown).toMatchObject({ message: expect.stringMatching(message) })
})

test('settle that throws is a failure', async () => {
  const settle = () => {
    throw new OverloadedError('no')
  }

  expect(await settled(() => good, { settle })).toEqual({
    outcome: 'failed',
    claimed: false,
    answer: 'none',
    error: 'OverloadedError',
  })
})

test('an app that failed is not asked what its answer was', async () => {
  let asked = false
  const settle = () => {
    asked = true
    return { outcome: 'ok' as const }
  }

  await settled(() => Promise.reject(new Error('no')), { settle })

  expect(asked).toBe(false)
})
