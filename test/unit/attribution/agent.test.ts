import { expect, test } from 'vitest'
import { defineIntegration, type JournalEvent, type RunResult } from '../../../src/index.ts'
import { eventsOf, outcomesOf, run } from '../run/support.ts'
import { type Answer, ask, calm, countByTask, expectAttributed, Queue, rough } from './support.ts'

const names = Array.from({ length: 10 }, (_, i) => `tool_${i + 1}`)
const tools = names.map(name => ({ name, description: name, input_schema: { type: 'object', properties: {} } }))

/** Asks until no tool is called any more; a failed turn is asked again. Tells `called` which tools were called. */
async function think(prompt: string, one: (body: object) => Promise<Answer>, called: (names: string[]) => void) {
  const messages: object[] = [{ role: 'user', content: prompt }]
  const used: string[] = []
  for (;;) {
    const { content } = await untilAnswered(() => one({ messages, tools }))
    const uses = content.filter(({ type }) => type === 'tool_use')
    if (uses.length === 0) {
      called(used)
      return { content }
    }
    used.push(...uses.map(({ name }) => name))
    messages.push({ role: 'assistant', content })
    messages.push({
      role: 'user',
      content: uses.map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'done' })),
    })
  }
}

async function untilAnswered<T>(once: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await once()
    } catch {
      await new Promise(go => setTimeout(go, 500))
    }
  }
}

/** Calls of tasks that were done before the run ended. */
function callsByDoneTask(result: RunResult): readonly number[] {
  const done = new Set(eventsOf(result, 'task-settled').map(({ task }) => task))
  const calls: JournalEvent[] = eventsOf(result, 'call-started')
  return [...countByTask(calls as { task?: string }[])].filter(([task]) => done.has(task ?? '')).map(([, n]) => n)
}

test('each turn of a ten-tool agent is a call of one task, retries are not, and each tool is called once', async () => {
  const sent: string[] = []
  const used: string[][] = []

  const result = await run(
    {
      name: 'agent',
      perform: (_, { id, prompt }) =>
        think(
          prompt,
          body => {
            sent.push(id)
            return ask(prompt, { body })
          },
          names => used.push(names),
        ),
    },
    { scenario: rough(50) },
  )

  expectAttributed(result, sent, 'context')
  expect(used.length).toBeGreaterThan(10)
  expect(used).toEqual(used.map(() => names))
  const calls = callsByDoneTask(result)
  expect(calls).toEqual(used.map(() => 11))
  expect(sent.length).toBeGreaterThan(11 * used.length + 20)
  expect(outcomesOf(result)).toEqual({ ok: used.length })
})

test('an agent whose turns a worker sends is known by the question it began with', async () => {
  const sent: string[] = []
  const used: string[][] = []

  const result = await run(
    defineIntegration({
      name: 'agent-worker',
      start() {
        const queue = new Queue<() => Promise<unknown>>()
        const work = async () => {
          for (;;) await (await queue.take())()
        }
        for (let i = 0; i < 3; i++) void work()
        return queue
      },
      perform: (queue, { id, prompt }) =>
        think(
          prompt,
          body =>
            new Promise((resolve, reject) =>
              queue.push(() => {
                sent.push(id)
                return ask(prompt, { body }).then(resolve, reject)
              }),
            ),
          names => used.push(names),
        ),
    }),
    { scenario: calm(500) },
  )

  expectAttributed(result, sent, 'marker')
  expect(used.length).toBeGreaterThan(10)
  expect(used).toEqual(used.map(() => names))
  expect(callsByDoneTask(result)).toEqual(used.map(() => 11))
})
