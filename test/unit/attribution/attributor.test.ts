import { expect, test } from 'vitest'
import { Attributor, type Clues, type OpenTask } from '../../../src/attribution/attribution.ts'

let opened = 0

/** An attributor with these tasks open, the oldest first. */
function withTasks(...tasks: Partial<OpenTask>[]) {
  const attributor = new Attributor()
  const open = tasks.map(task => openTask(attributor, task))
  return { attributor, open }
}

function openTask(attributor: Attributor, task: Partial<OpenTask>): OpenTask {
  const number = ++opened
  const whole: OpenTask = {
    id: `t${number}`,
    instance: 0,
    user: 0,
    tenant: 'tenant-1',
    session: 's1-1',
    question: 'q1',
    number,
    attempts: 0,
    inFlight: 0,
    ...task,
  }
  attributor.open(whole)
  return whole
}

/** What an arrival shows, nothing where not said. */
function clues(some: Partial<Clues> = {}): Clues {
  return { header: undefined, trace: undefined, context: undefined, question: undefined, fingerprint: 'f', ...some }
}

/** As the responder does: finds the task, and counts the attempt. */
function send(attributor: Attributor, some: Partial<Clues>) {
  const { task, by } = attributor.find(clues(some))
  if (task) {
    task.attempts++
    task.inFlight++
  }
  return `${task?.id} ${by}`
}

const inTask = (task: string, instance = 0) => ({ context: { instance, task } })
const inInstance = (instance: number) => ({ context: { instance, task: undefined } })

test('the mark names the oldest open task of its question with no attempt in flight', () => {
  const { attributor, open } = withTasks({ id: 'a' }, { id: 'other', question: 'q2' }, { id: 'b' }, { id: 'c' })

  expect(send(attributor, { question: 'q1', fingerprint: '1' })).toBe('a marker')
  expect(send(attributor, { question: 'q1', fingerprint: '2' })).toBe('b marker')
  for (const task of open) task.inFlight = task.id === 'b' ? 0 : task.inFlight
  expect(send(attributor, { question: 'q1', fingerprint: '3' })).toBe('b marker')
  expect(send(attributor, { question: 'q1', fingerprint: '4' })).toBe('c marker')
  expect(send(attributor, { question: 'q2', fingerprint: '5' })).toBe('other marker')
})

test('with an attempt in flight for each, the oldest is taken: it hedges', () => {
  const { attributor } = withTasks({ id: 'a', inFlight: 1 }, { id: 'b', inFlight: 1 })

  expect(send(attributor, { question: 'q1' })).toBe('a marker')
})

test('the same request again is a retry of the task that sent it, not the first of an older one', () => {
  const { attributor, open } = withTasks({ id: 'a' }, { id: 'b' })
  const [a, b] = open

  send(attributor, { question: 'q1', fingerprint: 'of a' })
  send(attributor, { question: 'q1', fingerprint: 'of b' })
  Object.assign(a ?? {}, { inFlight: 0 })
  Object.assign(b ?? {}, { inFlight: 0 })

  expect(send(attributor, { question: 'q1', fingerprint: 'of b' })).toBe('b marker')
})

test('a settled task gets no more of its question', () => {
  const { attributor } = withTasks({ id: 'a' }, { id: 'b' })

  attributor.close('a')
  expect(send(attributor, { question: 'q1' })).toBe('b marker')
  attributor.close('b')
  expect(send(attributor, { question: 'q1' })).toBe('undefined none')
  expect(attributor.openCount).toBe(0)
  attributor.close('b')
  attributor.close('never opened')
  expect([...attributor.openTasks()]).toEqual([])
})

test('a fingerprint is forgotten when its task settles', () => {
  const { attributor } = withTasks({ id: 'a' }, { id: 'b', question: 'q2' })

  expect(send(attributor, { ...inTask('a'), fingerprint: 'x' })).toBe('a context')
  expect(send(attributor, { fingerprint: 'x' })).toBe('a fingerprint')
  attributor.close('a')
  expect(send(attributor, { fingerprint: 'x' })).toBe('undefined none')
})

test('a fingerprint belongs to the open task that sent it last, whoever else settles', () => {
  const { attributor } = withTasks({ id: 'a' }, { id: 'b' })

  send(attributor, { ...inTask('a'), fingerprint: 'x' })
  send(attributor, { ...inTask('b'), fingerprint: 'x' })
  attributor.close('a')

  expect(send(attributor, { fingerprint: 'x' })).toBe('b fingerprint')
})

test('the context counts where the question does not speak against it', () => {
  const { attributor } = withTasks({ id: 'a' }, { id: 'b', question: 'q2' })

  expect(send(attributor, { ...inTask('a') })).toBe('a context')
  expect(send(attributor, { ...inTask('a'), question: 'q1' })).toBe('a context')
  expect(send(attributor, { ...inTask('a'), question: 'q2' })).toBe('b marker')
  // Nobody asks q3: the app quotes something.
  expect(send(attributor, { ...inTask('a'), question: 'q3' })).toBe('a context')
})

