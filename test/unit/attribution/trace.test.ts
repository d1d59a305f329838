import { expect, test } from 'vitest'
import { Attributor } from '../../../src/attribution/attribution.ts'
import { taskOfTrace, traceparentOf } from '../../../src/attribution/trace.ts'

const traceOf = (task: string) => traceparentOf(task).split('-')[1] ?? ''

test('a traceparent names its task, in the form of the standard', () => {
  expect(traceparentOf('t17')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  expect(traceparentOf('t17')).toBe(traceparentOf('t17'))
  for (const task of ['t1', 't17', 't123456', 'order-äö', '']) expect(taskOfTrace(traceOf(task))).toBe(task)
})

test('a long name has a trace of its own, which tells no task', () => {
  expect(traceOf('a-task-with-a-long-name')).toMatch(/^[0-9a-f]{32}$/)
  expect(traceOf('a-task-with-a-long-name')).not.toBe(traceOf('a-task-with-a-long-namf'))
  expect(taskOfTrace(traceOf('a-task-with-a-long-name'))).toBeUndefined()
})

test.for(['4bf92f3577b34da6a3ce929d0e0e4736', 'b5ff0000000000000000000000000000', 'b5', ''])(
  'the trace %j is somebody else’s',
  trace => {
    expect(taskOfTrace(trace)).toBeUndefined()
  },
)

test('an attempt that carries only the trace of its task is that task’s, whatever else is open', () => {
  const attributor = new Attributor()
  const task = { instance: 0, user: 1, tenant: 'a', session: 's', question: 'q1', number: 1, attempts: 0, inFlight: 0 }
  for (const id of ['t1', 't2', 't3']) attributor.open({ ...task, id })
  const clues = { header: undefined, context: undefined, question: 'q1', fingerprint: 'f' }

  const found = attributor.find({ ...clues, trace: traceOf('t3') })

  expect([found.task?.id, found.by]).toEqual(['t3', 'header'])
})
