import { expect, test } from 'vitest'
import { bothWays, problemsOf } from '../../support/one-call.ts'

test('nothing tells it from a good answer but its marks, which are of another question', async () => {
  for (const seen of await bothWays('wrong-answer')) {
    expect(seen).toMatchObject({
      settled: 'returned',
      status: 200,
      stopReason: 'end_turn',
      attempt: { outcome: 'wrong' },
    })
    const [, opens, closes] = /^\[q:(\w+)\] .+ \[end:(\w+)\]$/s.exec(seen.text) ?? []
    expect(opens).toBe(closes)
    expect(opens).toMatch(/./)
    expect(opens).not.toBe(seen.question)
  }
})

test('it has no parameters', () => {
  expect(problemsOf('wrong-answer', { of: 'x' })).toEqual(['10: Unknown key "of" in the parameters of "wrong-answer".'])
})
