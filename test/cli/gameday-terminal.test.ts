import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const bin = fileURLToPath(new URL('../../bin/blackstart.js', import.meta.url))
const client = fileURLToPath(new URL('../../fixtures/clients/fail-fast.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'terminal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const hasScript = spawnSync('script', ['--version']).error === undefined

const day = join(folder, 'day.yaml')
writeFileSync(
  day,
  `
blackstart: 1
id: short-day
steady_state: { for: 1m }
phases:
  - { name: down, for: 1m, faults: [{ surface: api, fault: overloaded }] }
game_day:
  checks: [{ says: Everybody knows, owner: facilitator }, { says: The pager is here }]
`,
)

/** Holds it at a terminal of its own; each answer is typed when its question stands there. */
async function answered(answers: Readonly<Record<string, string>>) {
  const flags = ['--speed', '400', '--healed', '1m', '--no-config', '--no-console', '--client', client]
  const words = [process.execPath, bin, 'gameday', 'run', day, ...flags].map(word => `'${word}'`)
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS|BLACKSTART_)/.test(name)),
  )
  const child = spawn('script', ['-qefc', words.join(' '), '/dev/null'], {
    cwd: folder,
    env: { ...env, BLACKSTART_FROM: 'src', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let said = ''
  const open = new Map(Object.entries(answers))
  child.stdout.setEncoding('utf8').on('data', text => {
    said += text
    for (const [question, answer] of open) {
      if (!said.includes(question)) continue
      open.delete(question)
      child.stdin.write(`${answer}\r`)
    }
  })
  const code = await new Promise(resolve => child.once('close', resolve))
  return { code, said, unasked: [...open.keys()] }
}

test.skipIf(!hasScript)('at a terminal each item is asked for, and the word to begin', async () => {
  const { said, unasked } = await answered({
    'Everybody knows (facilitator)?': 'yes',
    'The pager is here?': 'yes',
    'All is go. Begin?': 'yes',
  })

  expect(unasked).toEqual([])
  expect(said).toContain('said at the terminal')
  // It was held: its report is there.
  expect(said).toContain('again: npx blackstart gameday run')
})

test.skipIf(!hasScript)('who says no to one, or only presses Enter, begins nothing', async () => {
  const { code, said, unasked } = await answered({ 'Everybody knows (facilitator)?': 'yes', 'The pager is here?': '' })

  expect(unasked).toEqual([])
  expect(said).toContain('no-go, and nothing was begun. The pager is here: not confirmed at the terminal')
  expect(said).not.toContain('Begin?')
  expect(code).toBe(3)
})

test.skipIf(!hasScript)('who presses Ctrl-C at a question is told that nothing was begun', async () => {
  const { code, said } = await answered({ 'Everybody knows (facilitator)?': '\u0003' })

  expect(said).toContain('SIGINT: nothing was begun, and nothing was injected.')
  expect(code).toBe(130)
})
