import { expect, test } from 'vitest'
import type { Integration, TaskInput } from '../../../src/model/integration.ts'
import { performTask } from '../../../src/workload/perform-task.ts'

const task: TaskInput = {
  id: 't1',
  prompt: '[q:q1] Why?',
  question: 'q1',
  tenant: 'tenant-1',
  session: 's1',
  user: 'u1',
  stream: false,
  class: 'normal',
}

const bytes = (text: string) => new TextEncoder().encode(text)

const whole = '[q:q1] Because. [end:q1]'

function settle(integration: Omit<Integration, 'name'>) {
  return performTask({ name: 'app', ...integration }, undefined, task, { signal: new AbortController().signal })
}

test.each([
  [whole, 'ok', 'complete'],
  ['[q:q1] Beca', 'truncated', 'truncated'],
  ['Sorry!', 'not-an-answer', 'unmarked'],
  [undefined, 'not-an-answer', 'none'],
])('without settle, %j is %s', async (answer, outcome, state) => {
  expect(await settle({ perform: () => answer })).toEqual({ outcome, claimed: false, answer: state })
})

test('a throw is an honest failure, told by its class and not by its words', async () => {
  class BudgetSpent extends Error {}
  const failing = (error: unknown) => settle({ perform: () => Promise.reject(error) })

  expect(await failing(new BudgetSpent('sk-ant-secret'))).toEqual({
    outcome: 'failed',
    claimed: false,
    answer: 'none',
    error: 'BudgetSpent',
  })
  expect(await failing(Object.assign(new Error('x'), { name: 'AbortError' }))).toMatchObject({ error: 'AbortError' })
  expect(await failing('text')).toMatchObject({ outcome: 'failed', error: 'string' })
})

test('the task settles when its body does, and not before', async () => {
  let finish = () => {}
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(bytes('[q:q1] '))
      finish = () => {
        controller.enqueue(bytes('[end:q1]'))
        controller.close()
      }
    },
  })
  let settled = false
  const settling = settle({ perform: () => new Response(body) }).finally(() => {
    settled = true
  })

  await new Promise(setImmediate)
  expect(settled).toBe(false)
  finish()
  expect(await settling).toMatchObject({ outcome: 'ok' })
})

test("settle's word counts, and what the answer really was stands beside it", async () => {
  const perform = () => ({ answer: '[q:q1] Beca', from: 'cache' })
  const said = await settle({
    perform,
    settle: (answer: { answer: string }) => ({
      outcome: 'degraded',
      source: 'cache',
      text: answer.answer,
      complete: false,
      labelled: true,
      ageMs: 12.4,
    }),
  })

  expect(said).toEqual({
    outcome: 'degraded',
    claimed: true,
    answer: 'truncated',
    source: 'cache',
    complete: false,
    labelled: true,
    ageMs: 12,
  })
})

test.each(['ok', 'degraded', 'queued', 'failed'] as const)('settle may say %s', async outcome => {
  expect(await settle({ perform: () => whole, settle: async () => ({ outcome }) })).toMatchObject({
    outcome,
    claimed: true,
    answer: 'complete',
  })
})

test('a settle that says nothing known is the failure of the client module', async () => {
  const errors: unknown[] = []
  const settled = await performTask(
    { name: 'app', perform: () => whole, settle: () => ({ outcome: 'fine' }) as never },
    undefined,
    task,
    { signal: new AbortController().signal, onThrown: error => errors.push(error) },
  )

  expect(settled).toMatchObject({ outcome: 'failed', claimed: false })
  expect(String(errors[0])).toMatch(/settle returned no outcome.*ok, degraded, queued, failed/)
})
