/** `npm run screenshots`: makes the pictures in docs/images/game-day, and the page that shows them. Needs Chromium. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from '@playwright/test'
import { bytesAtMost, fileName, folder, gallery, galleryFile, type Look, looks } from './files.ts'
import { compact } from './png.ts'
import { type Shot, shots } from './shots.ts'
import { playShow, type Show } from './show.ts'

/** In the page. Not by a link, which would mark what it leads to; and not beneath what stays at the top. */
const scrollTo = `from => {
  const stuck = [...document.querySelectorAll('main > *, main > * > *')].find(one => getComputedStyle(one).position === 'sticky')
  const top = document.querySelector(from).getBoundingClientRect().top
  window.scrollTo(0, top - 16 - (stuck && from !== 'body' ? stuck.offsetHeight : 0))
}`

const scratch = mkdtempSync(join(tmpdir(), 'screenshots-'))
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-lcd-text', '--hide-scrollbars'],
})
try {
  await makeAll(await playShow(scratch))
} finally {
  await browser.close()
  rmSync(scratch, { recursive: true })
}

async function makeAll(show: Show): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const made = new Set<string>()
  let bytes = 0
  for (const shot of shots)
    for (const look of looks) {
      const picture = compact(await taken(browser, show, shot, look))
      made.add(fileName(shot, look))
      bytes += picture.length
      writeFileSync(join(folder, fileName(shot, look)), picture)
      process.stdout.write(`${fileName(shot, look)} ${Math.round(picture.length / 1000)} KB\n`)
    }
  // Of pages that there are no more.
  for (const file of readdirSync(folder)) if (!made.has(file)) rmSync(join(folder, file))
  writeFileSync(galleryFile, gallery())
  process.stdout.write(`${made.size} pictures, ${Math.round(bytes / 1000)} KB of ${bytesAtMost / 1000}\n`)
}

async function taken(browser: Browser, show: Show, shot: Shot, look: Look): Promise<Buffer> {
  const { width, height, colorScheme } = look
  const opened = await shot.open(show)
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' })
  try {
    const page = await context.newPage()
    await page.goto(opened.url)
    await page.locator(opened.ready).first().waitFor()
    await page.evaluate(`(${scrollTo})(${JSON.stringify(opened.from ?? 'body')})`)
    return await page.screenshot({ animations: 'disabled', caret: 'hide' })
  } finally {
    await context.close()
    await opened.close()
  }
}
