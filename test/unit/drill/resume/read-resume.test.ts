import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { JournalLock } from '../../../../src/drill/resume/journal-lock.ts'
import { readResume, refuseGrown } from '../../../../src/drill/resume/read-resume.ts'
import type { JournalEvent, RunStarted } from '../../../../src/journal/event.ts'
import { journalLines } from '../../../../src/journal/journal.ts'
import { UsageError } from '../../../../src/lib/errors.ts'
import { version } from '../../../../src/run/version.ts'

const folder = mkdtempSync(join(tmpdir(), 'read-resume-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

const started: RunStarted = {
  ...{ type: 'run-started', t: -60_000, version: 1, blackstart: version, scenario: 'blackstart: 1', scenarioId: 'day' },
  ...{
    seed: 7,
    engine: 'loopback',
    client: 'npm start',
    versions: {},
    workload: { users: 3, speed: 20, healedMs: 5_000 },
  },
}
const down: JournalEvent = { type: 'phase-entered', t: 0, phase: 'down' }
const ended: JournalEvent = { type: 'run-ended', t: 9_000, reason: 'complete', realIo: true }
const mark = (name: string, says?: string): JournalEvent => ({ type: 'mark', t: 5, mark: name, ...(says && { says }) })

function journal(events: readonly JournalEvent[], torn = ''): string {
  const path = join(folder, `${files++}.jsonl`)
  writeFileSync(path, [...journalLines(events)].join('') + torn)
  return path
}

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof UsageError) return error.message.replaceAll(`${folder}/`, '')
    throw error
  }
  return 'it is read'
}

test('what its drill was told is in the journal, and the line that was torn is not', () => {
  const path = journal([started, down], '{"type":"mark","t":3,')

  const { events, bytes, told, isAfresh } = readResume(path)

  expect(events).toEqual([started, down])
  expect(bytes).toBe([...journalLines([started, down])].join('').length)
  expect(told).toEqual({
    ...{ engine: 'loopback', seed: 7, speed: 20, users: 3, instances: undefined, healedMs: 5_000 },
  })
  expect(isAfresh).toBe(false)
})

test('a last line that has all but its end was torn, too', () => {
  const path = journal([started, down], JSON.stringify(ended))

  expect(readResume(path).events).toEqual([started, down])
})

test.for<readonly [readonly JournalEvent[], string]>([
  [[started, down, ended], '.jsonl: the show has ended, and there is nothing to resume.'],
  [[started, down, mark('aborted', 'enough')], '.jsonl: the show was aborted (enough), and is not resumed.'],
  [[{ ...started, engine: 'msw' }, down], '.jsonl is of no drill: its engine is msw.'],
  [[{ ...started, blackstart: '0.0.1' }, down], `.jsonl was written by blackstart 0.0.1, and this is ${version}.`],
  [[], '.jsonl is empty: nothing was recorded in it.'],
  [[down], '.jsonl is no journal: it does not begin with the event run-started.'],
])('%#: what cannot go on is refused in words', ([events, says]) => {
  expect(refusal(() => readResume(journal(events)))).toContain(says)
})

test('a mark that somebody made under the name of an end ends nothing', () => {
  const path = journal([started, down, mark('stopped', 'we stopped the batch'), { ...down, t: 9, phase: 'more' }])

  expect(refusal(() => readResume(path))).toBe('it is read')
})

test('who writes a journal is known while he lives, and not after', async () => {
  const path = journal([started, down])
  const child = spawn('sleep', ['60'])
  writeFileSync(`${path}.lock`, `${child.pid}\n`)

  const says = refusal(() => readResume(path))
  const said = refusal(() => new JournalLock(path))
  await new Promise(resolve => {
    child.once('exit', resolve)
    child.kill('SIGKILL')
  })

  expect(says).toContain(`.jsonl is being written by process ${child.pid}.`)
  expect(said).toBe(says)
  expect(refusal(() => readResume(path))).toBe('it is read')
  new JournalLock(path)[Symbol.dispose]()
  expect(existsSync(`${path}.lock`)).toBe(false)
})

test('a lock is not written through a link that somebody has laid there', () => {
  const path = journal([started, down])
  const elsewhere = `${path}.elsewhere`
  writeFileSync(elsewhere, 'precious')
  symlinkSync(elsewhere, `${path}.lock`)

  const lock = new JournalLock(path)

  expect(readFileSync(elsewhere, 'utf8')).toBe('precious')
  expect(readFileSync(`${path}.lock`, 'utf8')).toBe(`${process.pid}\n`)
  lock[Symbol.dispose]()
})

test('a journal that grows is being written, whoever does it', () => {
  const path = journal([started, down])
  const resume = readResume(path)
  refuseGrown(resume)
  appendFileSync(path, `${JSON.stringify(down)}\n`)

  expect(refusal(() => refuseGrown(resume))).toContain('has grown while it was read')
})
