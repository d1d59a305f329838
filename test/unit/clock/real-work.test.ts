import { execFile } from 'node:child_process'
import { pbkdf2, pbkdf2Sync, scrypt, subtle } from 'node:crypto'
import dns from 'node:dns'
import { createReadStream, readFile, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readFile as readFileLater, rm, writeFile } from 'node:fs/promises'
import { createServer, get, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer as createTcp, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { brotliCompress, constants, createGunzip, createGzip, gunzip, gzip, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nativeSetTimeout } from '../../../src/clock/native.ts'
import { onVirtualTime, whileWaitingFor } from './support.ts'

let dir: string
let file: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'clock-'))
  file = join(dir, 'file.txt')
  writeFileSync(file, 'x'.repeat(500_000))
})
afterAll(() => rm(dir, { recursive: true }))

const patiently = (ms: number) => new Promise(resolve => nativeSetTimeout(resolve, ms))

/** A server of this process. */
async function serve<T>(listener: RequestListener, use: (port: number) => Promise<T>): Promise<T> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  try {
    return await use((server.address() as AddressInfo).port)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Servers that take real time for their answers, in a thread of their own. Each posts its address when it listens. */
const elsewhere = `
const { parentPort } = require('node:worker_threads')
const { setTimeout: sleep } = require('node:timers/promises')
const http = require('node:http').createServer(async (request, response) => {
  await sleep(30)
  response.write('slowly ')
  await sleep(20)
  response.end('real answer '.repeat(2_000))
})
const echo = require('node:net').createServer(socket => socket.on('data', async data => {
  await sleep(30)
  socket.write(data)
}))
const deaf = require('node:net').createServer(socket => socket.resume())
let left = 3
for (const server of [http, echo, deaf])
  server.listen(0, '127.0.0.1', () => --left || parentPort.postMessage([http, echo, deaf].map(s => s.address().port)))
`
let servers: Worker
let httpPort: number
let echoPort: number
let deafPort: number
beforeAll(async () => {
  servers = new Worker(elsewhere, { eval: true })
  const ports = await new Promise<number[]>(resolve => servers.once('message', resolve))
  ;[httpPort = 0, echoPort = 0, deafPort = 0] = ports
})
afterAll(() => servers.terminate())

const body = 'real answer '.repeat(2_000)

const works: Record<string, () => Promise<unknown>> = {
  'fs promises': () => readFileLater(file, 'utf8'),
  'fs callback': () => promisify(readFile)(file),
  'many files': async () => {
    for (let i = 0; i < 20; i++) await writeFile(join(dir, `${i}`), `${i}`)
    return Promise.all(Array.from({ length: 20 }, (_, i) => readFileLater(join(dir, `${i}`))))
  },
  'a file stream': () => text(createReadStream(file)),
  'gzip at once': async () => promisify(gunzip)(await promisify(gzip)(body.repeat(50))),
  'slow compression': () =>
    promisify(brotliCompress)(readFileSync(process.execPath).subarray(0, 2_000_000), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9 },
    }),
  'a gzip stream': () => text(createReadStream(file).pipe(createGzip()).pipe(createGunzip())),
  'a compression stream': () =>
    new Response(new Response(body).body?.pipeThrough(new CompressionStream('gzip'))).bytes(),
  'crypto.subtle': async () => {
    const key = await subtle.importKey('raw', Buffer.from('secret'), 'PBKDF2', false, ['deriveBits'])
    return subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: Buffer.alloc(8), iterations: 500_000 }, key, 256)
  },
  'a digest': () => subtle.digest('SHA-512', Buffer.alloc(5_000_000)),
  pbkdf2: () => promisify(pbkdf2)('secret', 'salt', 500_000, 64, 'sha512'),
  scrypt: () => promisify(scrypt)('secret', 'salt', 64),
  'dns.lookup': () => promisify(dns.lookup)('localhost'),
  'a child process': () => promisify(execFile)(process.execPath, ['-e', 'setTimeout(() => console.log(1), 50)']),
  'a worker thread': async () => {
    const worker = new Worker(
      'const { parentPort } = require("node:worker_threads"); parentPort.on("message", m => setTimeout(() => parentPort.postMessage(m + 1), 30))',
      { eval: true },
    )
    try {
      for (let i = 0; i < 3; i++) {
        worker.postMessage(i)
        await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
      }
    } finally {
      await worker.terminate()
    }
  },
  'a worker thread with a task from the start': async () => {
    const worker = new Worker('require("node:worker_threads").parentPort.postMessage(1)', { eval: true })
    await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
    await worker.terminate()
  },
  'a server by fetch': async () => {
    for (let i = 0; i < 3; i++)
      expect(await (await fetch(`http://127.0.0.1:${httpPort}`)).text()).toBe(`slowly ${body}`)
  },
  'a server by node:http': () =>
    new Promise((resolve, reject) =>
      get({ port: httpPort, host: 'localhost', family: 4 }, response => resolve(text(response))).on('error', reject),
    ),
  'questions over TCP': async () => {
    // Database clients do it both ways.
    for (const socket of [new Socket().connect(echoPort, '127.0.0.1'), connect(echoPort, '127.0.0.1')]) {
      for (const question of ['a', 'b']) {
        socket.write(question)
        expect(String(await new Promise(resolve => socket.once('data', resolve)))).toBe(question)
      }
      socket.destroy()
    }
  },
  'a local socket': async () => {
    const path = join(dir, 'socket')
    const server = createTcp(socket => socket.on('data', data => socket.write(data)))
    await new Promise<void>(resolve => server.listen(path, resolve))
    const socket = new Socket().connect(path)
    socket.write('hello')
    await new Promise(resolve => socket.once('data', resolve))
    socket.destroy()
    server.close()
  },
}

