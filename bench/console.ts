import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import { ambientClock } from '../src/clock/clock.ts'
import { bundlePage } from '../tools/console/bundle.ts'
import { binary, openBrowser, Pages } from './console/pages.ts'
import type { ShowDeeds } from './console/show-process.ts'
import { slowReader } from './console/slow-reader.ts'
import { pageTable, type Round, type Rounds, serverTable } from './console/tables.ts'
import { startChild } from './wire/child.ts'

export interface ConsoleSize {
  readonly rounds: number
  /** How long each row of each round is measured, real ms. */
  readonly forMs: number
  /** From the opening of the pages until then. */
  readonly settleMs: number
  /** Attempts a second of the busy rows. */
  readonly rates: readonly number[]
}

export const usualConsole: ConsoleSize = { rounds: 3, forMs: 20_000, settleMs: 3_000, rates: [500, 5_000] }

/** A two-hour show, speeded as in its browser test. */
const speed = 60

/** The real console on a drill that goes on at so many attempts a second, looked at by three pages of a real browser. */
export async function* consoleUnderLoad(size: ConsoleSize = usualConsole): AsyncGenerator<string> {
  const { rounds, forMs, rates } = size
  yield `The console on a game day at ${speed} times its speed, ${rounds} rounds of ${forMs / 1_000} s a row, taking turns; medians. Server and browser are processes of their own, on the same cores`
  if (!existsSync(binary)) return yield `  skipped: there is no ${binary} here`
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-bench-'))
  try {
    await bundlePage(folder)
    await using browser = await openBrowser()
    const all: Rounds[] = [0, ...rates].flatMap(perSecond => [
      ...(perSecond > 0 ? [{ perSecond, hasConsole: false, rounds: [] }] : []),
      { perSecond, hasConsole: true, rounds: [] },
    ])
    for (let round = 0; round < rounds; round++)
      for (const { perSecond, hasConsole, rounds } of all)
        rounds.push(await measured(size, perSecond, hasConsole ? { browser, assets: folder } : undefined))
    yield* serverTable(all)
    yield ''
    yield* pageTable(all)
    yield ''
    // More notes than any kernel takes of a connection that is not read.
    const slow = { forMs: 10_000, notes: 20_000 }
    yield await slowReader({ ...slow, perSecond: Math.max(...rates), speed, assets: folder })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Console {
  readonly browser: Browser
  readonly assets: string
}

async function measured({ forMs, settleMs }: ConsoleSize, perSecond: number, console?: Console): Promise<Round> {
  await using server = startChild<ShowDeeds>('../console/show-process.ts')
  const leftMs = forMs + settleMs + 20_000
  const urls = await server.ask('open', { perSecond, speed, leftMs, ...(console && { assets: console.assets }) })
  await using pages = console && urls ? await Pages.open(console.browser, urls) : undefined
  await ambientClock.sleep(settleMs)
  const before = { server: await server.ask('measure', { collect: true }), pages: await pages?.drawn() }
  await ambientClock.sleep(forMs)
  const drawn = await pages?.drawn()
  return { before, after: { server: await server.ask('measure', { collect: true }), pages: drawn } }
}
