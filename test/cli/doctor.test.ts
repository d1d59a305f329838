import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})

function project(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-doctor-'))
  folders.push(folder)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

interface Checked {
  readonly id: string
  readonly status: string
  readonly says: string
  readonly fix?: string
}

async function examined(cwd: string, env: Readonly<Record<string, string>> = {}, words: readonly string[] = []) {
  const { code, stdout } = await cli(['doctor', '--json', ...words], { cwd, env })
  const { ok, checks }: { ok: boolean; checks: readonly Checked[] } = JSON.parse(stdout)
  return { code, ok, of: (id: string) => checks.find(check => check.id === id), ids: checks.map(({ id }) => id) }
}

const installed = (name: string, version: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version }),
})

test('a sound project is told so, and what is not needed is no fault', async () => {
  const cwd = project({
    ...installed('openai', '7.1.0'),
    ...installed('vitest', '4.0.0'),
    'blackstart.config.json': '{ "client": "./client.mjs", "scenarios": ["global-down"] }',
    'client.mjs': `export default { name: 'bot', perform: () => 'hello' }`,
  })

  const { code, ok, of, ids } = await examined(cwd, { PATH: '', BLACKSTART_CACHE: cwd, CI: '', GITHUB_ACTIONS: 'true' })

  expect({ code, ok }).toEqual({ code: 0, ok: true })
  expect(of('client')?.says).toBe('./client.mjs loads (bot)'.replace('./', ''))
  expect(of('sdks')?.says).toBe('SDKs: openai 7.1.0')
  expect(of('vitest')).toEqual({ id: 'vitest', status: 'ok', says: 'vitest 4.0.0' })
  expect(of('toxiproxy')?.status).toBe('info')
  expect(of('terminal')?.says).toContain('--report github annotates')
  expect(ids).toEqual(
    expect.arrayContaining(['node', 'cores', 'write', 'loopback', 'go', 'msw', 'proxies', 'keys', 'timers']),
  )
})

test('what would surprise is told with what to do, and fails nothing', async () => {
  const cwd = project({
    ...installed('msw', '2.15.0'),
    ...installed('vitest', '2.1.9'),
    'vitest.setup.js': '',
    'vitest.config.js': 'import { vi } from "vitest"; vi.useFakeTimers()',
  })

  const { code, of } = await examined(cwd, {
    HTTPS_PROXY: 'http://proxy.example:3128',
    OPENAI_API_KEY: 'sk-something-long',
    TOXIPROXY_URL: 'http://127.0.0.1:8474',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
  })

  expect(code).toBe(0)
  expect(of('msw-of-project')).toMatchObject({ status: 'warn', fix: 'npm install --save-dev msw@^3.0.5' })
  expect(of('vitest')?.status).toBe('warn')
  expect(of('timers')).toMatchObject({ status: 'warn', says: expect.stringContaining('vitest.config.js fakes timers') })
  expect(of('proxies')?.says).toContain('HTTPS_PROXY')
  expect(of('keys')?.says).toContain('OPENAI_API_KEY')
  expect(of('toxiproxy')).toMatchObject({ status: 'ok', says: 'Toxiproxy at http://127.0.0.1:8474 (TOXIPROXY_URL)' })
  expect(of('tls')?.status).toBe('warn')
})

test.for([
  ['a config with a slip', { 'blackstart.config.json': '{ "user": 3 }' }, {}, 'config', 'Did you mean "users"?'],
  [
    'a client that is none',
    { 'blackstart.config.json': '{ "client": "./client.mjs" }', 'client.mjs': 'export default 3' },
    {},
    'client',
    'its default export is a number',
  ],
  ['a switch that forbids all', {}, { BLACKSTART_DISABLED: '1' }, 'disabled', 'forbids all injection'],
] as const)('%s is to be mended: exit code 2', async ([, files, env, id, says]) => {
  const { code, ok, of } = await examined(project(files), env)

  expect({ code, ok }).toEqual({ code: 2, ok: false })
  expect(of(id)).toMatchObject({ status: 'fail', says: expect.stringContaining(says) })
})

const builds = 'echo "#!/bin/sh" > "$GOBIN/server"; /bin/chmod +x "$GOBIN/server"'
const fails = 'echo "no such host" >&2; exit 1'

/** A folder with a program `go` that does this, as an environment in which there is no other. */
function withGo(script: string): Readonly<Record<string, string>> {
  const folder = project({ 'bin/go': `#!/bin/sh\n${script}\n` })
  chmodSync(join(folder, 'bin/go'), 0o755)
  return { PATH: join(folder, 'bin'), BLACKSTART_CACHE: join(folder, 'cache'), TOXIPROXY_URL: '' }
}

test('where Toxiproxy is not, doctor says how to get it, and builds nothing unasked', async () => {
  const { of } = await examined(project(), withGo(builds))

  expect(of('toxiproxy')).toEqual({
    ...{ id: 'toxiproxy', status: 'info' },
    says: 'no Toxiproxy server: simulated runs, and drills with the loopback engine, do not need one',
    fix: 'blackstart doctor --install-toxiproxy builds one with Go, and keeps it.',
  })
})

test('--install-toxiproxy builds it, and the next look finds it', async () => {
  const env = withGo(builds)
  const built = await cli(['doctor', '--install-toxiproxy'], { cwd: project(), env })
  const { of } = await examined(project(), env)

  expect(built).toMatchObject({ code: 0, stderr: expect.stringMatching(/^Building Toxiproxy 2\.12\.0 with /) })
  expect(of('toxiproxy')?.says).toMatch(/^Toxiproxy as .*toxiproxy-server-2\.12\.0 \(built by blackstart\)$/)
})

test('a build that was asked for and fails is to be mended', async () => {
  const { code, of } = await examined(project(), withGo(fails), ['--install-toxiproxy'])

  expect(code).toBe(2)
  expect(of('toxiproxy')).toMatchObject({ status: 'fail', says: expect.stringMatching(/ failed: no such host$/) })
})

test('a TOXIPROXY_URL that is not on this machine is told', async () => {
  const { code, of } = await examined(project(), { TOXIPROXY_URL: 'http://toxiproxy.internal:8474' })

  expect(code).toBe(0)
  expect(of('toxiproxy')).toMatchObject({
    status: 'warn',
    says: 'TOXIPROXY_URL=http://toxiproxy.internal:8474 is not on this machine, and only a server on loopback is driven',
  })
})

test('for people it is a list with a mark each, and a line that counts', async () => {
  const { stdout } = await cli(['doctor'], { cwd: project() })

  expect(stdout).toMatch(/^✓ Node \d+/)
  expect(stdout).toContain('· no config: flags and scenarios say everything\n  → blackstart init writes one.\n')
  expect(stdout).toMatch(/\n\n\d+ fine, \d+ to know, \d+ to look at, 0 to mend\n$/)
})
