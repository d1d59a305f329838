import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { ambientClock } from '../../../src/clock/clock.ts'
import type { Entry } from '../../../src/console/protocol.ts'
import { Reader } from '../../../src/console/reader.ts'
import { ConsoleShow } from '../../../src/console/show.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { fakeResult } from '../../support/fake-result.ts'
import { planOf, ShownDrill, Visiting } from './visiting.ts'

const note = (says: string) =>
  ({ type: 'mark', t: 1, mark: 'note', says, detail: { role: 'responder', category: 'decision' } }) as const

test('two browsers are told the same, and how many look on', async () => {
  await using visit = await Visiting.held()
  const [one, two] = await Promise.all([visit.follow('facilitator'), visit.follow('facilitator')])

  visit.drill.write(note('first'))
  visit.drill.hold()
  visit.drill.write(note('second'))
  const knowsAll = ({ view, entries }: typeof one) =>
    entries.length === 2 && view?.role === 'facilitator' && view.held && view.people.facilitator === 2
  await Promise.all([one.until(knowsAll), two.until(knowsAll)])

  expect(one.entries).toEqual(two.entries)
  expect(one.view).toEqual(two.view)
  expect(one.facilitator.links?.responder).toBe(`/responder#token=${visit.console.tokens.responder}`)
})

test('a browser that comes back misses nothing, and is told nothing twice', async () => {
  await using visit = await Visiting.held()
  const first = await visit.follow('observer')
  for (const says of ['a', 'b']) visit.drill.write(note(says))
  await first.until(({ entries }) => entries.length === 2)
  first.leave()
  // In between come lines that are for nobody to read.
  visit.drill.write({ type: 'attempt-headers', t: 2, attempt: 'a1', status: 200 })
  for (const says of ['c', 'd']) visit.drill.write(note(says))

  const again = await visit.follow('observer', first.entries.at(-1)?.id)
  visit.drill.write(note('e'))
  await again.until(({ entries, view }) => entries.length === 3 && view !== undefined)

  expect([...first.entries, ...again.entries].map(({ id, text }) => [id, text])).toEqual([
    ...[
      [0, 'a'],
      [1, 'b'],
      [3, 'c'],
      [4, 'd'],
      [5, 'e'],
    ],
  ])
})

test('a responder is not told the time just when somebody else does something', async () => {
  await using visit = await Visiting.held()
  const stream = await visit.follow('responder')
  await stream.until(({ view }) => view !== undefined)
  // No beat comes any more.
  const after = vi.spyOn(ambientClock, 'after').mockReturnValue(() => {})
  await sleep(1_100)
  const before = stream.text

  await visit.act('facilitator', { do: 'hold' })
  await sleep(100)
  after.mockRestore()

  expect(stream.text).toBe(before)
  await visit.act('facilitator', { do: 'mark', mark: 'detected' })
  await stream.until(({ entries }) => entries.length === 1)
})

test('a responder who comes back misses nothing, and cannot tell by ids how much goes on', async () => {
  await using visit = await Visiting.held()
  const first = await visit.follow('responder')
  visit.drill.write({ type: 'phase-entered', t: 0, phase: 'blaze' })
  visit.drill.write(note('a'))
  visit.drill.write({ type: 'attempt-headers', t: 2, attempt: 'a1', status: 200 })
  visit.drill.write(note('b'))
  await first.until(({ entries }) => entries.length === 2)
  first.leave()
  visit.drill.write({ type: 'mark', t: 3, mark: 'held' })
  visit.drill.write(note('c'))

  const again = await visit.follow('responder', first.entries.at(-1)?.id)
  await again.until(({ entries }) => entries.length === 1)

  expect([...first.entries, ...again.entries].map(({ id, text }) => [id, text])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ])
})

test('a browser that had looked at another show is told all of this one', async () => {
  await using visit = await Visiting.held()
  visit.drill.write(note('a'))

  const stream = await visit.follow('observer', 4_711)

  await stream.until(({ entries }) => entries.length === 1)
  expect(stream.text).toContain('event: anew\n')
})

test('a view comes when something has changed, and not else', async () => {
  await using visit = await Visiting.open()
  const stream = await visit.follow('responder')
  await stream.until(({ view }) => view?.stage === 'lobby')
  const before = stream.text

  // Four times what lies between two views.
  await ambientClock.sleep(1_000)
  expect(stream.text).toBe(before)

  visit.console.begin()
  await visit.console.attach({ session: visit.drill })
  await stream.until(({ view }) => view?.stage === 'running' && view.statusPage !== undefined)
})

