import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates, type TLSSocket, connect as tlsConnect } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SelfSigned, selfSigned } from '../../../../src/engines/loopback/self-signed.ts'
import {
  asking,
  canary,
  failing,
  Loopback,
  messages,
  rawRequest,
  readUntilBroken,
  until,
  wait,
  wireTo,
} from './support.ts'

let signed: SelfSigned
const trustedBefore = getCACertificates('default')

beforeAll(async () => {
  signed = await selfSigned()
  setDefaultCACertificates([...trustedBefore, signed.ca])
})
afterAll(() => setDefaultCACertificates(trustedBefore))

/** A server that speaks TLS, in the first of its phases. */
async function secure(phases: string, speed = 50): Promise<Loopback> {
  const loopback = await Loopback.open(phases, { speed, server: { tls: signed } })
  await loopback.enter(/name: (\w+)/.exec(phases)?.[1] ?? '')
  return loopback
}

const wellThenBroken = `- { name: well, for: 5m }
- { name: broken, for: 5m, faults: [{ surface: api, fault: tls }] }
- { name: up, for: 5m }`

/** How a handshake ends: `secure`, or what the client says of it. */
function shakeHands(port: number, more: object = {}): Promise<string> {
  return new Promise(resolve => {
    const socket: TLSSocket = tlsConnect({ port, host: '127.0.0.1', servername: 'localhost', ...more })
    socket.once('secureConnect', () => {
      resolve('secure')
      socket.destroy()
    })
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code}: ${error.message}`))
  })
}

test('the certificate is one that strict clients take, and is for this machine alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-tls-'))
  const at = (name: string) => join(folder, name)
  try {
    writeFileSync(at('ca'), signed.ca)
    writeFileSync(at('leaf'), signed.cert)
    const verify = (...more: readonly string[]) =>
      execFileSync(
        'openssl',
        ['verify', '-x509_strict', '-purpose', 'sslserver', '-CAfile', at('ca'), ...more, at('leaf')],
        {
          encoding: 'utf8',
          stdio: 'pipe',
        },
      )
    expect(verify('-verify_hostname', 'localhost')).toContain('OK')
    expect(verify('-verify_ip', '127.0.0.1')).toContain('OK')
    expect(verify('-verify_ip', '::1')).toContain('OK')
    expect(() => verify('-verify_hostname', 'api.anthropic.com')).toThrow(/hostname mismatch/)
    expect(
      execFileSync('openssl', ['x509', '-in', at('ca'), '-noout', '-ext', 'basicConstraints'], { encoding: 'utf8' }),
    ).toContain('CA:TRUE, pathlen:0')
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('it can be for more names and addresses, and no two are alike', async () => {
  const one = await selfSigned(['box.example', '10.1.2.3', 'fd00::1:2'])
  const { X509Certificate } = await import('node:crypto')
  const leaf = new X509Certificate(one.cert)

  expect([leaf.checkHost('box.example'), leaf.checkIP('10.1.2.3'), leaf.checkIP('fd00::1:2')]).toEqual([
    'box.example',
    '10.1.2.3',
    'fd00::1:2',
  ])
  expect(leaf.verify(new X509Certificate(one.ca).publicKey)).toBe(true)
  expect(leaf.verify(new X509Certificate(signed.ca).publicKey)).toBe(false)
})

test('base URLs are of HTTPS, and fetch, node:https and a stream are answered there', async () => {
  await using loopback = await secure(wellThenBroken)
  expect(loopback.url()).toBe(`https://localhost:${loopback.port()}`)

  const plain = await fetch(loopback.messages, asking())
  const streamed = await (await fetch(loopback.messages, asking({ stream: true }))).text()
  const status = await new Promise(resolve => {
    const sent = request(loopback.messages, { method: 'POST', headers: { 'x-api-key': canary } }, response =>
      resolve(response.resume().statusCode),
    )
    sent.end(messages())
  })

  expect([plain.status, status]).toEqual([200, 200])
  expect(streamed).toContain('event: message_stop')
  await until(() => loopback.events('attempt-ended').length === 3)
  expect(loopback.attempts()).toEqual(['pass → ok', 'pass → ok', 'pass → ok'])
})

test('the same ports speak plain HTTP too, with whole requests of any size', async () => {
  await using loopback = await secure(wellThenBroken)
  const plain = `http://127.0.0.1:${loopback.port()}/v1/messages`
  const statuses = await Promise.all(
    [plain, loopback.messages].map(async url => (await fetch(url, asking({ system: 'x'.repeat(2 ** 20) }))).status),
  )
  const proxy = await wireTo(Number(new URL(loopback.server.url).port))
  proxy.socket.write('CONNECT api.example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n')
  await proxy.ending

  expect(statuses).toEqual([200, 200])
  expect(proxy.text()).toMatch(/^HTTP\/1\.1 403 /)
})

test('without the authority a client refuses the server', async () => {
  await using loopback = await secure(wellThenBroken)

  const other = await selfSigned()

  expect(await shakeHands(loopback.port(), { ca: [other.ca] })).toMatch(/certificate/)
  expect(await shakeHands(loopback.port(), { ca: [signed.ca] })).toBe('secure')
  expect(await shakeHands(loopback.port(), { ca: [signed.ca], ALPNProtocols: ['h2'] })).toMatch(
    /ALERT_NO_APPLICATION_PROTOCOL/,
  )
})

