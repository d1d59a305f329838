import { expect, test } from 'vitest'
import { journalLines } from '../../../src/journal/journal.ts'
import { readRecording } from '../../../src/journal/read-recording.ts'
import { UsageError } from '../../../src/lib/errors.ts'
import { failedTask, JournalBuilder } from '../../support/journal-builder.ts'

function journalText(): string {
  const journal = new JournalBuilder()
  failedTask(journal, 1_000)
  return [...journalLines(journal.events())].join('')
}

function refusal(text: string): string {
  try {
    readRecording(text, 'out.jsonl')
  } catch (error) {
    if (error instanceof UsageError) return `${error.message} | ${error.hint}`
    throw error
  }
  throw new Error('It was read.')
}

const where =
  'A run writes its journal with --journal FILE, or with --out DIR beside its report; a drill writes it as it goes.'

test('a whole journal is read, and has an end', () => {
  const { started, events, isTorn } = readRecording(journalText(), 'out.jsonl')

  expect(started.scenarioId).toBe('ten-minutes-down')
  expect(events.map(({ type }) => type)).toContain('task-settled')
  expect(isTorn).toBe(false)
})

test('a torn last line is left out, and the journal has no end then', () => {
  const text = journalText()
  const { events, isTorn } = readRecording(text.slice(0, -20), 'out.jsonl')

  expect(events.length).toBe(text.trim().split('\n').length - 1)
  expect(isTorn).toBe(true)
})

test.each([
  ['', 'out.jsonl is empty: nothing was recorded in it.'],
  ['hello\n', 'out.jsonl is no journal: its first line is no event in JSON.'],
  ['blackstart: 1\nid: x\n', 'out.jsonl is no journal: it is a scenario.'],
  ['# mine\nblackstart: 1\n', 'out.jsonl is no journal: it is a scenario.'],
  [
    '{\n  "version": 1,\n  "journalHash": "ab"\n}\n',
    'out.jsonl is no journal: it is a report in JSON, and the journal is another file.',
  ],
  [
    '{"kind":"search","version":1}\n',
    'out.jsonl is no journal: it is the summary of a search, which blackstart report reads where its name ends in .json.',
  ],
  ['{"type":"mark","t":1}\n', 'out.jsonl is no journal: it does not begin with the event run-started.'],
])('%j is refused in words', (text, message) => {
  expect(refusal(text)).toBe(`${message} | ${where}`)
})

test('a journal of a version that we do not know says who wrote it', () => {
  const text = journalText().replace('"version":1,"blackstart":"0.1.0"', '"version":2,"blackstart":"3.0.0"')

  expect(refusal(text)).toBe(
    'out.jsonl is a journal of version 2, and this blackstart reads version 1. | It was written by blackstart "3.0.0": read it with that.',
  )
})

test('a broken line in the middle is named, and how to keep what stands before it', () => {
  const lines = journalText().split('\n')
  const text = [...lines.slice(0, 4), '{"type":', ...lines.slice(4)].join('\n')

  expect(refusal(text)).toBe(
    'out.jsonl: line 5 is not JSON, and lines follow it. | What stands before it can be read: head -n 4 out.jsonl > whole.jsonl',
  )
})

test.each([
  ['null', 'out.jsonl: event 2 has no type.'],
  ['{"type":"mark","mark":"x"}', 'out.jsonl: event 2 has no time "t".'],
  ['{"type":"task-settled","t":1,"task":"t1"}', 'out.jsonl: event 2 has no "outcome".'],
])('the event %s is refused, with its place', (event, message) => {
  const [first = '', ...rest] = journalText().split('\n')

  expect(refusal([first, event, ...rest].join('\n'))).toBe(
    `${message} | Was the file edited? A journal is read as it was written.`,
  )
})
