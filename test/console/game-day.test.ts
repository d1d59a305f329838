import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundledPage } from '../support/console-page.ts'
import { client, Evening, logOf, note, patience } from './evening.ts'

const binary = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** A text that is there, or comes within a while. */
const shows = (page: Page, selector: string, text: string | RegExp) =>
  page.locator(selector).getByText(text).locator('visible=true').first().waitFor(patience)

describe.skipIf(!existsSync(binary))(
  existsSync(binary) ? 'a game day in Chromium' : `a game day in Chromium: SKIPPED, there is no ${binary} here`,
  () => {
    let browser: Browser
    beforeAll(async () => {
      await bundledPage()
      browser = await chromium.launch({ executablePath: binary, args: ['--no-sandbox'] })
    }, 60_000)
    afterAll(() => browser?.close())

    test.concurrent('two hours at 60 times: facilitator, responders and scribe, from the check list to the report', async () => {
      await using evening = new Evening(browser)
      const ended = evening.hold('--html', evening.path('day.html'), '--scorecard', evening.path('card.md'))
      const facilitator = await evening.open('facilitator')
      const responder = await evening.open('responder', { viewport: { width: 390, height: 844 } })
      const scribe = await evening.open('observer', { colorScheme: 'dark' })

      // Nothing begins before a person has ticked off what no tool can see.
      await shows(responder, '#stage', 'The exercise has not begun.')
      await shows(scribe, '#checks', 'The facilitator gives the word.')
      expect(await facilitator.locator('#start').isDisabled()).toBe(true)
      for (const box of await facilitator.locator('#checks input[type=checkbox]').all()) await box.check()
      await facilitator.locator('#start').click()
      await shows(responder, '#stage', 'The exercise is on. The clock counts from its beginning.')
      await responder.locator('#note-author').fill('Grace')
      await scribe.locator('#note-author').fill('Ada')

      // The page is late: users know, and it does not.
      await shows(responder, '#inbox', /something went wrong/)
      await shows(responder, '#status', 'All Systems Operational')
      const statusPage = await responder.context().newPage()
      await statusPage.goto((await responder.locator('#status-page').getAttribute('href')) ?? '')
      await shows(statusPage, 'main', /operational/i)
      await responder.locator('#mark-detected').click()
      await note(scribe, '1', 'The first ticket is read aloud.')
      await shows(facilitator, '#log', 'The first ticket is read aloud.')
      await responder.locator('body').press('c')
      await shows(responder, '#mark-declared-says', /by Grace/)

      // It is steered: held, let go, extended, told something, broken a little more.
      await facilitator.locator('body').press('h')
      await shows(facilitator, '#held', 'Held: its faults stay on')
      await shows(scribe, '#held', 'Held: its faults stay on')
      await facilitator.locator('#hold').click()
      await facilitator.locator('#extend-by').fill('2m')
      await facilitator.locator('#extend').click()
      await facilitator.locator('#say-text').fill('Somebody on the phone asks for you.')
      await facilitator.locator('#say-send').click()
      await facilitator.locator('#inject-surface').selectOption('api.messages')
      await facilitator.locator('#inject-fault').selectOption('rate-limited')
      await facilitator.locator('#inject-share').fill('80%')
      await facilitator.locator('#inject-for').fill('6m')
      await facilitator.locator('#inject-send').click()
      await shows(facilitator, '#injected', 'rate-limited')
      await shows(responder, '#inbox', 'Somebody on the phone asks for you.')

      // A browser that was away has missed nothing, and another one sees the same.
      await responder.context().setOffline(true)
      await evening.until(26)
      await responder.context().setOffline(false)
      await shows(responder, '#inbox', /The board meets|Their page says it is only the chat product/)
      await shows(responder, '#status', /investigating|Partial/i)
      await shows(statusPage, 'main', /partial/i)
      await responder.locator('#mark-mitigated').click()
      await note(scribe, '6', 'The page said chat alone, and the API failed just as well.')
      const second = await evening.open('facilitator')
      await second.locator('#log-list li').first().waitFor()
      const theirs = (await logOf(facilitator)).map(({ id }) => id)
      const own = (await logOf(second)).map(({ id }) => id)
      expect(own).toEqual(expect.arrayContaining(theirs.slice(-50)))
      await second.close()

      await evening.until(100)
      await note(scribe, '3', 'An alert on batches, apart from messages @Ada')
      await responder.locator('#mark-recovered').click()
      await shows(facilitator, '#faults tbody', 'landed')
      await facilitator.locator('#ending').waitFor({ timeout: 120_000 })

      // What is left are papers.
      await shows(responder, '#stage', 'The exercise has ended')
      await shows(facilitator, '#clean-up', 'nothing was left behind')
      const popup = facilitator.waitForEvent('popup')
      await facilitator.getByRole('button', { name: 'Open report.html' }).click()
      const report = await popup
      for (const text of ['Scorecard', 'The first ticket is read aloud.', 'The page said chat alone'])
        await report.getByText(text).locator('visible=true').first().waitFor()
      await facilitator.locator('#close-console').click()
      const code = await ended

      const end = evening.journal().at(-1)
      expect(end).toMatchObject({ type: 'run-ended', reason: 'complete' })
      expect(evening.said()).toContain(code === 0 ? 'PASS' : code === 1 ? 'FAIL' : 'INCONCLUSIVE')
      for (const mark of ['detected', 'declared', 'mitigated', 'recovered'])
        expect(evening.marks(mark), mark).toMatchObject([{ detail: { author: 'Grace', role: 'responder' } }])
      expect(evening.marks('inject')).toHaveLength(12)
      expect(evening.marks('note')).toHaveLength(3)
      const [html, card] = [evening.file('day.html'), evening.file('card.md')]
      expect(html).toContain('An alert on batches, apart from messages')
      for (const what of ['detect', 'declare']) expect(card).toMatch(new RegExp(`^\\| time to ${what} \\| \\d`, 'm'))
      expect(evening.file('day.jsonl.console.json')).toBe('')
      const tokens = [...evening.said().matchAll(/token=(\S+)/g)].map(([, token = '']) => token)
      expect(tokens).toHaveLength(3)
      for (const text of [html, card, evening.file('day.jsonl')])
        expect(['token=', 'sk-ant-', ...tokens].filter(secret => text.includes(secret))).toEqual([])
    }, 360_000)

    test.concurrent('two keys abort it: every fault ends, all is clear in seconds, and the reports are there', async () => {
      await using evening = new Evening(browser)
      const ended = evening.hold('--go')
      const facilitator = await evening.open('facilitator')
      const responder = await evening.open('responder')
      await evening.until(6)
      await shows(facilitator, '#phase', 'silent')

      await facilitator.locator('body').press('x')
      await facilitator.locator('#abort-dialog').waitFor()
      await facilitator.keyboard.press('Tab')
      await facilitator.locator('#abort-why').fill('a real incident')
      await facilitator.locator('#abort-confirm').click()

      await shows(facilitator, '#all-clear', /All clear \d+\.\d s after the word to stop/)
      await shows(facilitator, '#clean-up', 'nothing was left behind')
      await shows(responder, '#stage', 'The exercise has ended')
      expect(await facilitator.getByRole('button', { name: 'Open report.html' }).isVisible()).toBe(true)
      await facilitator.locator('#close-console').click()
      expect(await ended).toBe(4)
      expect(evening.marks('aborted')).toMatchObject([{ says: 'a real incident' }])
      expect(evening.journal().at(-1)).toMatchObject({ type: 'run-ended', reason: 'stopped' })
      expect(evening.now()).toBeLessThan(30 * 60_000)
    }, 120_000)

    test.concurrent('killed and resumed: the same pages go on by themselves, nothing is told twice, and it is one show in the report', async () => {
      await using evening = new Evening(browser)
      const killed = evening.hold('--go')
      const facilitator = await evening.open('facilitator')
      const responder = await evening.open('responder')
      await responder.locator('#note-author').fill('Grace')
      await shows(responder, '#inbox', /something went wrong/)
      await responder.locator('#mark-detected').click()
      await shows(responder, '#mark-detected-says', /by Grace/)
      await facilitator.locator('#hold').click()
      await shows(facilitator, '#held', 'Held')
      const before = await logOf(facilitator)

      evening.kill()
      expect(await killed).toBe(null)
      const torn = evening.now()
      await shows(facilitator, '#connection', 'Connection lost')
      const ended = evening.start(['--resume', evening.path('day.jsonl'), '--client', client, '--no-config'])
      await shows(facilitator, '#connection', 'Connected')
      await shows(responder, '#connection', 'Connected')
      await shows(responder, '#mark-detected-says', /by Grace/)
      await shows(facilitator, '#held', 'Held')
      await facilitator.locator('#hold').click()
      await responder.locator('#mark-declared').click()
      const after = await logOf(facilitator)
      expect(after.slice(0, before.length)).toEqual(before)
      expect(new Set(after.map(({ id }) => id)).size).toBe(after.length)

      // The rest is moved over.
      for (const phase of ['ack-everything', 'api-retracted', 'aftershock']) {
        await facilitator.locator('#goto-phase').selectOption(phase)
        await facilitator.locator('#goto').click()
        await shows(facilitator, '#phase', phase)
      }
      await facilitator.locator('#skip').click()
      await facilitator.locator('#ending').waitFor({ timeout: 90_000 })
      await facilitator.locator('#close-console').click()
      await ended

      const journal = evening.journal()
      const times = journal.map(({ t }) => t)
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      expect(journal.filter(({ type }) => type === 'run-started')).toHaveLength(1)
      expect(journal.at(-1)).toMatchObject({ type: 'run-ended', reason: 'complete' })
      expect(evening.marks('resumed')).toHaveLength(1)
      expect(evening.marks('detected')).toHaveLength(1)
      expect(evening.marks('detected')[0]?.t).toBeLessThan(torn)
      expect(evening.marks('declared')[0]?.t).toBeGreaterThanOrEqual(torn)
      const told = evening.marks('inject').map(({ says }) => says)
      expect(new Set(told).size).toBe(told.length)
    }, 180_000)
  },
)
