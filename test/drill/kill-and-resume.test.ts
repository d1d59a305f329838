import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import { parseJournal } from '../../src/journal/journal.ts'

const root = new URL('../../', import.meta.url)
const bin = fileURLToPath(new URL('bin/blackstart.js', root))
const program = ['node', fileURLToPath(new URL('fixtures/apps/drill/one-attempt.ts', root))]

const folder = mkdtempSync(join(tmpdir(), 'kill-and-resume-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)

writeFileSync(
  at('day.yaml'),
  `blackstart: 1
id: killed-day
steady_state: { for: 20s, at_least: 50% }
phases:
  - { name: one, for: 1h, faults: [{ surface: api, fault: overloaded, share: 50% }] }
  - { name: two, for: 20s }
game_day:
  hypothesis: The show outlives its tool.
  checks: [{ says: Support knows }]
  injects:
    - { at: one + 1s, ticket: First }
    - { at: two + 1s, ticket: Second }
`,
)

let running: ChildProcess | undefined
afterEach(() => void running?.kill('SIGKILL'))

/** The command line tool, of which only what it wrote is known. */
function blackstart(...args: readonly string[]) {
  let text = ''
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|BLACKSTART_)/.test(name))
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), BLACKSTART_FROM: 'src', NODE_COMPILE_CACHE: at('compiled') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running = child
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', part => {
      text += part
    })
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  return { child, ended, said: () => text }
}

const journal = () => (existsSync(at('day.jsonl')) ? readFileSync(at('day.jsonl'), 'utf8') : '')
const marksIn = (events: readonly JournalEvent[]) =>
  events.flatMap(event => (event.type === 'mark' ? [event.says ?? event.mark] : []))

async function until(is: () => boolean, said: () => string): Promise<void> {
  for (let tries = 0; !is(); tries++) {
    if (tries > 1_500) throw new Error(`It never came to it:\n${said()}`)
    await sleep(10)
  }
}

/** Does what a facilitator does, over the control API. */
async function steer(what: string, body: object = {}): Promise<void> {
  const { url, token } = JSON.parse(readFileSync(at('control.json'), 'utf8')) as { url: string; token: string }
  const response = await fetch(`${url}/v1/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect([what, response.ok]).toEqual([what, true])
}

test('a game day is killed while it is held, and goes on where it was, to one journal, scorecard and report', {
  timeout: 60_000,
}, async () => {
  const flags = ['--no-config', '--no-console', '--control-file', 'control.json']
  const first = blackstart(
    ...['gameday', 'run', './day.yaml', ...flags, '--go', '--speed', '20', '--healed', '10s', '--seed', '5'],
    ...['--journal', 'day.jsonl', '--', ...program],
  )
  await until(() => journal().includes('responders: First'), first.said)
  await steer('mark', { mark: 'detected', says: 'we saw it' })
  await steer('hold')
  await steer('inject', { surface: 'api', fault: 'rate-limited', for: '30m' })
  await until(() => journal().includes('"fault":"rate-limited"'), first.said)
  const busy = blackstart('drill', '--resume', 'day.jsonl', '--no-config')
  expect([await busy.ended, busy.said()]).toEqual([2, expect.stringContaining('is being written by process')])
  first.child.kill('SIGKILL')
  await first.ended
  const before = journal()
  const anew = blackstart('gameday', 'run', './day.yaml', '--go', '--no-config', '--journal', 'day.jsonl')
  expect([await anew.ended, anew.said()]).toEqual([2, expect.stringContaining('was not brought to its end')])

  // A control file of the process that was killed goes with it, and is no word of the next.
  await until(() => !existsSync(at('control.json')), first.said)
  const second = blackstart(
    ...['gameday', 'run', './day.yaml', '--resume', 'day.jsonl', ...flags, '--scorecard', 'card.md', '--', ...program],
  )
  await until(() => journal().includes('"mark":"resumed"'), second.said)
  const resumed = journal().length
  await until(() => journal().slice(resumed).includes('"fault":"rate-limited"'), second.said)
  await steer('release')
  await steer('skip')
  expect(await second.ended, second.said()).toBe(0)

  expect(second.said()).not.toContain('First')
  expect(second.said()).toContain('ticket to responders: Second')
  expect(journal().startsWith(before.slice(0, before.lastIndexOf('\n') + 1))).toBe(true)
  const events = parseJournal(journal())
  expect(events.filter(({ type }) => type === 'run-started')).toMatchObject([{ seed: 5, workload: { speed: 20 } }])
  expect(events.at(-1)).toMatchObject({ type: 'run-ended', reason: 'complete' })
  expect(marksIn(events)).toEqual([
    ...['ticket to responders: First', 'we saw it', 'held'],
    expect.stringContaining('rate-limited'),
    expect.stringContaining('under way were lost with it'),
    ...['resumed', 'released', 'one', 'ticket to responders: Second'],
  ])
  expect(existsSync(at('day.jsonl.lock'))).toBe(false)

  const card = readFileSync(at('card.md'), 'utf8')
  expect(card).toContain('What was spent is counted from there on')
  expect(card).not.toContain('resumed')

  const report = blackstart('report', 'day.jsonl', '--markdown', 'day.md', '--no-config')
  expect([await report.ended, report.said()]).toEqual([0, expect.anything()])
  expect(readFileSync(at('day.md'), 'utf8')).toContain('blackstart itself was ended at')
})
