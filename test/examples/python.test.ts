import { describe, expect, test } from 'vitest'
import { drillAs, prepare } from './language-example.ts'

const { example, title } = await prepare('python', [
  ['python3', '-c', 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))'],
])

/** In real time: half a minute, and more on a busy machine. */
const timeout = 180_000

describe.skipIf(!example).concurrent(title, () => {
  const drill = (nth: number) => {
    const command = example?.commands[nth]
    if (!example || !command) throw new Error(`the README has no drill ${nth + 1}`)
    return drillAs(command, example)
  }

  test('a loop around the SDK as it comes fails: users wait too long, and get nothing', { timeout }, async () => {
    const { report, attempts } = await drill(0)

    const failed = report.findings.filter(({ severity }) => severity === 'fail').map(({ oracle }) => oracle)
    expect(failed).toEqual(expect.arrayContaining(['settles', 'answers']))
    expect(attempts.length).toBeGreaterThan(40)
    expect(attempts.filter(({ task, attributedBy }) => task === undefined || attributedBy !== 'header')).toEqual([])
  })

  test('one layer of retries, a deadline and an honest word pass', { timeout }, async () => {
    const { attempts } = await drill(1)

    expect(new Set(attempts.map(({ provider }) => provider))).toEqual(new Set(['anthropic']))
    expect(attempts.filter(({ task, attributedBy }) => task === undefined || attributedBy !== 'header')).toEqual([])
  })

  test('so they do with the SDK of OpenAI', { timeout }, async () => {
    const { attempts } = await drill(2)

    expect(new Set(attempts.map(({ provider }) => provider))).toEqual(new Set(['openai']))
    expect(attempts.filter(({ task, attributedBy }) => task === undefined || attributedBy !== 'header')).toEqual([])
  })

  test('its README has no other drill', () => {
    expect(example?.commands.map(({ exitCode }) => exitCode)).toEqual([1, 0, 0])
  })
})
