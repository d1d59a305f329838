import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cachedName, cacheFolder } from '../../../../src/engines/toxiproxy/cache.ts'
import { findToxiproxy } from '../../../../src/engines/toxiproxy/find.ts'
import { installToxiproxy } from '../../../../src/engines/toxiproxy/install.ts'
import { openToxiproxy } from '../../../../src/engines/toxiproxy/server.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

/** An environment with a PATH and a cache of its own, and with these programs on that PATH. */
function machine(programs: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-find-'))
  folders.push(folder)
  const path = join(folder, 'bin')
  mkdirSync(path)
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(path, name), 0o755)
  }
  const cache = join(folder, 'cache')
  return { path, cache, env: { PATH: path, BLACKSTART_CACHE: cache } }
}

/** Builds what only says that it was built, and counts how often. */
const go =
  'echo built >> "$BLACKSTART_CACHE/count"; /bin/sleep 0.3; echo "#!/bin/sh" > "$GOBIN/server"; /bin/chmod +x "$GOBIN/server"'

test('a server that runs comes first, then one on PATH, then the cache, then Go', () => {
  const { path, cache, env } = machine({ 'toxiproxy-server': '', go: '' })
  mkdirSync(cache)
  writeFileSync(join(cache, cachedName), '', { mode: 0o755 })

  expect(findToxiproxy({ ...env, TOXIPROXY_URL: 'http://127.0.0.1:8474/' })).toEqual({
    type: 'running',
    url: 'http://127.0.0.1:8474',
  })
  expect(findToxiproxy(env)).toEqual({ type: 'program', path: join(path, 'toxiproxy-server'), where: 'path' })
  rmSync(join(path, 'toxiproxy-server'))
  expect(findToxiproxy(env)).toEqual({ type: 'program', path: join(cache, cachedName), where: 'cache' })
  rmSync(join(cache, cachedName))
  expect(findToxiproxy(env)).toEqual({ type: 'installable', go: join(path, 'go') })
  rmSync(join(path, 'go'))
  expect(findToxiproxy(env)).toEqual({
    type: 'unavailable',
    says: 'there is no Toxiproxy server on this machine, and no Go to build one',
    fix: 'Put toxiproxy-server in PATH, or set TOXIPROXY_URL, or install Go and run: blackstart doctor --install-toxiproxy',
  })
})

test.for([
  ['http://toxiproxy.internal:8474', 'is not on this machine, and only a server on loopback is driven'],
  ['http://10.0.0.7:8474', 'is not on this machine, and only a server on loopback is driven'],
  ['https://127.0.0.1:8474', 'is not the address of a Toxiproxy server'],
  ['127.0.0.1:8474', 'is not the address of a Toxiproxy server'],
  ['http://127.0.0.1:8474/api', 'is not the address of a Toxiproxy server'],
] as const)('TOXIPROXY_URL=%s is refused in words', async ([url, says]) => {
  const { env } = machine({ 'toxiproxy-server': '' })

  expect(await openToxiproxy({ env: { ...env, TOXIPROXY_URL: url } })).toEqual({
    type: 'unavailable',
    says: `TOXIPROXY_URL=${url} ${says}`,
    fix: expect.stringMatching(/TOXIPROXY_URL/),
  })
})

test('none is built unless it may be', async () => {
  const { cache, env } = machine({ go })

  expect(await openToxiproxy({ env })).toEqual({
    type: 'unavailable',
    says: 'there is no Toxiproxy server on this machine',
    fix: 'Go is there to build one: blackstart doctor --install-toxiproxy',
  })
  expect(existsSync(cache)).toBe(false)
})

test('of several who want one built, one builds it, and all have it', async () => {
  const { cache, env } = machine({ go })
  const notices: string[] = []
  const install = () => installToxiproxy({ env, onNotice: text => notices.push(text) })

  const all = await Promise.all([install(), install(), install()])

  expect(all).toEqual(all.map(() => ({ type: 'program', path: join(cache, cachedName), where: 'cache' })))
  expect(readFileSync(join(cache, 'count'), 'utf8')).toBe('built\n')
  expect(notices).toEqual([expect.stringMatching(/^Building Toxiproxy 2\.12\.0 with .*go; this is done once/)])
  expect(readdirSync(cache).sort()).toEqual(['count', cachedName])
})

test('the turn of a builder that died is taken over', async () => {
  const { cache, env } = machine({ go })
  mkdirSync(cache)
  // No process has it: the greatest number that Linux gives is 4194304.
  writeFileSync(join(cache, 'building'), '4194305')

  expect(await installToxiproxy({ env })).toMatchObject({ type: 'program' })
})

test('a build that fails is told in the words of Go, and leaves nothing behind', async () => {
  const { cache, env } = machine({ go: 'echo "dial tcp: lookup proxy: no such host" >&2; exit 1' })

  expect(await installToxiproxy({ env })).toEqual({
    type: 'unavailable',
    says: expect.stringMatching(
      /^go install github\.com\/Shopify\/toxiproxy\/v2\/cmd\/server@v2\.12\.0 failed: dial tcp: lookup proxy: no such host$/,
    ),
    fix: 'See that Go can reach its module proxy, and try again',
  })
  expect(readdirSync(cache)).toEqual([])
})

test('a build can be cut short', async () => {
  const { env } = machine({ go: 'exec /bin/sleep 20' })

  expect(await installToxiproxy({ env, signal: AbortSignal.timeout(50) })).toMatchObject({ type: 'unavailable' })
})

test('in a checkout the cache is beside the sources, and may be set', () => {
  expect(cacheFolder({})).toMatch(/\.cache[/\\]toxiproxy$/)
  expect(cacheFolder({ BLACKSTART_CACHE: '/somewhere' })).toBe('/somewhere')
})
