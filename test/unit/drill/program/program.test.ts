import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Exit } from '../../../../src/drill/program/program.ts'
import { UsageError } from '../../../../src/lib/errors.ts'
import { bareEnv, commandsWith, node, soon, start } from './support.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'blackstart-program-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what it prints comes line by line, the unfinished last one too, and then its end', async () => {
  const told: unknown[] = []

  const program = await start(['sh', '-c', 'printf "one\\r\\ntwo\\n"; printf "h\\303\\251" >&2; exit 3'], {
    onOutput: (line, stream) => told.push([stream, line]),
    onExit: exit => told.push(exit),
  })

  expect(await program.exited).toEqual({ code: 3, signal: null })
  expect(told.filter(one => Array.isArray(one) && one[0] === 'stdout')).toEqual([
    ['stdout', 'one'],
    ['stdout', 'two'],
  ])
  expect(told).toContainEqual(['stderr', 'hé'])
  expect(told.at(-1)).toEqual({ code: 3, signal: null })
  expect(program.recentLines().toSorted()).toEqual(['hé', 'one', 'two'])
})

test('its environment is what it was given, whatever the names are', async () => {
  const env = { ...bareEnv, 'my.setting': `it's "here"\n$HOME`, 'npm_config_//registry:x': '1', PLAIN: 'a  b' }
  const program = await start(node('console.log(JSON.stringify(process.env))'), { env, cwd: folder })
  await program.exited

  const { PWD: _, ...seen } = JSON.parse(program.recentLines().join('\n'))
  expect(seen).toEqual(env)
})

test('its pid is its own, and it has no child that it did not start', async () => {
  const children = '/proc/$$/task/$$/children'
  const program = await start(['sh', '-c', `echo $$; read -r found < ${children}; echo "children: $found"`])
  await program.exited

  expect(program.recentLines()).toEqual([String(program.pid), 'children: '])
})

