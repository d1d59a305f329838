// For @playwright/test: `drill` is one drill for a worker, with the app as its program; `page` opens on the app.
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'
import { freePort, startDrill } from './drill.mjs'

export { expect } from '@playwright/test'

const here = path => fileURLToPath(new URL(path, import.meta.url))

export const test = base.extend({
  outage: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from it
    async ({}, use) => {
      const url = `http://127.0.0.1:${await freePort()}/`
      const drill = await startDrill({
        scenario: here('outage.yaml'),
        app: [process.execPath, here('app.mjs')],
        env: { PORT: new URL(url).port },
        ready: url,
      })
      await use({ drill, url })
      await drill.close()
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  /** `attempts` tells of those of this test. */
  drill: async ({ outage }, use) => {
    await outage.drill.watch()
    await use(outage.drill)
  },
  page: async ({ page, outage }, use) => {
    await page.goto(outage.url)
    await use(page)
  },
})
