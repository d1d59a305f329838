import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { JournalEvent } from '../../src/journal/event.ts'
import { journalLines } from '../../src/journal/journal.ts'
import { version } from '../../src/run/version.ts'
import { cli } from '../support/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-gameday-run-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const staging = { BLACKSTART_ENVIRONMENT: 'staging' }

const day = file(
  'day.yaml',
  `blackstart: 1
id: short-day
title: A short day
steady_state: { for: 2s, at_least: 50% }
workload: { users: 6, think: 150ms, streaming: 0 }
answers: [{ says: "Yes." }]
phases: [{ name: down, for: 4s, faults: [{ surface: api, fault: bad-request }] }]
status_page: [{ at: down + 3s, incident: investigating }]
game_day:
  hypothesis: Nobody notices.
  environment: staging
  checks: [{ test: kill-switch }, { test: steady-state }, { says: Support knows }]
  injects:
    - { at: down + 500ms, ticket: It hangs, from: a customer, expect: A link to the incident }
    - { at: down + 1s, question: When is it over?, from: the CEO }
  actions: [{ says: Declare, by: down + 3s, mark: declared }]
  measures: [{ says: Seen soon, mark: detected, within: 3s }]
expect:
  - alert-fires: { within: 3s }
  - no-retry-on-permanent-errors
`,
)

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const held = (...more: readonly string[]) => ['gameday', 'run', day, '--client', 'bare-sdk', '--healed', '1s', ...more]

