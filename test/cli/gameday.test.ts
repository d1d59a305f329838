import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-gameday-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

test('the ready game day is had by its id in any folder, and its file can be made one’s own', async () => {
  const plan = ['gameday', 'plan']
  const { code, stdout, stderr } = await cli([...plan, 'game-day-claude-2026-03-02', '--yaml'], { cwd: folder })
  const own = await cli([...plan, file('own.yaml', stdout.replace('60%', '65%'))], { cwd: folder })

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^# yaml-language-server: \$schema=\.\/node_modules\/blackstart\/scenario\.schema\.json\n/)
  expect(own.code, own.stderr).toBe(0)
  expect(own.stdout).toContain('65%')
})

test('a game day in a file of its own is played on the scenario that it names', async () => {
  const path = file(
    'our-day.yaml',
    `scenario: chat-before-api
title: Our Friday
game_day:
  hypothesis: Nobody notices.
  injects: [{ at: chat-up + 1m, chat: "Is it back?", from: sales }]
status_page: [{ at: blackout + 9m, incident: resolved, says: "All is well." }]
`,
  )

  const { code, stdout } = await cli(['gameday', 'plan', path])

  expect(code).toBe(0)
  expect(stdout).toContain('# Run-of-show: Our Friday')
  expect(stdout).toContain('| T+0:28 | chat-up |  |  | chat from sales to responders: Is it back? | facilitator |  |')
  expect(stdout).toContain('| T+0:09 | chat-trickle |  |  | status page: resolved; "All is well." |  |  |')
})

test('what is wrong in it is told at its place, and nothing is printed', async () => {
  const path = file('bad.yaml', 'scenario: flapping\ngame_day: { injects: [{ at: dwon, chat: "?" }], hypotesis: x }\n')

  const { code, stdout, stderr } = await cli(['gameday', 'plan', path], { cwd: dirname(path) })

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  // As it was typed, seen from where it was typed.
  expect(stderr).toMatch(/^bad\.yaml:2:29: error: There is no phase "dwon"\./m)
  expect(stderr).toContain('hint: Did you mean "down"?')
  expect(stderr).toContain('Unknown key "hypotesis" in the game day.')
})

test('wrong words have an answer each', async () => {
  const said = async (...words: string[]) => (await cli(['gameday', ...words])).stderr

  expect(await said()).toContain('Say what to do with a game day.')
  expect(await said('paln', 'flapping')).toContain('There is no "gameday paln".')
  expect(await said('plan')).toContain('Name the scenario')
  expect(await said('plan', 'flaping')).toContain('Did you mean flapping?')
  expect(await said('plan', 'flapping', '--responders', '--tabletop')).toContain('are two papers.')
})
