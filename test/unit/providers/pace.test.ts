import { expect, test } from 'vitest'
import { randomStream } from '../../../src/lib/draw.ts'
import { firstTokenMs, tokenMsOf } from '../../../src/providers/pace.ts'

/** The middle and the spread of many draws. */
function drawn(make: (random: () => number) => number) {
  const random = randomStream(5, 'pace')
  const values = Array.from({ length: 4_000 }, () => make(random)).toSorted((a, b) => a - b)
  const at = (share: number) => values[Math.floor(share * values.length)] ?? 0
  return { median: at(0.5), low: at(0.1), high: at(0.9), most: at(0.9999) }
}

test('the first token comes after 450 ms, more or less, and within four seconds', () => {
  const { median, low, high, most } = drawn(firstTokenMs)

  expect(median).toBeGreaterThan(430)
  expect(median).toBeLessThan(470)
  expect([low < 320, high > 600, most <= 4_000]).toEqual([true, true, true])
})

test.each([
  ['claude-haiku-4-5', 4],
  ['claude-sonnet-5-5', 6],
  ['claude-opus-5-5', 10],
  ['gpt-5-mini', 4],
  ['gpt-5', 6],
  ['gemini-2.5-flash', 4],
  ['anthropic.claude-opus-4-8-v1:0', 10],
  [undefined, 6],
])('%s says a token in about %i ms, a little more or less in each answer', (model, ms) => {
  const { median, low, high } = drawn(random => tokenMsOf(model, random))

  expect(Math.abs(median - ms)).toBeLessThan(0.1 * ms)
  expect([low < 0.9 * ms, low > 0.6 * ms, high > 1.1 * ms, high < 1.5 * ms]).toEqual([true, true, true, true])
})
