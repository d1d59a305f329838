import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JournalFile } from '../../../src/drill/journal-file.ts'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { journalLines, parseJournal } from '../../../src/journal/journal.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-file-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const path = () => join(folder, 'journal.jsonl')
const text = () => readFileSync(path(), 'utf8')
const phase = (t: number, name = 'a'): JournalEvent => ({ type: 'phase-entered', t, phase: name })

test('every line is on disk as it is written, to the byte what is hashed', () => {
  using journal = new JournalFile(path())
  for (const [i, name] of ['down', 'träge ✓', 'up'].entries()) {
    journal.write(phase(i, name))
    expect(text()).toBe([...journalLines(journal.events)].join(''))
  }
  expect(parseJournal(text())).toEqual(journal.events)
})

test('it is for its owner alone, and what stood there before is gone', () => {
  new JournalFile(path())[Symbol.dispose]()
  using first = new JournalFile(path())
  first.write(phase(1))
  expect(statSync(path()).mode & 0o777).toBe(0o600)

  using second = new JournalFile(path())
  expect(text()).toBe('')
  expect(second.events).toEqual([])
})

test('once it is known when time begins, the lines of the start are written anew', () => {
  using journal = new JournalFile(path())
  journal.write(phase(-5))
  journal.write(phase(-1, 'b'))
  journal.moveBack(1_234)
  journal.write(phase(0, 'c'))

  expect(parseJournal(text()).map(({ t }) => t)).toEqual([-1_239, -1_235, 0])
  expect(parseJournal(text())).toEqual(journal.events)
})

test('lines that become shorter leave nothing behind', () => {
  using journal = new JournalFile(path())
  journal.write(phase(100_000))
  journal.moveBack(99_999)

  expect(parseJournal(text()).map(({ t }) => t)).toEqual([1])
})

test('secrets are blotted out in the file alone, also when it is written anew', () => {
  using journal = new JournalFile(path(), line => line.replaceAll('hunter2', '***'))
  journal.write(phase(-5, 'hunter2'))
  journal.moveBack(10)

  expect(text()).not.toContain('hunter2')
  expect(parseJournal(text())[0]).toMatchObject({ phase: '***' })
  expect(journal.events[0]).toMatchObject({ phase: 'hunter2' })
})

test('who listens hears of each event and its place, until he has enough', () => {
  using journal = new JournalFile(undefined)
  const heard: string[] = []
  journal.write(phase(0))
  const end = journal.subscribe((event, place) => heard.push(`${place} ${event.type}`))
  journal.write(phase(1))
  end()
  journal.write(phase(2))

  expect(heard).toEqual(['1 phase-entered'])
})

test('after the last line nothing is written, nobody is told, and it can be left twice', () => {
  const journal = new JournalFile(path())
  const heard: string[] = []
  journal.subscribe(event => heard.push(event.type))
  journal.close({ type: 'mark', t: 5, mark: 'last' })
  journal.write(phase(6))
  journal[Symbol.dispose]()
  journal[Symbol.dispose]()

  expect(heard).toEqual(['mark'])
  expect(parseJournal(text())).toHaveLength(1)
})

test.runIf(existsSync('/dev/full'))('a disk that is full costs the file, and not the drill', () => {
  using journal = new JournalFile('/dev/full')
  journal.write(phase(1))
  journal.write(phase(2))

  expect(journal.events).toHaveLength(2)
  expect(journal.trouble).toMatch(/^ENOSPC/)
})

test('a place that is none is an error at once', () => {
  expect(() => new JournalFile(join(folder, 'none', 'journal'))).toThrow(/ENOENT/)
})
