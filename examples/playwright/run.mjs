// The same without a test runner: `playwright-core` and any Chromium. Prints what users read; exits 1 when it is wrong.
import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { freePort, startDrill } from './drill.mjs'

const here = path => fileURLToPath(new URL(path, import.meta.url))
const url = `http://127.0.0.1:${await freePort()}/`
const drill = await startDrill({
  scenario: here('outage.yaml'),
  app: [process.execPath, here('app.mjs')],
  env: { PORT: new URL(url).port },
  ready: url,
})
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' })

try {
  const page = await browser.newPage()
  await page.goto(url)
  const read = async (when, question) => {
    await drill.watch()
    await page.getByLabel('Question').fill(question)
    await page.getByRole('button', { name: 'Ask' }).click()
    const status = page.getByRole('status').filter({ hasNotText: 'Thinking…', hasText: /./ })
    await status.waitFor()
    const source = await status.getAttribute('data-source')
    const statuses = (await drill.attempts()).map(({ status }) => status)
    console.log(`${when}: ${source}, after ${statuses.join(' ')}`)
    return { source, statuses }
  }

  await drill.hold()
  assert.deepEqual(await read('quiet', 'What is a black start?'), { source: 'live', statuses: [200] })

  const stop = await drill.inject({ surface: 'api', fault: 'overloaded', when: { first: 1 } })
  assert.deepEqual(await read('one overload', 'What is a grid?'), { source: 'live', statuses: [529, 200] })
  await stop()

  await drill.goto('blackout + 10s')
  await drill.hold()
  assert.deepEqual(await read('blackout', 'What is a fuse?'), { source: 'fallback', statuses: [529, 529, 529] })

  await drill.goto('healed + 1s')
  assert.deepEqual(await read('healed', 'What is a substation?'), { source: 'live', statuses: [200] })

  const { verdict, reason } = await drill.verdict()
  console.log(`${verdict}: ${reason}`)
  assert.equal(verdict, 'pass')
} finally {
  await browser.close()
  await drill.close()
}
