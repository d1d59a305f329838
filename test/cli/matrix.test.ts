import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { parseJournal } from '../../src/journal/journal.ts'
import { cli } from '../support/cli.ts'

const plain = './test/support/clients/plain.ts'
const folder = mkdtempSync(join(tmpdir(), 'blackstart-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const phases = '  - { name: down, for: 2m, faults: [{ surface: api, fault: overloaded, share: 50% }] }'

function write(name: string, ...lines: string[]): string {
  const file = join(folder, name)
  const head = ['blackstart: 1', 'id: small', 'workload: { users: 5, think: 5s }', 'phases:', phases]
  writeFileSync(file, `${[...head, ...lines].join('\n')}\n`)
  return file
}

test('every variant of a matrix is a row, and the worst exit code is that of all', async () => {
  const file = write(
    'matrix.yaml',
    'expect: [{ answers: { at_least: 0%, within: 1m } }]',
    'matrix:',
    '  expect[0].answers.at_least: [0%, 100%]',
    '  phases[down].faults[0].share: [40%, 60%]',
  )
  const { code, stdout } = await cli(['run', file, '--client', plain, '--journal', `${folder}/`])

  expect(code).toBe(1)
  const rows = stdout.split('\n').flatMap(line => /^(small\[\S+\]) +(\w+) +(\d)/.exec(line)?.slice(1).join(' ') ?? [])
  expect(rows).toEqual([
    'small[at_least=100%,share=40%] fail 1',
    'small[at_least=100%,share=60%] fail 1',
    'small[at_least=0%,share=40%] pass 0',
    'small[at_least=0%,share=60%] pass 0',
  ])
  const journal = parseJournal(readFileSync(join(folder, 'small[at_least=100%,share=60%].jsonl'), 'utf8'))
  expect(journal[0]).toMatchObject({ scenarioId: 'small[at_least=100%,share=60%]' })
})

test('a value that makes no scenario is told by check and by run, at its place', async () => {
  const file = write('broken.yaml', 'matrix:', '  phases[down].faults[0].share: [40%, 60]')
  const [checked, ran] = [await cli(['check', file]), await cli(['run', file, '--client', plain])]

  expect([checked.code, ran.code]).toEqual([2, 2])
  for (const text of [checked.stdout, ran.stderr])
    expect(text).toContain('broken.yaml:7:39: error: 60 makes no valid scenario: Expected a share such as 50% or 0.5')
})

test('a process that starts again has modules of its own', async () => {
  const journal = join(folder, 'crash.jsonl')
  const file = write('crash.yaml', 'events: [{ at: down + 30s, crash: true }, { at: down + 1m, restart: true }]')
  const client = './test/support/clients/once-a-process.ts'
  const { code, stderr } = await cli(['run', file, '--client', client, '--journal', journal])

  expect([code, stderr.replaceAll('asked\n', '')]).toEqual([0, ''])
  const events = parseJournal(readFileSync(journal, 'utf8')).flatMap(line =>
    line.type === 'client-event' ? [`${line.t} ${line.event}`] : [],
  )
  expect(events).toEqual(['30000 crash', '35000 started', '60000 restart', '60000 stopped', '61000 started'])
})
