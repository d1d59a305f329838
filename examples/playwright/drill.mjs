// A live drill, steered from a test. Copy this file beside your tests; it needs nothing but Node.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A port that is free now. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** Starts `blackstart drill` with the app as its program; resolves once the outage has begun. */
export async function startDrill({ scenario, app, ready, env = {}, speed = 60, timeoutMs = 60_000 }) {
  const folder = await mkdtemp(join(tmpdir(), 'drill-'))
  const told = join(folder, 'control.json')
  // `BLACKSTART` names another command.
  const [command, ...words] = (process.env.BLACKSTART ?? 'npx blackstart').split(' ')
  const flags = ['--speed', String(speed), '--control-file', told, '--ready', ready]
  const child = spawn(command, [...words, 'drill', scenario, ...flags, '--', ...app], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      log += text
    })
  const ended = once(child, 'exit').then(async ([code]) => {
    await rm(folder, { recursive: true, force: true })
    return code
  })
  const until = Date.now() + timeoutMs
  while (Date.now() < until && child.exitCode === null) {
    // It is there when the drill can be steered.
    const control = await readFile(told, 'utf8').then(JSON.parse).catch(() => undefined)
    const drill = control && new Drill(control, ended)
    if (drill && (await drill.state()).stage === 'outage') return drill
    await sleep(50)
  }
  child.kill()
  throw new Error(`The outage did not begin:\n${log}`)
}

/** A drill under way. Instants are those of the scenario: a phase and an offset, `blackout + 10s`. */
export class Drill {
  #control
  #ended
  #since = 0

  constructor(control, ended) {
    this.#control = control
    this.#ended = ended
  }

  state = () => this.#json('GET', 'state')
  /** Moves on to an instant; time never goes back. */
  goto = to => this.#json('POST', 'goto', { to })
  /** The phase goes on, with its faults, until `release`. */
  hold = () => this.#json('POST', 'hold')
  release = () => this.#json('POST', 'release')
  /** A fault from now on, spelled as in a scenario; the function that comes back ends it. */
  inject = async injection => {
    const { entry } = await this.#json('POST', 'inject', injection)
    return () => this.#json('POST', 'stop', { entry })
  }
  mark = (mark, says) => this.#json('POST', 'mark', { mark, says })

  async journal(since = 0) {
    const text = await (await this.#send('GET', `journal?since=${since}`)).text()
    return text.split('\n').filter(Boolean).map(JSON.parse)
  }

  /** `attempts` tells of what comes from here on. */
  async watch() {
    this.#since = (await this.journal()).length
  }

  /** HTTP requests that reached the providers since `watch`, in order: surface, fault, status, outcome. */
  async attempts() {
    const attempts = new Map()
    for (const { type, attempt, surface, fault, status, outcome } of await this.journal(this.#since)) {
      if (type === 'attempt-started') attempts.set(attempt, { surface, fault })
      else if (attempts.has(attempt)) Object.assign(attempts.get(attempt), status && { status }, outcome && { outcome })
    }
    return [...attempts.values()]
  }

  /** Resolves when the drill has ended: `verdict`, `exitCode`, `reason`, `findings`. */
  async verdict() {
    for (;;) {
      const response = await this.#send('GET', 'verdict?wait=true')
      const body = await response.json()
      if (response.status === 200) return body
    }
  }

  /** Ends the drill, if it has not ended, and every fault with it. Resolves to its exit code. */
  async close() {
    // Where nobody answers any more, it is ending by itself.
    await this.#json('POST', 'abort', { why: 'the tests are over' }).catch(() => {})
    return this.#ended
  }

  async #json(method, path, body) {
    return (await this.#send(method, path, body)).json()
  }

  async #send(method, path, body) {
    const response = await fetch(`${this.#control.url}/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#control.token}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (response.ok) return response
    const { error } = await response.json()
    throw new Error([error.message, error.hint].filter(Boolean).join(' '))
  }
}
