import { expect, test } from 'vitest'
import { splitCommand } from '../../../src/lib/command-line.ts'

test.for<[string, readonly string[]]>([
  ['npm start', ['npm', 'start']],
  ['  python   -m\tapp ', ['python', '-m', 'app']],
  [`node -e 'console.log("a  b")'`, ['node', '-e', 'console.log("a  b")']],
  [`say "it's \\"fine\\"" a\\ b`, ['say', `it's "fine"`, 'a b']],
  [`x '' "" a''b`, ['x', '', '', 'ab']],
  [`sh -c 'a | b > $C'`, ['sh', '-c', 'a | b > $C']],
  ['node app.js --port=80 KEY=value', ['node', 'app.js', '--port=80', 'KEY=value']],
])('%s', ([text, argv]) => {
  expect(splitCommand(text)).toEqual({ argv })
})

test.for([
  ['a | b', 'Only a shell makes something of "|", and none reads this.'],
  ['a && b', 'Only a shell makes something of "&", and none reads this.'],
  ['ls *.js', 'Only a shell makes something of "*", and none reads this.'],
  ['a "$HOME"', 'Only a shell makes something of "$", and none reads this.'],
  ['A=1 b', 'A variable cannot be set before the command (A).'],
  ['a "b', 'The quote " is never closed.'],
  [' ', 'There is no command in it.'],
] as const)('%s is no plain command', ([text, problem]) => {
  expect(splitCommand(text)).toMatchObject({ problem })
})
