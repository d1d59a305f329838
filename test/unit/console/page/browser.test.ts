import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from '@playwright/test'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { FacilitatorView, ResponderView } from '../../../../src/console/protocol.ts'
import { bundlePage } from '../../../../tools/console/bundle.ts'
import { type FakeConsole, fakeConsole } from '../../../support/console-server.ts'
import { endedView, entries, observerView, responderView, showView, stormBins } from '../../../support/console-views.ts'

const binary = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const lobbyView: FacilitatorView = { ...showView, stage: 'lobby', t: -300_000 }
const report = '<!doctype html><title>The report</title><style>p { color: rgb(1, 2, 3) }</style><p>All of it.</p>'

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

describe.skipIf(!existsSync(binary))(
  existsSync(binary) ? 'the console in Chromium' : `the console in Chromium: SKIPPED, there is no ${binary} here`,
  { timeout: 60_000 },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'console-'))
    let browser: Browser
    let context: BrowserContext
    let page: Page
    let server: FakeConsole
    let failures: string[]

    beforeAll(async () => {
      await bundlePage(folder)
      browser = await chromium.launch({ executablePath: binary, args: ['--no-sandbox'] })
    }, 60_000)

    afterAll(async () => {
      await browser?.close()
      rmSync(folder, { recursive: true })
    })

    beforeEach(async () => {
      server = await fakeConsole(folder, { 'report.html': report, 'scorecard.md': '# Times' })
      context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
      page = await context.newPage()
      failures = []
      page.on('pageerror', error => failures.push(error.message))
      // Among them what the page's own policy refuses.
      page.on('console', message => message.type() === 'error' && failures.push(message.text()))
    })

    afterEach(async () => {
      await context.close()
      await server[Symbol.asyncDispose]()
    })

    async function open(view: FacilitatorView | ResponderView, bins = 103): Promise<void> {
      server.view(view)
      server.bins(stormBins(bins))
      for (const entry of entries) server.entry(entry)
      await page.goto(`${server.origin}/${view.role}#token=secret`)
      await page.getByText('Connected', { exact: true }).waitFor()
      await page.getByRole('heading', { level: 1, name: view.title }).waitFor()
    }

    /** After so many more deeds than there were. */
    async function acted(count: number): Promise<FakeConsole['acts']> {
      await expect.poll(() => server.acts.length).toBe(count)
      return server.acts
    }

    const both = ['light', 'dark'] as const
    test.each([
      ...[showView, observerView, responderView].map(view => [view.role, view.stage, view, both, both] as const),
      // What they have beyond that is judged at each width and in each scheme once.
      ...[lobbyView, endedView].map(view => [view.role, view.stage, view, ['light'], ['dark']] as const),
    ])(
      'a page of %s in %s breaks no rule of accessibility, at a desk and on a phone, light and dark',
      async (_role, _stage, view, atDesk, onPhone) => {
        await open(view, 12)
        // One table stands for six, which would only be slow.
        await page.evaluate(
          'for (const one of document.querySelectorAll("#chart-attempts details, #links details")) one.open = true',
        )
        await page.evaluate(axe)
        const found: unknown[] = []
        for (const [width, schemes] of [[1280, atDesk] as const, [360, onPhone] as const])
          for (const colorScheme of schemes) {
            await page.setViewportSize({ width, height: 900 })
            await page.emulateMedia({ colorScheme })
            const violations = await page.evaluate<readonly Violation[]>(
              `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(({ violations }) => violations)`,
            )
            found.push(...violations.map(({ id, nodes }) => [width, colorScheme, id, nodes[0]?.html]))
            expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
          }

        expect(found).toEqual([])
        expect(failures).toEqual([])
      },
    )

    test('the facilitator starts once a person has ticked off what no tool can see; a warning is no bar', async () => {
      await open(lobbyView)
      const start = page.getByRole('button', { name: 'Start' })

      expect(await start.isDisabled()).toBe(true)
      expect(await page.locator('#checks').innerText()).toMatch(/mind\s+users ask the app nobody does/)
      await page.getByRole('checkbox', { name: 'support is told' }).check()
      await start.click()

      expect(await acted(1)).toEqual([{ do: 'start', confirmed: ['support is told'] }])
      const link = page.getByRole('textbox', { name: 'observer' })
      expect(await link.inputValue()).toBe(`${server.origin}/observer#token=watch`)
    })

    test('every control asks for what it says', async () => {
      await open(showView)
      const name = (role: 'button' | 'combobox' | 'textbox', label: string) => page.getByRole(role, { name: label })

      await name('textbox', 'Extend by').fill('90s')
      await name('button', 'Extend').click()
      await acted(1)
      expect(await name('combobox', 'Phase to go to').getByRole('option').allInnerTexts()).toEqual([
        'breather',
        'limited',
      ])
      await name('combobox', 'Phase to go to').selectOption('limited')
      await name('button', 'Go to').click()
      await acted(2)
      await name('combobox', 'Surface').selectOption('cache')
      await name('combobox', 'Fault').selectOption('black-hole')
      await name('textbox', 'Share').fill('30%')
      await name('textbox', 'For (').fill('5m')
      await name('textbox', 'Options').fill('after: 2s')
      await name('button', 'Inject').click()
      await acted(3)
      await name('combobox', 'Kind').selectOption('question')
      await name('textbox', 'From').fill('the board')
      await name('textbox', 'Text').fill('When is it over?')
      await name('button', 'Send').click()
      await acted(4)
      await name('button', 'End now refused on cache').click()
      await acted(5)
      expect(await name('button', 'Detected').innerText()).toContain('T+0:04:00, by Grace')
      await name('button', 'Declared').click()

      expect(await acted(6)).toEqual([
        { do: 'extend', by: '90s' },
        { do: 'goto', to: 'limited' },
        { do: 'inject', surface: 'cache', fault: { 'black-hole': { after: '2s' } }, share: '30%', for: '5m' },
        { do: 'say', kind: 'question', text: 'When is it over?', from: 'the board' },
        { do: 'stop-injected', entry: 'injected[0]' },
        { do: 'mark', mark: 'declared' },
      ])
    })

    test('keys steer, abort asks once and y confirms; none of them fires while somebody writes, or once turned off', async () => {
      await open(showView)

      await page.getByRole('textbox', { name: 'Text' }).pressSequentially('hsexn')
      await page.getByRole('textbox', { name: 'Text' }).blur()
      for (const [at, key] of ['h', 's', 'e'].entries()) {
        await page.keyboard.press(key)
        await acted(at + 1)
      }
      server.view({ ...showView, held: true })
      await page.getByText('Held: its faults stay on').waitFor()
      await page.keyboard.press('h')
      await acted(4)
      await page.keyboard.press('y')
      await page.keyboard.press('x')
      await page.getByRole('dialog', { name: 'Abort the show?' }).waitFor()
      await page.keyboard.press('y')
      await acted(5)
      await page.getByText('Aborting: not yet clear after').waitFor()
      await page.keyboard.press('?')
      await page.getByRole('checkbox', { name: 'Single keys are on' }).uncheck()
      await page.keyboard.press('Escape')
      await page.keyboard.press('s')
      server.refuseNext({ message: 'It is over.', hint: 'Close it.' })
      await page.getByRole('button', { name: 'Skip' }).click()

      expect(await acted(6)).toEqual([
        { do: 'hold' },
        { do: 'skip' },
        { do: 'extend', by: '5m' },
        { do: 'release' },
        { do: 'abort', why: 'the facilitator aborted it' },
        { do: 'skip' },
      ])
      expect(await page.getByRole('alert').innerText()).toContain('It is over. Close it.')
    })

    test('the end says when all was clear and that it was verified; a paper opens as it looks, and its token stays here', async () => {
      await open(endedView)

      expect(await page.locator('#ending').innerText()).toMatch(
        /All clear 1\.3 s after the word to stop\.\s+The clean-up was verified: nothing was left behind\./,
      )
      const popup = context.waitForEvent('page')
      await page.getByRole('button', { name: 'Open report.html' }).click()
      const paper = await popup
      await paper.getByText('All of it.').waitFor()
      expect(await paper.evaluate('getComputedStyle(document.querySelector("p")).color')).toBe('rgb(1, 2, 3)')
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Download scorecard.md' }).click()
      expect((await download).suggestedFilename()).toBe('scorecard.md')
      await page.getByRole('button', { name: 'Close the console' }).click()
      await acted(1)
      server.closed()
      await page.getByText('The console was closed.').waitFor()

      expect(server.acts).toEqual([{ do: 'close' }])
      expect(server.asked.filter(({ url, referrer }) => `${url}${referrer}`.includes('secret'))).toEqual([])
      expect(new Set(server.asked.filter(({ url }) => url.startsWith('/api/')).map(one => one.authorization))).toEqual(
        new Set(['Bearer secret']),
      )
      expect(failures).toEqual([])
    })

    test('a page that was cut off says so, comes back by itself, and has missed and repeated nothing', async () => {
      await open(showView)
      const ids = () =>
        page.locator('#log-list > li').evaluateAll(lines => lines.map(line => line.getAttribute('data-entry')))
      await expect.poll(async () => (await ids()).length).toBe(entries.length)

      server.cut()
      await page.getByText('Connection lost: trying again. Nothing will be missed.').waitFor()
      server.entry({ id: 23, t: 700_000, kind: 'system', text: 'said meanwhile' })
      server.entry({ id: 24, t: 710_000, kind: 'system', text: 'and that' })
      server.mend()
      await page
        .getByRole('button', { name: 'Connect now' })
        .click({ timeout: 500 })
        .catch(() => {})
      await page.getByText('Connected', { exact: true }).waitFor()
      server.entry({ id: 30, t: 720_000, kind: 'system', text: 'said since' })

      await expect.poll(ids).toEqual(['30', '24', '23', ...entries.map(({ id }) => String(id)).toReversed()])
      expect(server.asked.filter(({ url }) => url === '/api/stream').map(({ lastId }) => lastId)[0]).toBeUndefined()
      expect(server.asked.findLast(({ url }) => url === '/api/stream')?.lastId).toBe('19')
    })

    test('a show that begins anew leaves nothing of the one before in the log, and all of its own is there', async () => {
      await open(showView)
      const ids = () =>
        page.locator('#log-list > li').evaluateAll(lines => lines.map(line => line.getAttribute('data-entry')))
      await expect.poll(async () => (await ids()).length).toBe(entries.length)

      server.anew()
      server.entry({ id: 1, t: -120_000, kind: 'phase', text: 'The warm-up begins: nothing is broken.' })

      await expect.poll(ids).toEqual(['1'])
    })

    test('a server that has said nothing for forty seconds is asked again, whatever its connection looks like', async () => {
      await page.clock.install()
      await open(showView)

      await page.clock.fastForward(41_000)
      await page.getByText('Connection lost: trying again.').waitFor()
      await page.clock.fastForward(1_000)
      await page.getByText('Connected', { exact: true }).waitFor()

      expect(server.asked.filter(({ url }) => url === '/api/stream').map(({ lastId }) => lastId)).toEqual([
        undefined,
        '19',
      ])
    })

    test('who has no token is told where to find one, and is not let try again and again', async () => {
      server.view(showView)
      await page.goto(`${server.origin}/facilitator`)
      await page.getByText('This page needs the whole address').waitFor()

      await page.goto(`${server.origin}/facilitator#token=wrong`)
      await page.getByText('Not let in: open the address that the tool printed last.').waitFor()

      expect(server.asked.filter(({ url }) => url.startsWith('/api/'))).toHaveLength(1)
    })

    test('responders mark by button and key, see what is new first, and nothing of what is behind it', async () => {
      await open(responderView)

      await page.getByRole('textbox', { name: 'Your name' }).fill('Grace')
      await page.getByRole('button', { name: 'Declared' }).click()
      await acted(1)
      await page.keyboard.press('m')
      await acted(2)
      await page.keyboard.press('n')
      await page.keyboard.type('Told support: crm down')
      await page.keyboard.press('Enter')

      expect(await acted(3)).toEqual([
        { do: 'mark', mark: 'declared', author: 'Grace' },
        { do: 'mark', mark: 'mitigated', author: 'Grace' },
        { do: 'note', category: 'observation', says: 'Told support: crm down', author: 'Grace' },
      ])
      const inbox = page.getByRole('region', { name: 'Inbox' })
      expect(await inbox.getByRole('listitem').allInnerTexts()).toEqual([
        expect.stringMatching(/alert[\s\S]*ErrorBudgetBurn/),
        expect.stringMatching(/from a customer[\s\S]*Nothing works[\s\S]*since this morning/),
      ])
      expect(await page.title()).toBe('(2) Claude is down, in stages')
      await page.getByRole('button', { name: 'Mark all read' }).click()
      await expect.poll(() => page.title()).toBe('Claude is down, in stages')
      expect(await page.getByRole('button', { name: 'Detected' }).innerText()).toContain(
        '0:14:00 into the exercise, by Grace',
      )
      expect(await page.locator('body').innerText()).not.toContain('T+')
      expect(await page.getByRole('region').evaluateAll(all => all.map(one => one.id))).toEqual(
        ['now', 'marks', 'status', 'inbox', 'notes'], // and neither phases, nor faults, nor a log
      )
    })

    test('what was read is read for as long as the show lasts, and not in another show in the same tab', async () => {
      await open(responderView)
      await page.getByRole('button', { name: 'Mark all read' }).click()

      await page.reload()
      await page.getByText('0 unread').waitFor()
      server.view({ ...responderView, show: 'another' })

      await page.getByText('2 unread').waitFor()
    })

    test('before the outage, and once it is over, keys and the form to inject say why nothing is steered, and ask for nothing', async () => {
      const inject = page.getByRole('button', { name: 'Inject', exact: true })
      const form = page.getByRole('region', { name: 'Inject a fault' })
      for (const [stage, why] of [
        ['steady-state', 'The outage has not begun'],
        ['healed', 'The outage is over'],
      ] as const) {
        await open({ ...showView, stage })

        expect(await inject.isDisabled()).toBe(true)
        await form.getByText(why).waitFor()
        for (const key of ['h', 's', 'e']) {
          await page.keyboard.press(key)
          await page.getByRole('alert').getByText(why).waitFor()
          await page.getByRole('button', { name: 'Dismiss' }).click()
        }
      }
      await open(showView)
      await inject.click()

      expect(await acted(1)).toEqual([{ do: 'inject', surface: 'api', fault: 'overloaded' }])
    })

    test('what the app asks most is what is injected into, and does not change while somebody fills in the form', async () => {
      await open(showView)
      const share = page.getByRole('textbox', { name: 'Share' })
      const surfaces = () => page.getByRole('combobox', { name: 'Surface' }).getByRole('option').allInnerTexts()

      server.view({ ...showView, surfaces: ['chat', 'cache', 'api'] })
      await expect.poll(surfaces).toEqual(['chat', 'cache', 'api'])
      await share.fill('30%')
      server.view({ ...showView, held: true, surfaces: ['cache', 'chat', 'api'] })
      await page.getByText('Held: its faults stay on').waitFor()
      expect(await surfaces()).toEqual(['chat', 'cache', 'api'])
      await share.press('Enter')

      expect(await acted(1)).toEqual([{ do: 'inject', surface: 'chat', fault: 'overloaded', share: '30%' }])
    })

    test('on a phone each fault is told whole, and what is used in a hurry is one touch away from wherever one is', async () => {
      await page.setViewportSize({ width: 390, height: 844 })
      await open(showView)
      const boxOf = async (place: Locator) => (await place.boundingBox()) ?? { x: -1, y: -1, width: 0 }

      for (const cell of await page.locator('#faults tbody td').all()) {
        const { x, width } = await boxOf(cell)
        expect(x).toBeGreaterThan(0)
        expect(x + width).toBeLessThan(390)
      }
      expect(
        await page.evaluate('getComputedStyle(document.querySelector("#faults tbody td"), "::before").content'),
      ).toContain('Where')
      const jumps = page.getByRole('navigation', { name: 'On this page' })
      for (const [name, id] of [
        ['Notes', '#notes'],
        ['Inject', '#inject'],
        ['Log', '#log'],
        ['Tell', '#say'],
        ['Controls', '#controls'],
      ] as const) {
        await jumps.getByRole('button', { name }).click()
        const { y } = await boxOf(page.locator(id))
        expect(y, name).toBeGreaterThan(0)
        expect(y, name).toBeLessThan(422)
      }
      expect(new URL(page.url()).hash).toBe('#token=secret')
    })

    test('a scribe writes one note after the other by keys alone, and need not say twice who it is', async () => {
      await open(observerView)

      await page.keyboard.press('2')
      await page.keyboard.type('We roll back')
      await page.keyboard.press('Enter')
      await page.getByText('Whose note is it? Type your name, then Enter.').waitFor()
      await page.keyboard.type('Kay')
      await page.keyboard.press('Enter')
      await acted(1)
      await page.getByText('Noted: decision.').waitFor()
      await page.keyboard.press('6')
      await page.keyboard.type('3 pages at once')
      await page.keyboard.press('Enter')
      await acted(2)
      await page.reload()
      await page.getByText('Connected', { exact: true }).waitFor()
      await page.keyboard.press('1')
      await page.keyboard.type('Quiet')
      await page.keyboard.press('Enter')

      expect(await acted(3)).toEqual([
        { do: 'note', category: 'decision', says: 'We roll back', author: 'Kay' },
        { do: 'note', category: 'surprise', says: '3 pages at once', author: 'Kay' },
        { do: 'note', category: 'observation', says: 'Quiet', author: 'Kay' },
      ])
      expect(await page.getByRole('button', { name: 'Abort' }).count()).toBe(0)
      expect(await page.locator('#responders-clock').innerText()).toContain('5m ahead')
    })

    test('charts have their values in words and in a table, and a view that moves the time alone redraws the clock alone', async () => {
      await open({ ...showView, stage: 'outage' })
      server.bins(stormBins(300))
      const chart = page.getByRole('figure', { name: 'Rate limit' })
      await expect
        .poll(() => chart.getByRole('listitem').allInnerTexts())
        .toEqual(['limit in force 300/min', expect.stringMatching(/^turned away \d+\/min$/)])
      await chart.getByText('Table of rate limit').click()
      await expect.poll(() => chart.getByRole('row').count()).toBe(301)
      await page.evaluate(`
        window.redrawn = []
        const isOther = ({ type, oldValue, target }) => type !== 'characterData' || oldValue !== target.data
        new MutationObserver(changes => {
          for (const { target } of changes.filter(isOther)) redrawn.push(target.parentElement?.closest('[id]')?.id)
        }).observe(document.querySelector('#console'), {
          ...{ subtree: true, childList: true, characterData: true, characterDataOldValue: true, attributes: true },
        })
      `)

      for (let at = 1; at <= 8; at++) server.view({ ...showView, t: showView.t + at * 60_000 })
      await page.getByRole('timer', { name: 'Time of the show' }).getByText('T+0:20:').waitFor()

      expect(new Set(await page.evaluate<string[]>('redrawn'))).toEqual(new Set(['clock', 'left', 'timeline']))
    })
  },
)
