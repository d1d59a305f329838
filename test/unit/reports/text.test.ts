import { expect, test } from 'vitest'
import { instant, sparkline, spell, table, wrap } from '../../../src/reports/text.ts'

test('a length of time is spelled for people', () => {
  expect([0, 350, 1200, 59_960, 245_000, 240_000, 7_440_000, 3_600_000].map(spell)).toEqual([
    '0 ms',
    '350 ms',
    '1.2 s',
    '1 m',
    '4 m 05 s',
    '4 m',
    '2 h 04 m',
    '1 h',
  ])
})

test('an instant is a clock face', () => {
  expect([0, 500, 61_000, 3_723_400, -120_000].map(instant)).toEqual(['0:00', '0:00.5', '1:01', '1:02:03.4', '-2:00'])
})

test('a sparkline shows anything above zero, and zero as a blank', () => {
  expect(sparkline([0, 1, 50, 100], 100)).toBe(' ▁▄█')
  expect(sparkline([0, 0])).toBe('  ')
})

test('text wraps between words and keeps its indent', () => {
  expect(wrap('one two three four', { width: 11, indent: '  ' })).toEqual(['  one two', '  three', '  four'])
})

test('a table aligns its columns whatever their colour', () => {
  expect(
    table(
      [
        ['a', '\u001b[31mred\u001b[39m', '1'],
        ['long', 'x', '100'],
      ],
      { right: [2] },
    ),
  ).toEqual(['a     \u001b[31mred\u001b[39m    1', 'long  x    100'])
})

test('what a client says cannot move the cursor or colour the terminal', () => {
  expect(wrap('red \u001b[31mnow\u0007', { width: 40 })).toEqual(['red \ufffd[31mnow\ufffd'])
})
