import { describe, expect, test } from 'vitest'
import { drillAs, prepare } from './language-example.ts'

const { example, title } = await prepare('go', [['go', 'version']])

describe.skipIf(!example)(title, () => {
  test('a deadline, one retry and an honest word pass', { timeout: 180_000 }, async () => {
    const [command] = example?.commands ?? []
    if (!example || !command) throw new Error('the README has no drill')

    const { attempts } = await drillAs(command, example)

    expect(example.commands).toHaveLength(1)
    expect(attempts.length).toBeGreaterThan(40)
    expect(attempts.filter(({ task, attributedBy }) => task === undefined || attributedBy !== 'header')).toEqual([])
  })
})
