import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planOf, Room } from './status-page-room.ts'

const binary = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Every state that a component and an incident can have, long names, and a second provider. */
const plan = planOf(`
phases:
  - { name: down, for: 10m }
  - { name: up, for: 10m }
status_page:
  - { at: down + 1m, name: An earlier one, incident: investigating, components: { login: under_maintenance } }
  - { at: down + 2m, name: An earlier one, incident: resolved }
  - { at: down + 3m, incident: investigating, says: "${'A-word-that-does-not-end-'.repeat(12)}",
      components: { api: major_outage, chat: partial_outage, code: degraded_performance, console: under_maintenance } }
  - { at: down + 4m, incident: identified, says: "It is known." }
  - { at: down + 5m, incident: investigating, components: { openai.api.responses: degraded_performance } }
  - { at: up, incident: monitoring, components: { api: operational } }
  - { at: up + 1m, page: unreachable }
`)

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

describe.skipIf(!existsSync(binary))(
  existsSync(binary)
    ? 'the status page in Chromium'
    : `the status page in Chromium: SKIPPED, there is no ${binary} here`,
  () => {
    let browser: Browser
    let room: Room

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: binary, args: ['--no-sandbox'] })
      // Its script looks every two seconds then.
      room = await Room.open(plan, { speed: 60 })
    }, 60_000)

    afterAll(async () => {
      await browser?.close()
      await room?.close()
    })

    async function open(options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
      const page = await context.newPage()
      await page.goto(`${room.url}/`)
      return page
    }

    test.each([
      [1280, 'light'],
      [1280, 'dark'],
      [360, 'light'],
      [360, 'dark'],
    ] as const)(
      'at %i px and %s no page breaks a rule of accessibility, and none is wider than its window',
      {
        timeout: 60_000,
      },
      async (width, colorScheme) => {
        room.at('down', 6)
        // The page's own rules forbid the script of a test.
        const page = await open({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true })
        for (const path of ['/', '/openai']) {
          await page.goto(room.url + path)
          await page.evaluate(axe)
          const found = await page.evaluate<readonly Violation[]>(
            `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations)`,
          )

          expect(found.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([])
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        }
        await page.context().close()
      },
    )

    test('without scripts all of it is there, and the other provider is a link away', { timeout: 60_000 }, async () => {
      room.at('up', 0)
      const page = await open({ javaScriptEnabled: false })

      expect(await page.getByText('Claude API (api.anthropic.com)').first().innerText()).toBeTruthy()
      expect(await page.getByText('This incident has been resolved.').count()).toBe(1)
      await page.getByRole('link', { name: 'OpenAI' }).click()
      expect(await page.title()).toBe('OpenAI: Minor Service Outage')
      await page.context().close()
    })

    test('an open page comes up to date by itself, says so, and says when it could not', {
      timeout: 60_000,
    }, async () => {
      room.at('down', 3)
      const page = await open()
      const errors: string[] = []
      page.on('console', message => message.type() === 'error' && errors.push(message.text()))
      expect(await page.getByText('It is known.').count()).toBe(0)

      room.at('down', 4)
      await page.getByText('It is known.').waitFor()
      expect(await page.getByRole('status').innerText()).toBe('The page has changed.')
      expect(errors).toEqual([])

      await room.close()
      await page.getByText('No answer: what stands here may be old.').waitFor()
      expect(await page.getByText('It is known.').count()).toBe(1)
      await page.context().close()
    })

    test('in print it is black on white, without what can only be clicked', { timeout: 60_000 }, async () => {
      await using own = await Room.open(plan)
      own.at('down', 6)
      const page = await browser.newPage()
      await page.goto(`${own.url}/`)
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })

      expect(await page.locator('nav').isVisible()).toBe(false)
      expect(await page.getByText('It is known.').isVisible()).toBe(true)
      const colors = '(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))'
      expect(await page.evaluate(colors)).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
      await page.close()
    })
  },
)