test('a header wins over everything, when its task is open', () => {
  const { attributor } = withTasks({ id: 'a' }, { id: 'b', question: 'q2' })

  expect(send(attributor, { header: 'a', ...inTask('b'), question: 'q2' })).toBe('a header')
  attributor.close('a')
  expect(send(attributor, { header: 'a', ...inTask('b'), question: 'q2' })).toBe('b context')
})

test('a trace leads to the task it was seen with, but not against the question', () => {
  const { attributor } = withTasks({ id: 'a' }, { id: 'b', question: 'q2' })

  expect(send(attributor, { trace: 'x', ...inTask('a') })).toBe('a context')
  expect(send(attributor, { trace: 'x' })).toBe('a header')
  expect(send(attributor, { trace: 'x', question: 'q2' })).toBe('b marker')
})

test("a trace goes on from a settled task to the next, and is nobody's once two use it together", () => {
  const { attributor } = withTasks({ id: 'a' })

  send(attributor, { trace: 'x', ...inTask('a') })
  attributor.close('a')
  openTask(attributor, { id: 'b' })
  expect(send(attributor, { trace: 'x', ...inTask('b') })).toBe('b context')
  expect(send(attributor, { trace: 'x', fingerprint: 'new' })).toBe('b header')

  openTask(attributor, { id: 'c', question: 'q2' })
  openTask(attributor, { id: 'd' })
  expect(send(attributor, { trace: 'x', ...inTask('c'), question: 'q2' })).toBe('c context')
  expect(send(attributor, { trace: 'x', ...inTask('d'), question: 'q1' })).toBe('d context')
  expect(send(attributor, { trace: 'x', fingerprint: 'new too' })).toBe('undefined none')
})

test('an instance only works for its own tasks, where the context names the instance', () => {
  const { attributor } = withTasks({ id: 'a', instance: 0 }, { id: 'b', instance: 1 })

  expect(send(attributor, { ...inInstance(1), question: 'q1', fingerprint: '1' })).toBe('b marker')
  expect(send(attributor, { ...inInstance(2), question: 'q1', fingerprint: '2' })).toBe('undefined none')
  expect(send(attributor, { ...inInstance(0), question: 'q1', fingerprint: '3' })).toBe('a marker')
})

test('a context without an instance, and none at all, leave all tasks to choose from', () => {
  const { attributor } = withTasks({ id: 'a', instance: 1 }, { id: 'b', instance: 0 })

  expect(send(attributor, { ...inInstance(-1), question: 'q1', fingerprint: '1' })).toBe('a marker')
  expect(send(attributor, { question: 'q1', fingerprint: '2' })).toBe('b marker')
})

test("a settled task's context keeps what it still does, while others with its question have their own attempts", () => {
  const { attributor } = withTasks({ id: 'a' })

  send(attributor, { ...inTask('a'), question: 'q1' })
  attributor.close('a')
  expect(send(attributor, { ...inTask('a'), question: 'q1' })).toBe('a context')

  openTask(attributor, { id: 'b' })
  send(attributor, { ...inTask('b'), question: 'q1', fingerprint: 'of b' })
  expect(send(attributor, { ...inTask('a'), question: 'q1' })).toBe('a context')
})

test('a worker in the context of a settled task serves the open ones with that question, retries included', () => {
  const { attributor } = withTasks({ id: 'a' })
  send(attributor, { ...inTask('a'), question: 'q1' })
  attributor.close('a')
  const b = openTask(attributor, { id: 'b' })

  expect(send(attributor, { ...inTask('a'), question: 'q1' })).toBe('b marker')
  b.inFlight = 0
  expect(send(attributor, { ...inTask('a'), question: 'q1' })).toBe('b marker')
})

test('the same request after its answer is that of another task with the question, as long as one waits', () => {
  const { attributor, open } = withTasks({ id: 'first' }, { id: 'second' })
  const asked = { question: 'q1', fingerprint: 'same' }
  const answer = (index: number) => {
    const task = open[index]
    if (!task) throw new Error('no such task')
    task.inFlight--
    attributor.answered(task, 'same')
  }

  expect(send(attributor, asked)).toBe('first marker')
  answer(0)
  expect(send(attributor, asked)).toBe('second marker')
  answer(1)
  expect(send(attributor, asked)).toBe('second marker')
})

test('the next turn of a task is not taken for that of another', () => {
  const { attributor, open } = withTasks({ id: 'first' }, { id: 'second' })
  send(attributor, { question: 'q1', fingerprint: 'turn 1' })
  const [first] = open
  if (first) {
    first.inFlight--
    attributor.answered(first, 'turn 1')
  }

  expect(send(attributor, { question: 'q1', fingerprint: 'turn 2' })).toBe('first marker')
})
