import { expect, test } from 'vitest'
import { type Diagnostic, formatDiagnostics, renderCheck } from '../../../src/scenario/index.ts'

const problem = (line: number, column: number, more: Partial<Diagnostic> = {}): Diagnostic => ({
  file: 'x.yaml',
  line,
  column,
  code: 'bad-share',
  severity: 'error',
  message: 'Too much.',
  ...more,
})

test('a clean file prints nothing', () => {
  expect(renderCheck('x.yaml', [], 'a: 1')).toBe('')
})

test('a problem shows its line, a caret under it, and the hint', () => {
  expect(formatDiagnostics([problem(2, 4, { hint: 'Take less.' })], 'a: 1\nb: 50\n')).toBe(
    'x.yaml:2:4: error: Too much.\n  2 | b: 50\n    |    ^\n  hint: Take less.\n',
  )
})

test('the last line counts errors and warnings', () => {
  const diagnostics = [problem(1, 1), problem(2, 1), problem(3, 1, { severity: 'warning' })]

  expect(renderCheck('x.yaml', diagnostics).split('\n').at(-2)).toBe('2 errors and 1 warning in x.yaml')
})

test('a very long line is shown around the problem, and control characters are not printed', () => {
  const output = formatDiagnostics([problem(1, 500_001)], `${'a'.repeat(500_000)}b\u001b[31m${'c'.repeat(500_000)}`)
  const [, shown = '', caret = ''] = output.split('\n')

  expect(shown.length).toBeLessThan(120)
  expect(shown[caret.indexOf('^')]).toBe('b')
  expect(shown).toContain('b?[31m')
})

test('the caret stands under its character after tabs', () => {
  expect(formatDiagnostics([problem(1, 3)], '\ta: 1')).toContain('\n  1 | \ta: 1\n    | \t ^\n')
})
