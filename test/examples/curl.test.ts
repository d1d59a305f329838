import { describe, expect, test } from 'vitest'
import { drillAs, prepare } from './language-example.ts'

const { example, title } = await prepare('curl', [['curl', '--retry-all-errors', '--version']])

const timeout = 180_000

describe.skipIf(!example).concurrent(title, () => {
  const drill = (nth: number) => {
    const command = example?.commands[nth]
    if (!example || !command) throw new Error(`the README has no drill ${nth + 1}`)
    return drillAs(command, example)
  }

  test('curl that tries until it works asks an overloaded provider again and again', { timeout }, async () => {
    const { report, attempts } = await drill(0)

    const failed = report.findings.filter(({ severity }) => severity === 'fail').map(({ oracle }) => oracle)
    expect(failed).toEqual(expect.arrayContaining(['retry-amplification', 'bounded-attempts']))
    expect(most(attempts)).toBeGreaterThan(5)
  })

  test('curl with one retry and a deadline passes', { timeout }, async () => {
    const { attempts } = await drill(1)

    expect(attempts.length).toBeGreaterThan(20)
    expect(most(attempts)).toBe(2)
  })

  test('its README has no other drill', () => {
    expect(example?.commands.map(({ exitCode }) => exitCode)).toEqual([1, 0])
  })
})

/** How many attempts the call with the most of them has. */
function most(attempts: readonly { readonly n: number }[]): number {
  return Math.max(...attempts.map(({ n }) => n))
}
