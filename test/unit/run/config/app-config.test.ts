import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { UsageError } from '../../../../src/lib/errors.ts'
import { loadConfig } from '../../../../src/run/config/load-config.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'blackstart-config-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (name: string, text: string) => writeFileSync(join(folder, name), text)

const app = `
  name: assistant
  start: python -m app --title 'two words'
  cwd: ./service
  env: { PORT: "8000" }
  url: http://127.0.0.1:8000
  ready: /healthz
  perform:
    request: POST /ask?user={user}
    headers: { x-tenant: "{tenant}" }
    json: { question: "{prompt}", stream: "{stream}" }
    within: 30s
    answer: answer.text
    outcome: { path: answer.status, map: { cached: degraded } }
    source: { header: x-source }
    age: { path: answer.age, unit: ms }
  jobs:
    submit: { request: "POST http://localhost:8000/jobs", json: { ask: "{prompt}" }, id: job.id }
    list: { request: GET /jobs, jobs: items, state: status, states: { waiting: queued } }
`

const read = {
  name: 'assistant',
  start: ['python', '-m', 'app', '--title', 'two words'],
  env: { PORT: '8000' },
  ready: { http: 'http://127.0.0.1:8000/healthz' },
  perform: {
    request: { method: 'POST', url: 'http://127.0.0.1:8000/ask?user={user}' },
    headers: { 'x-tenant': '{tenant}' },
    json: { question: '{prompt}', stream: '{stream}' },
    within: 30_000,
    answer: 'answer.text',
    outcome: { path: 'answer.status', map: { cached: 'degraded' } },
    source: { header: 'x-source' },
    age: { path: 'answer.age', unit: 'ms' },
  },
  jobs: {
    submit: {
      request: { method: 'POST', url: 'http://localhost:8000/jobs' },
      json: { ask: '{prompt}' },
      id: 'job.id',
    },
    list: {
      request: { method: 'GET', url: 'http://127.0.0.1:8000/jobs' },
      jobs: 'items',
      state: 'status',
      states: { waiting: 'queued' },
    },
  },
}

test.for(['blackstart.config.yaml', 'blackstart.config.yml'])('%s says how an app is started and asked', async name => {
  write(name, `client: ./client.mjs\nusers: 3\nworkload: { think: 30s }\napp:${app}`)

  const config = await loadConfig(folder)

  expect(config.app).toEqual({ ...read, cwd: join(folder, 'service') })
  expect(config).toMatchObject({ client: join(folder, 'client.mjs'), workload: { users: 3, think: 30_000 } })
})

test('a config in TypeScript says it in the same words', async () => {
  write(
    'blackstart.config.ts',
    `export default {
      app: {
        start: ['npm', 'start'],
        ready: { log: 'listening on \\\\d+' },
        perform: { request: 'POST http://127.0.0.1:{env.PORT}/ask', text: '{prompt}', outcome: 'status' },
      },
    }`,
  )

  expect((await loadConfig(folder)).app).toEqual({
    start: ['npm', 'start'],
    cwd: folder,
    ready: { log: 'listening on \\d+' },
    perform: {
      request: { method: 'POST', url: 'http://127.0.0.1:{env.PORT}/ask' },
      text: '{prompt}',
      outcome: { path: 'status' },
    },
  })
})

test.for([
  ['http://127.0.0.1:8000/up', { http: 'http://127.0.0.1:8000/up' }],
  ['{ http: "http://[::1]:8000/up", status: 204 }', { http: 'http://[::1]:8000/up', status: 204 }],
  ['{ tcp: "localhost:6379" }', { tcp: 'localhost:6379' }],
  ['{ after: 2s }', { after: 2_000 }],
] as const)('ready: %s', async ([yaml, ready]) => {
  write('blackstart.config.yaml', `app: { ready: ${yaml} }`)

  expect((await loadConfig(folder)).app?.ready).toEqual(ready)
})

test('an empty config is one that says nothing', async () => {
  write('blackstart.config.yaml', '# later\n')

  expect((await loadConfig(folder)).app).toBeUndefined()
})

async function refusal(text: string): Promise<string> {
  write('blackstart.config.yaml', text)
  const error = await loadConfig(folder).catch(caught => caught)
  expect(error).toBeInstanceOf(UsageError)
  return error.message
}

