import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { sinceOf } from '../../../src/run/since.ts'
import { Conversations } from '../../../src/workload/conversations.ts'

const task = (id: string, session: string): JournalEvent => ({
  ...{ type: 'task-started', t: 5, task: id, instance: 0, user: 1, tenant: 'tenant-1', session },
  ...{ class: 'normal', question: 'q1', streaming: false },
})

test('numbers go on after the last, and each user with the question and the conversation after the last', () => {
  const since = sinceOf([
    task('t1', 's1-2-1'),
    task('t12', 's1-2-1'),
    task('t3', 's1-2-2'),
    { type: 'mark', t: 70, mark: 'detected' },
  ])

  expect(since).toMatchObject({ t: 70, tasks: 12, calls: 0, attempts: 0 })
  expect([...since.asked]).toEqual([['s1-2', 3]])
  const conversations = new Conversations({ turns: 2, tools: false }, since.conversations)
  const user = { instance: 0, number: 1, name: 'u2', tenant: 'tenant-1', session: 's1-2' }
  expect(conversations.next(user).input).toMatchObject({ session: 's1-2-3', turn: 1, history: [] })
})