test('a show: the list, the injects to the terminal and to a webhook, the team’s alert and marks, the scorecard', {
  timeout: 60_000,
}, async () => {
  const controlFile = join(folder, 'control.json')
  const got: Record<string, unknown>[] = []
  let responded: Promise<void> | undefined
  const receiver = createServer(async (request, response) => {
    got.push(JSON.parse(Buffer.concat(await request.toArray()).toString('utf8')))
    response.writeHead(got.length === 1 ? 500 : 200).end()
    if (got.length === 1) responded = respond(controlFile)
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const { port } = receiver.address() as AddressInfo // it listens on a port
  const [journal, card, html] = [join(folder, 'day.jsonl'), join(folder, 'day.md'), join(folder, 'day.html')]

  const { code, stdout, stderr } = await cli(
    [
      ...held('--go', '--control-file', controlFile, '--inject-webhook', `http://127.0.0.1:${port}/in`),
      ...['--journal', journal, '--scorecard', card, '--html', html],
    ],
    { env: staging },
  )
  receiver.close()
  await responded

  expect(code, stderr).toBe(0)
  expect(stderr).toContain('go     this is the right environment: BLACKSTART_ENVIRONMENT is staging')
  expect(stderr).toContain('go     Support knows: confirmed by --go')
  expect(stderr).toContain('go     the kill switch is reachable: the control API answers, and takes an abort')
  expect(stderr).toMatch(/go {5}the steady state holds: (\d+) of \1 tasks of the warm-up went well/)
  expect(stderr).toContain('ticket from a customer to responders: It hangs')
  expect(stderr).toContain(`did not get through: 127.0.0.1:${port} answered with 500`)
  expect(got.map(({ text, scenario }) => [text, scenario])).toEqual([
    ['ticket from a customer to responders: It hangs', 'short-day'],
    ['question from the CEO to responders: When is it over?', 'short-day'],
  ])
  expect(stdout).toContain('again: npx blackstart gameday run')
  expect(stdout).toMatch(/time to detect +\S+ m?s +the alert “AssistantErrors”/)
  const marks = marksIn(journal)
  // A busy machine may come to the second inject before the first is known to have failed.
  expect(marks.filter(mark => mark !== 'inject-failed').filter((mark, i) => mark !== 'inject' || i === 0)).toEqual([
    ...['inject', 'alert', 'detected', 'declared'],
  ])
  expect(marks.toSorted()).toEqual(['alert', 'declared', 'detected', 'inject', 'inject', 'inject-failed'])
  const page = readFileSync(card, 'utf8')
  expect(page).toMatch(/\| Seen soon \| detected within 3s \| yes \|/)
  expect(page).toMatch(/\| Declare \| T\+0:00:03 \| yes \| T\+0:00:01 declared: we see it too/)
  expect(page).toContain('the webhook did not take it')

  expect(stderr.split('\n').filter(line => line.startsWith('blackstart: wrote '))).toEqual([
    `blackstart: wrote ${card} (scorecard)`,
    `blackstart: wrote ${journal} (journal)`,
    `blackstart: wrote ${html}`,
  ])
  expect(stderr).toContain('go     users ask the app: 6 users of bare-sdk')
  const again = join(folder, 'again.html')
  const reported = await cli(['report', journal, '--html', again])
  expect(reported.code, reported.stderr).toBe(0)
  expect(readFileSync(html, 'utf8')).toBe(readFileSync(again, 'utf8'))
  expect(readFileSync(html, 'utf8')).toContain('<h2 id="scorecard-h">Scorecard</h2>')

  const looked = await cli(['gameday', 'score', journal, '--last', journal])
  expect(looked.code, looked.stderr).toBe(0)
  const figures = (text: string) => text.split('\n').filter(line => /^\| (?:time|tasks|retries) /.test(line))
  expect(looked.stdout).toContain('## Beside the last run')
  expect(figures(looked.stdout).slice(0, figures(page).length)).toEqual(figures(page))

  const asItWas = readFileSync(journal)
  const over = await cli(held('--go', '--journal', journal), { env: staging })
  expect(over.code, over.stderr).toBe(2)
  expect(over.stderr).toContain(`${journal} holds a show of short-day, which would be written over.`)
  expect(over.stderr).toContain('Name another file with --journal, or move that one away.')
  expect(readFileSync(journal).equals(asItWas)).toBe(true)
})

/** As Alertmanager and a responder would. */
async function respond(controlFile: string): Promise<void> {
  const { url, token } = JSON.parse(readFileSync(controlFile, 'utf8'))
  const send = (path: string, authorization: string, body: object) =>
    fetch(`${url}/v1/${path}`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { authorization, 'content-type': 'application/json' },
    })
  await send('alerts', `Basic ${Buffer.from(`pager:${token}`).toString('base64')}`, {
    alerts: [{ status: 'firing', labels: { alertname: 'AssistantErrors' } }],
  })
  await send('mark', `Bearer ${token}`, { mark: 'declared', says: 'we see it too' })
}

function marksIn(journal: string): readonly string[] {
  return readFileSync(journal, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line) as JournalEvent)
    .flatMap(event => (event.type === 'mark' ? [event.mark] : []))
}

test('a no-go ends it before anything is opened, with exit code 3', async () => {
  const [elsewhere, unsaid] = await Promise.all([
    cli(held('--go'), { env: { BLACKSTART_ENVIRONMENT: 'production' } }),
    cli(held(), { env: staging }),
  ])

  for (const { code, stdout, stderr } of [elsewhere, unsaid]) {
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
    expect(stderr).toContain('blackstart: no-go, and nothing was begun')
    expect(stderr).not.toContain('control API at')
  }
  expect(elsewhere.stderr).toContain('it is held in staging, and BLACKSTART_ENVIRONMENT is production')
  expect(unsaid.stderr).toContain(
    'Support knows: there is no terminal to ask at; --console PORT waits for the facilitator',
  )
})

