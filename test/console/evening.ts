import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from '@playwright/test'
import type { Role } from '../../src/console/protocol.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { parseJournal } from '../../src/journal/journal.ts'

const root = new URL('../../', import.meta.url)
const bin = fileURLToPath(new URL('bin/blackstart.js', root))
/** An app in the tool's own process. */
export const client = 'bare-sdk'

/** Real ms; a minute of the show is one second. */
export const patience = { timeout: 30_000 }

/** One evening: a folder, the command line tool that holds the show in it, and the pages of those who take part. */
export class Evening implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'evening-'))
  private readonly browser: Browser
  private readonly pages: Page[] = []
  private child: ChildProcess | undefined
  private text = ''

  constructor(browser: Browser) {
    this.browser = browser
  }

  /** Starts the tool; resolves with its exit code, `null` when it was killed. */
  start(words: readonly string[]): Promise<number | null> {
    const inherited = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|BLACKSTART_)/.test(name))
    this.text = ''
    const child = spawn(process.execPath, [bin, 'gameday', 'run', ...words], {
      cwd: this.folder,
      env: { ...Object.fromEntries(inherited), BLACKSTART_FROM: 'src', BLACKSTART_ENVIRONMENT: 'staging' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', text => {
        this.text += text
      })
    this.child = child
    return new Promise(resolve => child.once('close', resolve))
  }

  /** The ready game day of two hours, a minute of it each second, with an app of this process and a few users. */
  hold(...flags: readonly string[]): Promise<number | null> {
    const day = fileURLToPath(new URL('examples/game-day/claude-2026-03-02.yaml', root))
    return this.start([
      ...[day, '--speed', '60', '--client', client, '--users', '4', '--seed', '7', '--no-config'],
      ...['--console', '0', '--journal', this.path('day.jsonl'), ...flags],
    ])
  }

  /** A power cut, as far as the tool can tell. */
  kill(): void {
    this.child?.kill('SIGKILL')
  }

  said(): string {
    return this.text
  }

  /** Opens a role's page at the address that the tool told. */
  async open(role: Role, options: BrowserContextOptions = {}): Promise<Page> {
    const at = new RegExp(String.raw`http://127\.0\.0\.1:\d+/${role}#token=\S+`)
    for (let tries = 0; tries < 1_200 && !at.test(this.text); tries++) await sleep(25)
    const [url] = at.exec(this.text) ?? []
    if (url === undefined) throw new Error(`No address of the ${role} was told:\n${this.text}`)
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
    const page = await context.newPage()
    this.pages.push(page)
    page.setDefaultTimeout(patience.timeout)
    await page.goto(url)
    return page
  }

  /** Ms of the scenario since the first phase; below zero before it, and as long as nothing is written. */
  now(): number {
    return this.journal().at(-1)?.t ?? -1
  }

  /** Waits until the journal has come to a time of the show, in minutes. */
  async until(minutes: number): Promise<void> {
    for (let tries = 0; tries < 8_000 && this.now() < minutes * 60_000; tries++) {
      if (this.child?.exitCode !== null || this.child.signalCode !== null) break
      await sleep(50)
    }
  }

  journal(): readonly JournalEvent[] {
    const text = this.file('day.jsonl')
    // The last line may be under way.
    return parseJournal(text.slice(0, text.lastIndexOf('\n') + 1))
  }

  marks(name: string) {
    return this.journal().flatMap(event => (event.type === 'mark' && event.mark === name ? [event] : []))
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Empty when there is none. */
  file(name: string): string {
    return readdirSync(this.folder).includes(name) ? readFileSync(this.path(name), 'utf8') : ''
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child?.kill('SIGKILL')
    for (const page of this.pages) await page.context().close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Writes a note as a scribe does, by keys alone: the category, the text, Enter. */
export async function note(page: Page, key: string, text: string): Promise<void> {
  // Out of whatever field it was.
  await page.locator('#clock').click()
  await page.keyboard.press(key)
  await page.keyboard.type(text)
  await page.keyboard.press('Enter')
  await page.locator('#note-text').and(page.locator(':not(:focus)')).waitFor()
}

/** The lines of the log, oldest first, by their ids. */
export async function logOf(page: Page): Promise<readonly { readonly id: number; readonly text: string }[]> {
  const lines = await page
    .locator('#log-list li')
    .evaluateAll(all => all.map(one => ({ id: Number(one.getAttribute('data-entry')), text: one.textContent ?? '' })))
  return lines.reverse()
}
