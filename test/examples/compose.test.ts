import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { canaryKeys } from '../../src/providers/canary.ts'
import { cli, rootPath } from '../support/cli.ts'

const folder = join(rootPath, 'examples/compose')
const { outage, assistant } = parse(readFileSync(join(folder, 'compose.yaml'), 'utf8')).services
const [, words = ''] = /npx blackstart (drill .*)"$/.exec(outage.command) ?? []

test('the app is given the port of its provider, and the only kind of key that is answered there', () => {
  const { ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: key } = assistant.environment

  expect(words).toContain('--listen 0.0.0.0 --port 8400')
  expect(base).toBe('http://outage:8401')
  expect(key).toBe(canaryKeys['anthropic'])
  expect(assistant.depends_on.outage.condition).toBe('service_healthy')
  // What others can reach is reached by them alone.
  expect([outage.ports, assistant.ports]).toEqual([undefined, undefined])
})

test('its drill and its app, as two processes, go through the outage', { timeout: 60_000 }, async () => {
  const port = 30_000 + (process.pid % 50) * 45
  const args = words
    .replace('--port 8400', `--port ${port}`)
    .replace(/ --journal .*/, '')
    .split(/\s+/)
  const drilled = cli([...args, '--speed', '30', '--healed', '30s'], { cwd: folder })
  const app = spawn(process.execPath, [join(folder, 'app/assistant.mjs')], {
    env: { ...assistant.environment, ANTHROPIC_BASE_URL: `http://127.0.0.1:${port + 1}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  app.stdout.setEncoding('utf8').on('data', text => {
    said += text
  })
  const { code, stdout, stderr } = await drilled.finally(() => app.kill())

  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/refused +api +gone .* landed/)
  expect(said).toMatch(/\[q:[\s\S]*status 529[\s\S]*ECONNREFUSED[\s\S]*\[q:/)
})