describe('the end', () => {
  test('a program that ends in good order is let to', async () => {
    const program = await start(
      node(`process.on('SIGTERM', () => setTimeout(() => { console.log('bye'); process.exit(0) }, 50))
            setInterval(() => {}, 1e6); console.log('up')`),
    )
    await soon(() => program.recentLines().includes('up'))

    await program.kill()

    expect(program.exit).toEqual({ code: 0, signal: null })
    expect(program.recentLines()).toEqual(['up', 'bye'])
  })

  test('nor does that need a PATH', async () => {
    const env = { 'my.setting': '1' }
    const program = await start(node(`setInterval(() => {}, 1e6); console.log(Object.keys(process.env))`), { env })
    await soon(() => program.recentLines().length > 0)
    const startedMs = performance.now()

    await program.kill()

    expect(program.recentLines().join()).toContain('my.setting')
    expect(program.exit?.signal).toBe('SIGTERM')
    expect(performance.now() - startedMs).toBeLessThan(4_500)
  })

  test('one that does not is killed after the grace, with all that it started', async () => {
    const mark = `${4_000_000 + process.pid}`
    const program = await start(
      ['sh', '-c', `trap '' TERM; sleep ${mark} & sleep ${mark} & echo up; wait; wait; sleep ${mark}`],
      {
        graceMs: 100,
      },
    )
    await soon(() => program.recentLines().includes('up'))

    await program.kill()

    expect(commandsWith(mark)).toEqual([])
    expect(program.exit).toEqual({ code: null, signal: 'SIGKILL' })
  })

  test('what the program started has the grace too when the program itself ends first, as npm does', async () => {
    const program = await start(['sh', '-c', `"$0" -e '${worker}' & trap 'exit 0' TERM; wait`, process.execPath], {
      graceMs: 5_000,
    })
    await soon(() => program.recentLines().includes('up'))

    const startedMs = performance.now()
    await program.kill()

    expect(program.recentLines()).toEqual(['up', 'worker done'])
    // As soon as it is done, not after the grace.
    expect(performance.now() - startedMs).toBeLessThan(4_500)
  })
  const worker = `process.on("SIGTERM", () => setTimeout(() => { console.log("worker done"); process.exit(0) }, 150))
    setInterval(() => {}, 1e6); console.log("up")`

  test('a crash is at once, for the whole group', async () => {
    const mark = `${5_000_000 + process.pid}`
    const program = await start(['sh', '-c', `trap 'echo asked' TERM; sleep ${mark} & echo up; wait`])
    await soon(() => program.recentLines().includes('up'))

    await program.crash()

    expect(program.exit).toEqual({ code: null, signal: 'SIGKILL' })
    expect(program.recentLines()).toEqual(['up'])
    expect(commandsWith(mark)).toEqual([])
  })

  test('a crash cuts a grace short', async () => {
    const program = await start(['sh', '-c', `trap '' TERM; echo up; sleep 1000; sleep 1000`], { graceMs: 60_000 })
    await soon(() => program.recentLines().includes('up'))

    const killed = program.kill()
    await program.crash()
    await killed

    expect(program.exit?.signal).toBe('SIGKILL')
  })

  test('what a program leaves behind when it dies goes with it', async () => {
    const mark = `${6_000_000 + process.pid}`
    const exits: Exit[] = []
    const program = await start(['sh', '-c', `sleep ${mark} & exit 7`], { onExit: exit => exits.push(exit) })

    await program.exited
    await program.kill()

    expect(commandsWith(mark)).toEqual([])
    expect(exits).toEqual([{ code: 7, signal: null }])
  })

  test('a program killed from outside leaves nothing behind', async () => {
    const mark = `${7_000_000 + process.pid}`
    const program = await start(['sh', '-c', `sleep ${mark} & echo up; wait`])
    await soon(() => program.recentLines().includes('up'))

    process.kill(program.pid, 'SIGKILL')

    expect(await program.exited).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await soon(() => commandsWith(mark).length === 0)).toBe(true)
  })

  test('npm start and what it starts end together', async () => {
    const mark = `${8_000_000 + process.pid}`
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ scripts: { start: `node app.js ${mark}` } }))
    writeFileSync(join(folder, 'app.js'), `console.log('listening'); setInterval(() => {}, 1e6)`)
    const env = { ...bareEnv, HOME: folder, npm_config_update_notifier: 'false' }
    const program = await start(['npm', 'start'], { cwd: folder, env })
    expect(await soon(() => program.recentLines().includes('listening'), 15_000)).toBe(true)

    await program.kill()

    expect(commandsWith(mark)).toEqual([])
  })
})

describe('a command that cannot be started is refused in words', () => {
  const refusal = async (argv: readonly string[], cwd = folder) => {
    const error = await start(argv, { cwd }).catch(caught => caught)
    expect(error).toBeInstanceOf(UsageError)
    return `${error.message} ${error.hint}`.replaceAll(folder, 'FOLDER')
  }

  test.for<[readonly string[], string]>([
    [[], 'There is no program to start. Write it after two dashes: -- npm start'],
    [['ndoe'], 'Failed to start "ndoe": there is no such program. Did you mean "node"?'],
    [['npm start'], 'Failed to start "npm start": there is no such program. Write its words apart: -- npm start'],
    [['./gone'], 'Failed to start "./gone": there is no such program. It is looked up from FOLDER.'],
    [
      ['./text'],
      'Failed to start "./text": it may not be run. Allow it (chmod +x ./text), or name the program that reads it: sh ./text',
    ],
    [
      ['run-me'],
      'Failed to start "run-me": there is no such program. What is in the current folder is named with its path: ./run-me',
    ],
    [['../'], 'Failed to start "../": it is a folder. Name the program in it.'],
  ])('%j', async ([argv, says]) => {
    writeFileSync(join(folder, 'text'), 'echo hi')
    writeFileSync(join(folder, 'run-me'), '#!/bin/sh\necho hi')
    chmodSync(join(folder, 'run-me'), 0o755)

    expect(await refusal(argv)).toBe(says)
  })

  test('a folder that is not there', async () => {
    expect(await refusal(['node'], join(folder, 'app'))).toBe(
      'Failed to start "node": there is no folder FOLDER/app to start it in. Check the path behind cwd.',
    )
  })
})