test('while the app is being started the clock of responders stands: at its beginning, or where the show goes on', async () => {
  await using visit = await Visiting.open()
  const stream = await visit.follow('responder')
  visit.console.begin()
  visit.drill.now = { ...visit.drill.now, stage: 'starting', t: -3 }
  await visit.console.attach({ session: visit.drill })
  await stream.until(({ view }) => view?.statusPage !== undefined)
  expect(stream.view).toMatchObject({ stage: 'lobby', t: 0 })

  visit.drill.now = { ...visit.drill.now, t: 60_000 }
  await stream.until(({ view }) => view?.stage === 'running')
  expect(stream.view).toMatchObject({ t: 180_000 })
})

test('a reader that is slow costs little memory, gets every entry in order, and the newest view', () => {
  const plan = planOf()
  const links = { facilitator: '', responder: '', observer: '' }
  const show = new ConsoleShow({ plan, catalogue, speed: 1, checks: [], links })
  const drill = new ShownDrill(plan)
  const waiting: (() => void)[] = []
  let text = ''
  const slow = new Writable({
    highWaterMark: 16_384,
    write(chunk, _, taken) {
      text += chunk
      waiting.push(taken)
    },
  })
  const reader = new Reader(slow, { ...{ role: 'facilitator', show, warmUpMs: 0, last: -1 }, mask: one => one })
  let most = 0
  show.attach(drill, {
    onLog() {
      reader.tellLog()
      most = Math.max(most, slow.writableLength)
    },
    failed(error) {
      throw error
    },
  })

  for (let i = 0; i < 5_000; i++) {
    drill.write(note(`${i} ${'x'.repeat(1_000)}`))
    reader.tick({ key: String(i), text: JSON.stringify({ view: i }) }, true)
  }
  const untaken = text.length
  for (let taken = waiting.shift(); taken; taken = waiting.shift()) {
    taken()
    // The stream asks for more at its own time.
    slow.emit('drain')
  }
  reader.tick({ key: 'last', text: JSON.stringify({ view: 'last' }) }, true)
  for (let taken = waiting.shift(); taken; taken = waiting.shift()) taken()

  expect(most).toBeLessThan(40_000)
  expect(untaken).toBeLessThan(40_000)
  const data = (event: string) =>
    text.split('\n\n').flatMap(one => (one.includes(`event: ${event}\n`) ? [one.slice(one.indexOf('data: ') + 6)] : []))
  const entries = data('entry').map(line => JSON.parse(line) as Entry)
  expect(entries.map(({ id }) => id)).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
  expect(data('view').length).toBeLessThan(20)
  expect(data('view').at(-1)).toBe('{"view":"last"}')
})

test('what cannot be shown is told once, and costs neither the app nor the drill anything', async () => {
  const said: string[] = []
  await using visit = await Visiting.held({ say: text => said.push(text) })
  const looking = await visit.follow('facilitator')
  const { plan } = visit.drill
  visit.drill.plan = () => {
    throw new Error('no plan today')
  }
  visit.drill.hold()
  await vi.waitFor(() => expect(said).toHaveLength(1))

  visit.drill.write(note('all the same'))
  visit.drill.plan = plan
  await looking.until(({ view, entries }) => entries.length === 1 && view?.role === 'facilitator' && view.held)
  expect(said).toEqual(['the console could not show something (no plan today); the show goes on'])
})

test('the console ends when the facilitator closes it, with a word to all who look on', async () => {
  await using visit = await Visiting.held()
  const stream = await visit.follow('responder')
  expect((await visit.act('facilitator', { do: 'close' })).status).toBe(409)

  visit.console.ended(fakeResult(), {})
  expect((await visit.act('facilitator', { do: 'close' })).status).toBe(204)
  await visit.console.closed
  await visit.console.close()
  await stream.until(({ isOver }) => isOver)

  expect(stream.text).toMatch(/event: closed\ndata: \{\}\n\n$/)
})

test('where nobody has ever looked, the console ends with the show', async () => {
  await using visit = await Visiting.held()

  visit.console.ended(fakeResult(), {})

  await visit.console.closed
})
