import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { JournalEvent } from '../../../src/index.ts'
import { journalHash, journalLines, parseJournal } from '../../../src/index.ts'
import { Journal } from '../../../src/journal/journal.ts'
import { run } from '../run/support.ts'

const entered = (t: number, phase = 'up'): JournalEvent => ({ type: 'phase-entered', t, phase })

test('an event is frozen when it is written, with all that is in it', () => {
  const journal = new Journal()

  journal.write({ type: 'status-changed', t: 0, components: { api: 'major_outage' } })
  journal.write({ type: 'job-done', t: 1, job: 'j1', detail: { tries: [1, { at: 2 }] } })
  journal.write({ type: 'note', t: 2, kind: 'deadlock', says: 'Nothing can wake it.' })

  const [status, job, note] = journal.events as [never, never, never]
  expect(() => Object.assign(status, { t: 5 })).toThrow(TypeError)
  expect(() => Object.assign(status['components'], { api: 'operational' })).toThrow(TypeError)
  expect(() => Object.assign(job['detail']['tries'][1], { at: 3 })).toThrow(TypeError)
  expect(() => (job['detail']['tries'] as number[]).push(3)).toThrow(TypeError)
  expect(() => Object.assign(note, { says: '' })).toThrow(TypeError)
})

test('every event of a run is frozen', async () => {
  const result = await run({ name: 'fails', perform: () => Promise.reject(new Error('no')) })

  expect(result.journal.length).toBeGreaterThan(2)
  expect(result.journal.every(event => Object.isFrozen(event))).toBe(true)
  expect(Object.isFrozen(result.journal.find(event => event.type === 'run-started')?.workload)).toBe(true)
})

test('nothing comes after the last event', () => {
  const journal = new Journal()

  journal.write(entered(0))
  journal.close({ type: 'run-ended', t: 5, reason: 'complete', realIo: false })
  journal.write(entered(6))
  journal.close({ type: 'run-ended', t: 7, reason: 'stopped', realIo: false })

  expect(journal.events.map(({ t }) => t)).toEqual([0, 5])
})

test('what a note says is redacted when it is written', () => {
  const journal = new Journal()
  const where = `${process.cwd()}/src/app.ts:3:5`

  journal.write({
    type: 'note',
    t: 0,
    kind: 'unhandled-rejection',
    says: `Error: sk-ant-abcdefgh was refused by 10.0.0.7:43121 on 2031-05-06T07:08:09Z, at ${where}, see /srv/secret/app/run.log`,
    task: 't1',
  })

  expect(journal.events[0]).toEqual({
    type: 'note',
    t: 0,
    kind: 'unhandled-rejection',
    says: 'Error: [redacted] was refused by 10.0.0.7 on [date], at src/app.ts:3:5, see …/run.log',
    task: 't1',
  })
})

test('the hash is the SHA-256 of exactly the bytes of the lines', () => {
  const events = [entered(-120_000, 'steady-state'), entered(0, 'größer ✓'), entered(5)]
  const bytes = Buffer.from([...journalLines(events)].join(''), 'utf8')

  expect(bytes.toString()).toBe(
    '{"type":"phase-entered","t":-120000,"phase":"steady-state"}\n' +
      '{"type":"phase-entered","t":0,"phase":"größer ✓"}\n' +
      '{"type":"phase-entered","t":5,"phase":"up"}\n',
  )
  expect(journalHash(events)).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(journalHash(events)).not.toBe(journalHash(events.slice(1)))
})

test('a journal read back is the journal', async () => {
  const result = await run({ name: 'fails', perform: () => Promise.reject(new Error('no')) })

  const events = parseJournal([...journalLines(result.journal)].join(''))

  expect(events).toEqual(result.journal)
  expect(journalHash(events)).toBe(result.journalHash)
})

test('an empty journal has no events', () => {
  expect(parseJournal('')).toEqual([])
  expect([...journalLines([])]).toEqual([])
})

test.each([
  ['in the middle of a word', '{"type":"phase-ent'],
  ['before its last brace', '{"type":"phase-entered","t":9,"phase":"up"'],
])('a last line torn %s is dropped', (_, torn) => {
  const text = [...journalLines([entered(0), entered(1)])].join('')

  expect(parseJournal(text + torn)).toEqual([entered(0), entered(1)])
})

test('a whole last line that only lacks its line end is kept', () => {
  expect(parseJournal([...journalLines([entered(0), entered(1)])].join('').trimEnd())).toHaveLength(2)
})

test('any other bad line is named', () => {
  const [first, second] = [...journalLines([entered(0), entered(1)])]

  expect(() => parseJournal(`${first}{"type":\n${second}`)).toThrow(/line 2 is not JSON/)
  expect(() => parseJournal(`${first}{"type":\n`)).toThrow(/line 2 is not JSON/)
})
