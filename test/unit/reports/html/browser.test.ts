import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import bareSdk from '../../../../src/clients/bare-sdk.ts'
import { journalReport } from '../../../../src/gameday/journal-report.ts'
import type { JournalEvent, Mark } from '../../../../src/journal/event.ts'
import { journalLines } from '../../../../src/journal/journal.ts'
import { htmlPage } from '../../../../src/reports/html/page.ts'
import { recordedRun } from '../../../../src/reports/recorded/recorded-run.ts'
import { catalogue } from '../../../../src/run/catalogue.ts'
import { runScenario } from '../../../../src/run/run-scenario.ts'

const binary = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

const scenario = `
blackstart: 1
id: staged
title: Back in stages, and the page is late
workload: { users: 20, think: 20s }
phases:
  - { name: down, for: 5m, faults: [{ surface: api, fault: black-hole, share: 30% }, { surface: api, fault: overloaded }] }
  - { name: half, for: 4m, faults: [{ surface: api, fault: unavailable, share: { from: 80%, to: 10% } }] }
  - { name: limited, for: 4m, limits: [{ surface: api, requests: 20/m }] }
  - { name: clear, for: 4m }
status_page:
  - { at: down + 3m, incident: investigating, components: { api: major_outage, chat: partial_outage } }
  - { at: limited, incident: monitoring, components: { api: degraded_performance } }
  - { at: clear, page: unreachable }
game_day:
  hypothesis: Users get an older answer within five minutes.
  injects: [{ at: down + 2m, ticket: It hangs, from: a customer, expect: Support links it }]
  actions: [{ says: Declare an incident, by: down + 5m, owner: on-call, mark: declared }]
  measures: [{ says: We know first, mark: detected, within: 5m }]
  slo: { availability: 99.9%, credits: [{ below: 99.9%, credit: 10% }] }
expect:
  - settles: { within: 30s }
`

const minute = 60_000
const people: readonly Mark[] = [
  { t: 2 * minute, mark: 'inject', says: 'ticket from a customer: It hangs', detail: { inject: 0, kind: 'ticket' } },
  { t: 4 * minute, mark: 'detected', detail: { author: 'Kim', role: 'responder' } },
  { t: 6 * minute, mark: 'declared', says: 'in #incidents', detail: { author: 'Kim', role: 'responder' } },
  { t: 7 * minute, mark: 'note', says: 'The page says all is well', detail: { category: 'surprise', author: 'Ada' } },
  { t: 8 * minute, mark: 'note', says: 'Who has the runbook?', detail: { category: 'question', author: 'Ada' } },
  { t: 9 * minute, mark: 'note', says: '@sam widens the timeout', detail: { category: 'action', author: 'Ada' } },
].map(mark => ({ type: 'mark', ...mark }))

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** Before the run's end, which stays the last. */
function withMarks(journal: readonly JournalEvent[]): readonly JournalEvent[] {
  const end = journal.slice(-1)
  return [...journal.slice(0, -1), ...people, ...end]
}

describe.skipIf(!existsSync(binary))(
  existsSync(binary) ? 'a report in Chromium' : `a report in Chromium: SKIPPED, there is no ${binary} here`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'report-'))
    let browser: Browser
    let page: Page

    beforeAll(async () => {
      const { journal } = await runScenario({ scenario, integration: bareSdk })
      const run = recordedRun([...journalLines(withMarks(journal))].join(''), 'staged.jsonl', { catalogue })
      const report = journalReport(run, { catalogue })
      writeFileSync(join(folder, 'report.html'), htmlPage(report, { journal: 'staged.jsonl' }))
      browser = await chromium.launch({ executablePath: binary, args: ['--no-sandbox'] })
    }, 60_000)

    afterAll(async () => {
      await browser?.close()
      rmSync(folder, { recursive: true })
    })

    async function open(width: number, colorScheme: 'light' | 'dark', javaScriptEnabled = true): Promise<Page> {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, javaScriptEnabled })
      page = await context.newPage()
      await page.goto(pathToFileURL(join(folder, 'report.html')).href)
      return page
    }

    test.each([
      [1280, 'light'],
      [1280, 'dark'],
      [390, 'light'],
      [390, 'dark'],
    ] as const)(
      'at %i px and %s it breaks no rule of accessibility, and is not wider than its window',
      {
        timeout: 60_000,
      },
      async (width, colorScheme) => {
        await open(width, colorScheme)
        await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')

        await page.evaluate(axe)
        const found = await page.evaluate<readonly Violation[]>(
          `axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations)`,
        )
        const across = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')

        expect(found.map(({ id, nodes }) => [id, nodes[0]?.html, nodes[0]?.failureSummary])).toEqual([])
        expect(across).toEqual([width, width])
        if (process.env['SCREENSHOTS'] !== undefined) await keep(`${width}-${colorScheme}`)
      },
    )

    test('without scripts it is read, a finding leads to its story, and the story is in view', {
      timeout: 60_000,
    }, async () => {
      await open(1280, 'light', false)

      await page
        .getByRole('link', { name: /^t\d+$/ })
        .first()
        .click()
      const target = page.locator(':target')

      expect(await target.count()).toBe(1)
      expect(await target.innerText()).toMatch(/asked by user \d+ of tenant/)
      expect(await page.title()).toBe('Back in stages, and the page is late: fail')
    })

    test('nothing is drawn outside of a picture, and texts in it do not grow or shrink with it', {
      timeout: 60_000,
    }, async () => {
      const sizes: number[] = []
      for (const width of [1280, 390]) {
        await open(width, 'light')
        const picture = page.locator('svg.plot').first()
        const box = await picture.boundingBox()
        const texts = await picture.locator('> text').all()
        for (const text of texts) {
          const at = await text.boundingBox()
          if (!at || !box) throw new Error('A picture that is not there.')
          expect(at.x + at.width).toBeLessThanOrEqual(box.x + box.width + 1)
          sizes.push(Math.round(at.height))
        }
      }

      expect(new Set(sizes).size).toBe(1)
    })

    test('in print every section is there, and what can only be clicked is not', { timeout: 60_000 }, async () => {
      await open(1280, 'dark')
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' })

      expect(await page.locator('nav').isVisible()).toBe(false)
      expect(await page.locator('summary').first().isVisible()).toBe(false)
      expect(await page.getByRole('heading', { level: 2 }).count()).toBe(15)
      // What is folded away on a screen is read on paper, but for the numbers of pictures.
      expect(await page.getByText('id: staged').boundingBox()).toMatchObject({ height: expect.any(Number) })
      expect((await page.getByText('id: staged').boundingBox())?.height).toBeGreaterThan(100)
      expect(await page.getByText('Requests by phase').isVisible()).toBe(false)
      if (process.env['SCREENSHOTS'] !== undefined) await keep('print')
      const colors = await page.evaluate(
        '(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))',
      )
      expect(colors).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)'])
    })

    async function keep(name: string): Promise<void> {
      const shots = join(import.meta.dirname, '../../../../.cache/report')
      mkdirSync(shots, { recursive: true })
      await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
    }
  },
)