test('all that is wrong in YAML is told at once, each at its place', async () => {
  const message = await refusal(`users: "4"
adresses: {}
addresses: { antropic: "https://gateway.example" }
faults: []
app:
  start: PORT=1 npm start | tee log
  redy: /up
  ready: /up
  perform:
    request: PSOT https://api.example.com/ask
    json: { question: "{promt}", style: "{{prompt}}", text: "{{else}} {}" }
    form: { a: b }
    answer: "a..b"
    labelled: answer.cached
  jobs:
    submit: { request: /jobs }
    list: { request: "GET http://10.0.0.8/jobs", states: { waiting: wait } }
`)

  expect(message).toMatchInlineSnapshot(`
    "Failed to load config "blackstart.config.yaml": 16 problems.
    blackstart.config.yaml:1:8: error: Expected a whole number of at least 1, found the text "4".
      1 | users: "4"
        |        ^
      hint: Remove the quotes.

    blackstart.config.yaml:2:1: error: Unknown key "adresses" in the config.
      2 | adresses: {}
        | ^
      hint: Did you mean "addresses"?

    blackstart.config.yaml:3:24: error: There is no provider "antropic" to give an address.
      3 | addresses: { antropic: "https://gateway.example" }
        |                        ^
      hint: Did you mean "anthropic"?

    blackstart.config.yaml:4:1: error: Your own faults are code.
      4 | faults: []
        | ^
      hint: Write blackstart.config.ts in place of this file.

    blackstart.config.yaml:6:10: error: Only a shell makes something of "|", and none reads this.
      6 |   start: PORT=1 npm start | tee log
        |          ^
      hint: Quote it, or let a shell read it: [sh, -c, "…"].

    blackstart.config.yaml:7:3: error: Unknown key "redy" in the app.
      7 |   redy: /up
        |   ^
      hint: Did you mean "ready"?

    blackstart.config.yaml:8:10: error: Where is "/up"?
      8 |   ready: /up
        |          ^
      hint: Say where the app is: url: http://127.0.0.1:8000

    blackstart.config.yaml:10:14: error: There is no method "PSOT".
      10 |     request: PSOT https://api.example.com/ask
         |              ^
      hint: Did you mean POST?

    blackstart.config.yaml:11:23: error: There is no placeholder {promt}.
      11 |     json: { question: "{promt}", style: "{{prompt}}", text: "{{else}} {}" }
         |                       ^
      hint: Did you mean {prompt}?

    blackstart.config.yaml:11:41: error: {{prompt}} is the text {prompt}.
      11 |     json: { question: "{promt}", style: "{{prompt}}", text: "{{else}} {}" }
         |                                         ^
      hint: One pair of braces: {prompt}

    blackstart.config.yaml:12:5: error: "json" and "form" are both the body of the request.
      12 |     form: { a: b }
         |     ^
      hint: Keep one of them.

    blackstart.config.yaml:13:13: error: Expected a path such as answer.text or items[0].id, found the text "a..b".
      13 |     answer: "a..b"
         |             ^

    blackstart.config.yaml:14:5: error: "labelled" is said together with "outcome".
      14 |     labelled: answer.cached
         |     ^
      hint: Say where the app tells what its answer is, as in: outcome: answer.status

    blackstart.config.yaml:16:24: error: Expected a method and an address, found the text "/jobs".
      16 |     submit: { request: /jobs }
         |                        ^
      hint: Write: POST /jobs

    blackstart.config.yaml:17:22: error: 10.0.0.8 is not this machine.
      17 |     list: { request: "GET http://10.0.0.8/jobs", states: { waiting: wait } }
         |                      ^
      hint: A drill asks the app at 127.0.0.1, localhost or [::1] alone.

    blackstart.config.yaml:17:69: error: Expected one of queued, running, done, failed, dead, found the text "wait".
      17 |     list: { request: "GET http://10.0.0.8/jobs", states: { waiting: wait } }
         |                                                                     ^"
  `)
})

test.for([
  ['start: "echo $HOME"', 'Only a shell makes something of "$", and none reads this.'],
  ['start: MODE=x node app.js', 'A variable cannot be set before the command (MODE).'],
  [`start: "node 'app.js"`, "The quote ' is never closed."],
  ['start: []', 'This list needs at least one item.'],
  ['ready: { log: "(" }', 'This is no regular expression: Unterminated group.'],
  ['ready: { tcp: "127.0.0.1" }', 'Expected a host and a port, found the text "127.0.0.1".'],
  ['ready: { tcp: "db.local:5432" }', 'db.local is not this machine.'],
  ['ready: { after: 1s, status: 200 }', '"status" belongs to "http".'],
  ['perform: { request: "POST https://127.0.0.1/x" }', 'The app is asked by plain HTTP, not by https.'],
  ['perform: { request: "POST http://{env.HOST}/x" }', 'The host of the app is to be written out.'],
  ['perform: { request: "POST http://127.0.0.1@evil.example/x" }', 'evil.example is not this machine.'],
  ['perform: { request: "POST http://127.0.0.1:99999/x" }', 'This is no address: http://127.0.0.1:99999/x'],
  ['url: ftp://127.0.0.1', 'The app is asked by plain HTTP, not by ftp.'],
  [
    'jobs: { submit: { request: "POST http://[::1]/j" }, list: { request: "GET http://[::1]/j" } }',
    'The key "perform" is missing from the app.',
  ],
] as const)('%s is refused', async ([yaml, says]) => {
  expect(await refusal(`app: { ${yaml} }`)).toContain(`blackstart.config.yaml:1:`)
  expect(await refusal(`app: { ${yaml} }`)).toContain(says)
})

test('what is no YAML is told at its line', async () => {
  expect(await refusal('app:\n\tstart: x\n')).toContain('blackstart.config.yaml:2:1: error: A tab is used to indent.')
})
