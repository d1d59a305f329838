import { describe, expect, test } from 'vitest'
import { drillAs, prepare } from './language-example.ts'

const { example, title } = await prepare('java', [
  ['javac', '--release', '17', '--version'],
  ['mvn', '--version'],
])

describe.skipIf(!example)(title, () => {
  test('a deadline, one retry and an honest word pass', { timeout: 180_000 }, async () => {
    const [command] = example?.commands ?? []
    if (!example || !command) throw new Error('the README has no drill')

    const { attempts } = await drillAs(command, example)

    expect(example.commands).toHaveLength(1)
    // The first call is the app's own, before anybody asks it.
    const [first, ...others] = attempts
    expect(first).toMatchObject({ attributedBy: 'none', effect: 'pass' })
    expect(others.length).toBeGreaterThan(40)
    expect(others.filter(({ task, attributedBy }) => task === undefined || attributedBy !== 'header')).toEqual([])
  })
})
