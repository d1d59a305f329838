import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { ambientClock } from '../../../../src/clock/clock.ts'
import { isAlive, startChild } from '../../../../src/engines/toxiproxy/child.ts'
import { ToxiproxyControl } from '../../../../src/engines/toxiproxy/control.ts'
import { findToxiproxy } from '../../../../src/engines/toxiproxy/find.ts'
import { isOpen } from '../../../../src/engines/toxiproxy/ports.ts'
import { healthyState } from '../../../../src/engines/toxiproxy/proxy-state.ts'
import { openToxiproxy } from '../../../../src/engines/toxiproxy/server.ts'
import { echo, listening, realServer, specTo, until } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-server-'))
const { server, name } = await realServer()
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true })
})

const portOf = (url: string) => Number(new URL(url).port)
const module = (path: string) => JSON.stringify(fileURLToPath(new URL(`../../../../src/${path}`, import.meta.url)))

/** A program on a PATH of its own. */
function programOf(script: string): Readonly<Record<string, string>> {
  const path = mkdtempSync(join(folder, 'bin-'))
  writeFileSync(join(path, 'toxiproxy-server'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(path, 'toxiproxy-server'), 0o755)
  return { PATH: path }
}

describe.skipIf(!server)(name, () => {
  test('it is ours, on loopback, with nothing in it', async () => {
    const control = new ToxiproxyControl({ url: server?.url ?? '' })

    expect(server?.url).toMatch(/^http:\/\/127\.0\.0\.1:2\d{4}$/)
    expect(await control.version()).toBe(server?.version)
    expect(await control.list()).toEqual([])
  })

  test('disposed of, its process, its API and its proxies are gone', async () => {
    const own = await openToxiproxy()
    if (own.type !== 'server') throw new Error(own.says)
    await using behind = await echo()
    const spec = await specTo(behind.port)
    await new ToxiproxyControl({ url: own.url }).create(spec, healthyState)
    expect([isAlive(own.pid ?? 0), await isOpen(portOf(own.url)), await isOpen(spec.port)]).toEqual([true, true, true])

    await own[Symbol.asyncDispose]()

    expect([isAlive(own.pid ?? 0), await isOpen(portOf(own.url)), await isOpen(spec.port)]).toEqual([
      false,
      false,
      false,
    ])
  })

  test.for(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('it does not outlive us when we end by %s', async signal => {
    const script = `
      import { openToxiproxy } from ${module('engines/toxiproxy/server.ts')}
      const server = await openToxiproxy()
      console.log(server.pid + ' ' + server.url)
      setInterval(() => {}, 1000)`
    const us = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await createInterface({ input: us.stdout })
      [Symbol.asyncIterator]()
      .next()
      .then(({ value }) => [value])
    const [pid, url] = String(line).split(' ')
    expect([isAlive(Number(pid)), await isOpen(portOf(url ?? ''))]).toEqual([true, true])

    us.kill(signal)

    await until(async () => !isAlive(Number(pid)) && !(await isOpen(portOf(url ?? ''))))
  })

  test('nor when what watches it for us is killed first, and then we', async () => {
    const script = `
      import { openToxiproxy } from ${module('engines/toxiproxy/server.ts')}
      const server = await openToxiproxy()
      console.log(server.pid)
      setInterval(() => {}, 1000)`
    const us = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    const { value } = await createInterface({ input: us.stdout })[Symbol.asyncIterator]().next()
    const pid = Number(value)
    const shell = await parentOf(pid)
    process.kill(shell, 'SIGKILL')
    await until(() => !isAlive(shell))

    us.kill('SIGKILL')

    await until(() => !isAlive(pid))
  })

  test('Ctrl-C at a terminal reaches us alone: the server has a group of its own', async () => {
    expect(await fieldOf(server?.pid ?? 0, 'pgid')).not.toBe(await fieldOf(process.pid, 'pgid'))
  })

  test('one that ends by itself is told, with its last words', async () => {
    const own = await openToxiproxy()
    if (own.type !== 'server') throw new Error(own.says)

    process.kill(own.pid ?? 0, 'SIGKILL')

    expect(await own.died).toBe('signal 9')
    await own[Symbol.asyncDispose]()
  })

  test('one whose port is taken lives on without its API, and is not believed', async () => {
    const found = findToxiproxy()
    const path = found.type === 'program' ? found.path : ''
    const child = await startChild({ path, port: portOf(server?.url ?? ''), proxies: '[]', clock: ambientClock })
    await until(() => child.log().some(line => line.includes('address already in use')))

    // What answers there is another one.
    expect(isAlive(child.pid)).toBe(true)
    expect(await new ToxiproxyControl({ url: server?.url ?? '' }).version()).toBe(server?.version)
    expect(await child.end()).toBe(true)
  })

  test('a server that answers in place of ours is told from it', async () => {
    const found = findToxiproxy()
    const path = found.type === 'program' ? found.path : ''

    // It is started without what only ours knows, as one is that had the port before.
    await expect(openToxiproxy({ env: programOf(`exec ${path} "$1" "$2" "$3" "$4"`) })).rejects.toThrow(
      'does not come up: another server has its port.',
    )
  })

  test('TOXIPROXY_URL joins a server of somebody else, and leaves it running', async () => {
    const theirs = await openToxiproxy({ env: { TOXIPROXY_URL: server?.url } })
    if (theirs.type !== 'server') throw new Error(theirs.says)

    expect(theirs).toMatchObject({ url: server?.url, origin: `${server?.url} (TOXIPROXY_URL)` })
    expect(theirs.pid).toBeUndefined()
    await theirs[Symbol.asyncDispose]()
    expect(isAlive(server?.pid ?? 0)).toBe(true)
  })
})

test('TOXIPROXY_URL where nobody, or another program, answers is told', async () => {
  const other = createServer(socket => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello'))
  const port = await listening(other)

  await expect(openToxiproxy({ env: { TOXIPROXY_URL: `http://127.0.0.1:${port}` } })).rejects.toThrow(
    `What answers at http://127.0.0.1:${port} is no Toxiproxy: it said "hello".`,
  )
  other.close()
  await expect(openToxiproxy({ env: { TOXIPROXY_URL: `http://127.0.0.1:${port}` } })).rejects.toThrow(
    /^Toxiproxy could not be asked GET \/version: .*ECONNREFUSED/,
  )
})

test('a program that does not come up is told with what it said, after three tries', async () => {
  const notices: string[] = []
  const opened = openToxiproxy({
    env: programOf('echo "panic: no luck" >&2; exit 3'),
    onNotice: text => notices.push(text),
  })

  await expect(opened).rejects.toThrow(/^Toxiproxy \(.*toxiproxy-server\) does not come up: .*panic: no luck/)
  expect(notices).toHaveLength(2)
})

async function fieldOf(pid: number, field: 'ppid' | 'pgid'): Promise<number> {
  const ps = spawn('ps', ['-o', `${field}=`, '-p', String(pid)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const part of ps.stdout) text += part
  return Number(text)
}

const parentOf = (pid: number) => fieldOf(pid, 'ppid')
