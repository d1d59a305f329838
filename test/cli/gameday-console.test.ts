import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readArguments } from '../../src/cli/args.ts'
import { gameday } from '../../src/cli/commands/gameday.ts'
import { openShowConsole, readConsoleFlags } from '../../src/cli/gameday/console.ts'
import type { Action, Entry, View } from '../../src/console/protocol.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { bundlePage } from '../../tools/console/bundle.ts'
import { rootPath } from '../support/cli.ts'
import { fakeResult } from '../support/fake-result.ts'
import { planOf } from '../unit/console/visiting.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-gameday-console-'))
const started: ChildProcess[] = []
afterAll(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const page = join(rootPath, '.cache/console/page')
beforeAll(async () => {
  if (!existsSync(join(page, 'page.js'))) await bundlePage(page)
})

const day = join(folder, 'day.yaml')
writeFileSync(
  day,
  `blackstart: 1
id: short-day
steady_state: { for: 1s, at_least: 0% }
workload: { users: 4, think: 200ms, streaming: 0 }
answers: [{ says: "Yes." }]
phases: [{ name: down, for: 60s, faults: [{ surface: api, fault: bad-request }] }]
game_day: { checks: [{ says: Support knows }] }
`,
)

/** A show, and one facilitator who looks on. */
class Evening {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  stderr = ''
  view: View | undefined
  readonly entries: Entry[] = []
  private url = new URL('http://127.0.0.1')
  private token = ''

  constructor(...args: readonly string[]) {
    this.child = spawn(process.execPath, [join(rootPath, 'bin/blackstart.js'), 'gameday', 'run', ...args], {
      ...{ cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
      env: { PATH: process.env['PATH'], BLACKSTART_FROM: 'src' },
    })
    started.push(this.child)
    this.ended = new Promise(resolve => this.child.on('close', resolve))
    this.child.stderr?.setEncoding('utf8').on('data', text => {
      this.stderr += text
    })
  }

  get address(): string {
    return this.url.href
  }

  /** Follows the show; entries after `last`, where that is given. */
  async follow(last?: number): Promise<void> {
    await until(
      () => /facilitator +\S+\n[\s\S]*observers +\S+\n/.test(this.stderr),
      () => this.stderr,
    )
    this.url = new URL(/facilitator +(\S+)/.exec(this.stderr)?.[1] ?? '')
    this.token = this.url.hash.replace('#token=', '')
    const headers = { authorization: `Bearer ${this.token}`, ...(last !== undefined && { 'last-event-id': `${last}` }) }
    const { status, body } = await fetch(new URL('/api/stream', this.url), { headers })
    expect(status).toBe(200)
    void this.read(body?.pipeThrough(new TextDecoderStream()) ?? [])
  }

  async act(action: Action): Promise<number> {
    const { status } = await fetch(new URL('/api/act', this.url), {
      ...{ method: 'POST', body: JSON.stringify(action) },
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
    })
    return status
  }

  private async read(parts: AsyncIterable<string> | Iterable<string>): Promise<void> {
    let text = ''
    try {
      for await (const part of parts) {
        text += part
        for (let at = text.indexOf('\n\n'); at >= 0; at = text.indexOf('\n\n')) {
          this.take(text.slice(0, at))
          text = text.slice(at + 2)
        }
      }
    } catch {
      // It was killed.
    }
  }

  private take(message: string): void {
    const data = message.slice(message.indexOf('data: ') + 6)
    if (message.includes('event: view\n')) this.view = JSON.parse(data)
    if (message.includes('event: entry\n')) this.entries.push(JSON.parse(data))
  }
}

async function until(is: () => boolean, saying: () => string): Promise<void> {
  for (let i = 0; !is(); i++) {
    if (i > 1_200) throw new Error(`It did not come: ${saying()}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

test('a show waits for the word of the facilitator; killed and resumed, it is at the same address with the same token', {
  timeout: 90_000,
}, async () => {
  const journal = join(folder, 'day.jsonl')
  const first = new Evening(day, '--client', 'bare-sdk', '--healed', '1s', '--console', '0', '--journal', journal)
  await first.follow()
  expect(await first.act({ do: 'start', confirmed: [] })).toBe(409)
  expect(existsSync(journal)).toBe(false)
  expect(await first.act({ do: 'start', confirmed: ['Support knows'] })).toBe(204)
  const isUp = ({ view }: Evening) => view?.stage === 'outage' && view.statusPage !== undefined
  await until(
    () => isUp(first),
    () => first.stderr,
  )
  expect(await first.act({ do: 'note', category: 'decision', says: 'We wait', author: 'Ada' })).toBe(204)
  await until(
    () => first.entries.some(({ kind }) => kind === 'note'),
    () => first.stderr,
  )
  expect(statSync(`${journal}.console.json`).mode & 0o777).toBe(0o600)
  const kept = () => [`${journal}.lock`, `${journal}.console.json`].map(file => readFileSync(file, 'utf8'))
  const before = kept()
  const other = new Evening(day, '--client', 'bare-sdk', '--go', '--journal', journal)
  expect(await other.ended, other.stderr).toBe(2)
  expect(other.stderr).toContain(`is being written by process ${first.child.pid}.`)
  expect(kept()).toEqual(before)
  first.child.kill('SIGKILL')
  await first.ended

  const second = new Evening('--resume', journal, '--client', 'bare-sdk')
  await second.follow(first.entries.at(-1)?.id)
  await until(
    () => isUp(second),
    () => second.stderr,
  )
  expect(await second.act({ do: 'abort', why: 'seen enough' })).toBe(204)
  await until(
    () => second.view?.ended !== undefined,
    () => second.stderr,
  )
  expect(await second.act({ do: 'close' })).toBe(204)
  expect(await second.ended, second.stderr).toBe(4)

  expect(second.address).toBe(first.address)
  expect(second.view?.statusPage).toBe(first.view?.statusPage)
  expect(second.view).toMatchObject({ ending: { leftovers: [], allClearMs: expect.any(Number) } })
  const notes = [...first.entries, ...second.entries].filter(({ kind }) => kind === 'note')
  expect(notes.map(({ text, author }) => [text, author])).toEqual([['We wait', 'Ada']])
  expect(second.entries.map(({ text }) => text)).toContain('Aborted: seen enough.')
  expect(existsSync(`${journal}.console.json`)).toBe(false)
  const events = readFileSync(journal, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as JournalEvent)
  expect(events.filter(({ type }) => type === 'phase-entered').length).toBe(2)
  expect(readFileSync(journal, 'utf8') + first.view?.statusPage).not.toContain(first.address.split('=')[1] ?? '')
})

test('the lobby warns where nobody asks the program anything; who ends it there is told that nothing was begun', async () => {
  const journal = join(folder, 'never.jsonl')
  const program = ['--', process.execPath, '-e', 'setInterval(() => {}, 1e6)']
  const evening = new Evening(day, '--console', '0', '--journal', journal, ...program)
  await evening.follow()
  await until(
    () => evening.view !== undefined && evening.stderr.includes('it begins when'),
    () => evening.stderr,
  )
  expect(evening.view).toMatchObject({
    checks: [
      { what: 'Support knows', state: 'ask' },
      { what: 'users ask the app', state: 'warning', why: expect.stringContaining('only its own traffic') },
    ],
  })
  evening.child.kill('SIGINT')

  expect(await evening.ended, evening.stderr).toBe(130)
  expect(evening.stderr).toContain('!      users ask the app: nobody does')
  expect(evening.stderr).toContain('SIGINT: nothing was begun, and nothing was injected.')
  expect(existsSync(journal)).toBe(false)
})

test('a show that could not go on at this try keeps its addresses; where its port has gone to somebody, its tokens are not used again', async () => {
  const journal = join(folder, 'kept.jsonl')
  const file = `${journal}.console.json`
  const plan = planOf()
  const open = (isResumed: boolean) =>
    openShowConsole({
      ...{ plan, catalogue, journal, isResumed, speed: 1, checks: [] },
      asked: { port: undefined, app: undefined },
    })
  const first = await open(false)
  first?.keep()
  const left = readFileSync(file, 'utf8')
  // As if the first had been killed, and somebody listened at its port.
  const second = await open(true)
  second?.keep()
  expect(second?.console.port).not.toBe(first?.console.port)
  expect(Object.values(second?.console.tokens ?? {}).filter(token => left.includes(token))).toEqual([])
  const again = readFileSync(file, 'utf8')
  await second?.close()
  expect(readFileSync(file, 'utf8')).toBe(again)

  const third = await open(true)
  expect(third?.console.urls).toEqual(second?.console.urls)
  third?.keep()
  third?.console.ended(fakeResult({}), {})
  await Promise.all([third?.close(), first?.close()])
  expect(existsSync(file)).toBe(false)
})

test('a show that somebody ends before anything is open leaves nothing of its console', {
  timeout: 30_000,
}, async () => {
  const journal = join(folder, 'early.jsonl')
  const evening = new Evening(day, '--client', 'bare-sdk', '--go', '--console', '0', '--journal', journal)
  await until(
    () => existsSync(`${journal}.console.json`),
    () => evening.stderr,
  )
  evening.child.kill('SIGINT')

  expect(await evening.ended, evening.stderr).toBe(130)
  expect(existsSync(`${journal}.console.json`)).toBe(false)
})

test('flags of the console that make no sense are answered', () => {
  const said =
    (...words: string[]) =>
    () =>
      readConsoleFlags(readArguments(gameday, ['run', day, ...words]))

  expect(said('--no-console', '--console', '0')).toThrow('--no-console and --console do not go together.')
  expect(said('--no-console', '--app', 'http://127.0.0.1:3000')).toThrow('--no-console and --app do not go together.')
  expect(said('--app', 'ours')).toThrow('--app ours: this is no web address.')
  expect(said('--console', '70000')).toThrow('--console 70000: ports end at 65535.')
  expect(said('--no-console')()).toBeUndefined()
  expect(said()()).toEqual({ port: undefined, app: undefined })
})
