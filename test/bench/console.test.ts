import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { slowReader } from '../../bench/console/slow-reader.ts'
import { Storm } from '../../bench/console/storm.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { viewJournal } from '../../src/oracles/view.ts'

test('the storm of the bench is tasks of two attempts each, all of them settled', () => {
  const events: JournalEvent[] = []
  const storm = new Storm({ perSecond: 10, t: () => 1_000, write: event => events.push(event) })
  for (let i = 0; i < 20; i++) storm.past()

  const { tasks, attempts } = viewJournal(events)
  expect(tasks.map(task => task.attempts.length)).toEqual(tasks.map(() => 2))
  expect(tasks.every(({ settled }) => settled)).toBe(true)
  expect(attempts.every(({ ended, headers }) => ended && headers)).toBe(true)
  expect(attempts).toHaveLength(storm.attempts)
  expect(events).toHaveLength(storm.events)
})

test('what a real console holds for a reader that never reads is measured while the storm goes on', async () => {
  const assets = mkdtempSync(join(tmpdir(), 'bench-'))
  for (const file of ['index.html', 'page.js', 'page.css']) writeFileSync(join(assets, file), '')
  try {
    const text = await slowReader({ perSecond: 200, speed: 60, assets, forMs: 500, notes: 8_000 })

    const [, took, held] = /the kernel took ([\d,]+) KB, the server held ([\d,]+) KB at most$/.exec(text) ?? []
    expect(Number(took?.replaceAll(',', ''))).toBeGreaterThan(10)
    const kilobytes = Number(held?.replaceAll(',', ''))
    expect(kilobytes).toBeGreaterThan(10)
    expect(kilobytes).toBeLessThan(500)
  } finally {
    rmSync(assets, { recursive: true })
  }
})