test('a show that was killed in its warm-up begins anew, and nobody is asked again what was seen to', {
  timeout: 60_000,
}, async () => {
  const journal = file(
    'killed.jsonl',
    [
      ...journalLines([
        {
          ...{ type: 'run-started', t: -2_000, version: 1, blackstart: version, scenarioId: 'short-day' },
          ...{ scenario: readFileSync(day, 'utf8'), seed: 1, engine: 'loopback', client: 'bare-sdk', versions: {} },
          workload: { users: 2, speed: 1, healedMs: 1_000 },
        },
        { type: 'phase-entered', t: -2_000, phase: 'steady-state' },
      ]),
    ].join(''),
  )

  const { code, stderr } = await cli(['gameday', 'run', '--resume', journal, '--client', 'bare-sdk', '--no-console'], {
    env: staging,
    interrupt: { when: 'the control API answers', signal: 'SIGINT' },
  })

  expect(stderr).toContain('it begins anew')
  expect(code, stderr).toBe(130)
})

test('a steady state that does not hold is a no-go, too', { timeout: 60_000 }, async () => {
  const unwell = file(
    'unwell.yaml',
    `scenario: ${day}
title: Played on another
game_day: { checks: [{ test: steady-state }], injects: [{ at: down + 1s, chat: never told }] }
`,
  )
  const client = file('unwell.mjs', 'export default { name: "unwell", perform() { throw new Error("no") } }\n')

  const journal = join(folder, 'no go.jsonl')

  const { code, stdout, stderr } = await cli([
    ...['gameday', 'run', unwell, '--client', client, '--healed', '1s', '--journal', journal],
  ])

  expect(code).toBe(3)
  expect(stderr).toContain('NO-GO  the steady state holds: ')
  expect(stdout).toContain('Played on another (short-day)')
  expect(stderr).not.toContain('never told')
  expect(stderr).toContain(
    `a report of it: npx blackstart report '${journal}' --html '${join(folder, 'no go.html')}' --markdown '`,
  )
})

test('a drill says so when it begins in the journal of one that could still go on', { timeout: 60_000 }, async () => {
  const events: readonly JournalEvent[] = [
    {
      ...{ type: 'run-started', t: -2_000, version: 1, blackstart: version, scenarioId: 'short-day' },
      ...{ scenario: readFileSync(day, 'utf8'), seed: 1, engine: 'loopback', client: 'bare-sdk', versions: {} },
      workload: { users: 2, speed: 1 },
    },
    { type: 'phase-entered', t: 0, phase: 'down' },
  ]
  const journal = file('torn.jsonl', [...journalLines(events)].join(''))

  const [show, drill] = await Promise.all([
    cli(held('--go', '--journal', journal), { env: staging }),
    cli(['drill', day, '--client', 'bare-sdk', '--journal', journal, '--report', 'json'], {
      interrupt: { when: 'written over', signal: 'SIGINT' },
    }),
  ])

  expect(show.stderr).toContain(`${journal} holds a show that was not brought to its end.`)
  expect(drill.stderr).toContain(`${journal} held a show that was not brought to its end; this one is written over it.`)
})

test('words that make no sense are answered', async () => {
  const said = async (...words: string[]) => {
    const { code, stderr } = await cli(['gameday', ...words])
    return `${code} ${stderr.split('\n')[0]}`
  }

  const all = await Promise.all([
    said('run'),
    said('plan', day, '--speed', '2'),
    said('plan', day, '--', 'npm', 'start'),
    said('run', day, '--inject-webhook', 'here'),
    said('run', day, '--last', join(folder, 'none.jsonl')),
    said('run', day, '--html', join(folder, 'day.html')),
    said('score', day),
  ])

  expect(all).toEqual([
    '2 blackstart: Name the scenario, or the game day’s file.',
    '2 blackstart: "gameday plan" takes no --speed.',
    '2 blackstart: "gameday plan" starts no program.',
    '2 blackstart: --inject-webhook here: this is no web address.',
    expect.stringMatching(/^2 blackstart: Failed to read the journal /),
    expect.stringMatching(
      /^2 blackstart: --html .*: a report shows how tests are made of its findings, from the journal/,
    ),
    expect.stringMatching(/^2 blackstart: .* is no journal: it is a scenario/),
  ])
})