test('where TLS fails for all, it is the handshake that fails, as simulated; connections at rest go too', async () => {
  await using loopback = await secure(wellThenBroken)
  const atRest = tlsConnect({ port: loopback.port(), host: '127.0.0.1', servername: 'localhost' })
  const closed = new Promise<boolean>(resolve => void atRest.once('close', resolve))
  let text = ''
  atRest.on('data', data => {
    text += data
  })
  atRest.write(rawRequest())
  await until(() => text.endsWith('}'))

  await loopback.enter('broken')

  await closed
  expect(await shakeHands(loopback.port())).toBe(
    'ECONNRESET: Client network socket disconnected before secure TLS connection was established',
  )
  expect(await failing(fetch(loopback.messages, asking()))).toBe('ECONNRESET')
  expect(await shakeHands(loopback.port('openai'))).toBe('secure')
  expect(loopback.server.applied).toEqual(new Set([0]))
  expect(loopback.attempts()).toEqual(['pass → ok'])

  await loopback.enter('up')
  expect((await fetch(loopback.messages, asking())).status).toBe(200)
})

test('where it fails for some, they are torn down with the request at hand', async () => {
  await using loopback = await secure(
    '- { name: broken, for: 5m, faults: [{ surface: api, fault: tls, when: { streaming: true } }] }',
  )

  expect(await failing(fetch(loopback.messages, asking({ stream: true })))).toBe('ECONNRESET')
  expect((await fetch(loopback.messages, asking())).status).toBe(200)
  await until(() => loopback.events('attempt-ended').length === 2)
  expect(loopback.attempts()).toEqual(['tls → tls', 'pass → ok'])
  expect(loopback.server.applied.size).toBe(0)
})

test('on a server without TLS the same fault is torn down with the request, and not said to have failed handshakes', async () => {
  await using loopback = await Loopback.open(wellThenBroken, { speed: 50 })
  await loopback.enter('broken')

  expect(await failing(fetch(loopback.messages, asking()))).toBe('ECONNRESET')
  expect(loopback.attempts()).toEqual(['tls → tls'])
  expect(loopback.server.applied.size).toBe(0)
})

test.for([
  ['rst', 'ECONNRESET'],
  ['fin', 'UND_ERR_SOCKET'],
] as const)('a stream of HTTPS is cut by %s after everything before has arrived', async ([by, code]) => {
  await using loopback = await secure(
    `- { name: cut, for: 5m, faults: [{ surface: api, fault: { stream-cut: { after: 7 events, by: ${by} } } }] }`,
    200,
  )
  const cut = await Promise.all(
    Array.from({ length: 10 }, async () => readUntilBroken(await fetch(loopback.messages, asking({ stream: true })))),
  )

  for (const { text, broke } of cut) {
    expect(broke).toBe(code)
    expect(text.match(/^event: \w+$/gm)).toHaveLength(7)
  }
  expect(new Set(loopback.attempts())).toEqual(new Set(['cut → cut']))
})

test('a refused port of HTTPS is closed, and a reset before any answer is one', async () => {
  await using loopback = await secure(`- { name: resets, for: 5m, faults: [{ surface: api, fault: reset }] }
- { name: down, for: 5m, faults: [{ surface: api, fault: refused }] }`)
  expect(await failing(fetch(loopback.messages, asking()))).toBe('ECONNRESET')
  await loopback.enter('down')

  expect(await shakeHands(loopback.port())).toMatch(/^ECONNREFUSED/)
})

test('links in answers are of HTTPS', async () => {
  await using loopback = await secure('- { name: well, for: 60m }')
  const created = await fetch(`${loopback.messages}/batches`, {
    ...asking(),
    body: JSON.stringify({ requests: [{ custom_id: 'one', params: JSON.parse(messages()) }] }),
  })
  const { id } = JSON.parse(await created.text())
  const cancelled = () => fetch(`${loopback.messages}/batches/${id}`, { headers: asking().headers ?? {} })
  await fetch(`${loopback.messages}/batches/${id}/cancel`, { ...asking(), body: null })
  let url: unknown
  await until(async () => {
    url = JSON.parse(await (await cancelled()).text()).results_url
    return url !== null
  })

  expect(url).toBe(`${loopback.messages}/batches/${id}/results`)
})

test('who connects and says nothing, half a hello or nonsense harms nobody', async () => {
  await using loopback = await secure(wellThenBroken)
  const nothing = connect(loopback.port(), '127.0.0.1').on('error', () => {})
  const half = connect(loopback.port(), '127.0.0.1').on('error', () => {})
  half.write(Buffer.from([22, 3, 1, 2, 0, 1]))
  const nonsense = connect(loopback.port(), '127.0.0.1').on('error', () => {})
  nonsense.write(Buffer.alloc(600, 22))
  await wait(50)
  half.resetAndDestroy()
  nothing.destroy()

  expect((await fetch(loopback.messages, asking())).status).toBe(200)
})