for (const [name, work] of Object.entries(works))
  test(`time stands still for ${name}`, async () => {
    const { end, value, error, gaveUp, realIo } = await whileWaitingFor(work)

    expect(error).toBeUndefined()
    expect({ end, timedOut: value?.timedOut, tookMs: value?.tookMs, gaveUp }).toEqual({
      end: 'done',
      timedOut: false,
      tookMs: 0,
      gaveUp: [],
    })
    expect(realIo).toBe(true)
  })

test('time stands still while WebAssembly is compiled, which is no I/O', async () => {
  const { WebAssembly: assembly } = globalThis as unknown as {
    WebAssembly: { instantiate(bytes: Buffer): Promise<unknown> }
  }
  const { value, realIo } = await whileWaitingFor(() => assembly.instantiate(Buffer.from('0061736d01000000', 'hex')))
  expect([value?.tookMs, realIo]).toEqual([0, false])
})

test('what is done at once, or in memory, is no real work', async () => {
  const before = performance.now()
  const { realIo } = await onVirtualTime(async () => {
    for (let i = 0; i < 50; i++) {
      readFileSync(file)
      gzipSync('x')
      pbkdf2Sync('secret', 'salt', 1, 8, 'sha256')
      await sleep(1_000)
    }
    const { port1, port2 } = new MessageChannel()
    const message = new Promise(resolve => port1.addEventListener('message', resolve))
    port1.start()
    port2.postMessage('hello')
    await message
    port1.close()
    process.stdout.write('')
  })

  expect(realIo).toBe(false)
  expect(performance.now() - before).toBeLessThan(9_000)
})

test('vitest and its channel to this process are no real work', async () => {
  const { realIo, passedMs } = await onVirtualTime(async () => {
    for (let i = 0; i < 5; i++) {
      console.log('a line that vitest sends to its main process')
      await sleep(60_000)
    }
  })
  expect([realIo, passedMs]).toEqual([false, 300_000])
})

test('a server of this very process may take virtual time for its answers', async () => {
  const before = performance.now()

  const { value, error, passedMs, gaveUp } = await onVirtualTime(() =>
    serve(
      async (request, response) => {
        await text(request)
        await sleep(5_000)
        response.write('half ')
        await sleep(5_000)
        response.end('whole')
      },
      async port => {
        const answers: string[] = []
        for (let i = 0; i < 3; i++)
          answers.push(await (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'question' })).text())
        return answers
      },
    ),
  )

  expect(error).toBeUndefined()
  expect(value).toEqual(['half whole', 'half whole', 'half whole'])
  expect(passedMs).toBe(30_000)
  expect(gaveUp).toEqual([])
  // Not the ten real seconds that a foreign server is waited for.
  expect(performance.now() - before).toBeLessThan(9_000)
})

test('a socket that never answers is given up after the cap, once and by name', async () => {
  const before = performance.now()

  const { end, gaveUp, passedMs } = await onVirtualTime(
    async () => {
      const socket = connect(deafPort, '127.0.0.1')
      await new Promise(resolve => socket.once('connect', resolve))
      for (let i = 0; i < 5; i++) {
        socket.write('anybody there?')
        await sleep(60_000)
      }
      socket.destroy()
    },
    { capMs: 200 },
  )

  const took = performance.now() - before
  expect({ end, gaveUp, passedMs }).toEqual({
    end: 'done',
    gaveUp: [`a reply from 127.0.0.1:${deafPort}`],
    passedMs: 300_000,
  })
  expect(took).toBeGreaterThan(190)
  expect(took).toBeLessThan(9_000)
})

test('a worker thread that never says anything is given up once', async () => {
  const { end, gaveUp } = await onVirtualTime(
    async () => {
      const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
      for (let i = 0; i < 3; i++) {
        worker.postMessage(i)
        await sleep(60_000)
      }
      await worker.terminate()
    },
    { capMs: 200 },
  )
  expect({ end, gaveUp }).toEqual({ end: 'done', gaveUp: ['a worker thread'] })
})

test('a compressor whose output nobody reads does not hold time up', async () => {
  const before = performance.now()
  const { end } = await onVirtualTime(async () => {
    const packed = createGzip({ level: 0 })
    packed.write(Buffer.alloc(1_000_000))
    await sleep(60_000)
    packed.destroy()
  })
  expect(end).toBe('done')
  expect(performance.now() - before).toBeLessThan(9_000)
})

test('held time stands still until it is let go', async () => {
  const { value } = await onVirtualTime(async clock => {
    const release = clock.hold('a hand')
    const before = Date.now()
    setTimeout(() => {}, 1)
    await patiently(40)
    const held = Date.now() - before
    release()
    await sleep(10)
    return { held, after: Date.now() - before }
  })
  expect(value).toEqual({ held: 0, after: 10 })
})
