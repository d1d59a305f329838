import { expect, test } from 'vitest'
import { readArguments } from '../../../../src/cli/args.ts'
import { drill } from '../../../../src/cli/commands/drill.ts'
import { againWordsOf } from '../../../../src/cli/drill/again.ts'
import { readDrillFlags } from '../../../../src/cli/drill/request.ts'

const read = (...words: readonly string[]) => readDrillFlags(readArguments(drill, ['global-down', ...words]))

test('--healed is a length of time, and stands in the words that drill again', () => {
  const request = read('--healed', '1m30s', '--', './app', '--port', '80')

  expect(request.healed?.ms).toBe(90_000)
  expect(againWordsOf(['global-down'], request).join(' ')).toBe('global-down --healed 1m30s -- ./app --port 80')
})

test.for(['0s', 'soon', '5'])('--healed %s is refused', text => {
  expect(() => read('--healed', text)).toThrow(`--healed ${text}: expected a length of time.`)
})

test('--tls is a switch, and stands in the words that drill again', () => {
  expect(againWordsOf(['global-down'], read('--tls', '--', './app', '--tls')).join(' ')).toBe(
    'global-down --tls -- ./app --tls',
  )
  expect(read('--', './app', '--tls').tls).toBe(false)
})
