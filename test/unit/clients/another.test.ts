import { expect, test } from 'vitest'
import { answerOf, load, project } from './support.ts'

const counter = 'let count = 0\nexport const next = () => ++count'

test.for([
  ['a TypeScript module', { 'app.ts': "import { next } from './counter'\nexport default { perform: () => next() }" }],
  ['CommonJS', { 'app.cjs': 'let count = 0\nmodule.exports = { perform: () => ++count }' }],
  ['JavaScript', { 'app.mjs': 'let count = 0\nexport default { perform: () => ++count }' }],
  [
    'a package',
    {
      'app.ts': "import { next } from 'classic'\nexport default { perform: () => next() }",
      'node_modules/classic/package.json': '{ "main": "index.js" }',
      'node_modules/classic/index.js': "const { add } = require('./add')\nexports.next = () => add()",
      'node_modules/classic/add.js': 'let count = 0\nexports.add = () => ++count',
    },
  ],
] as const)('each one more of %s has a state of its own, and those before keep theirs', async ([, files]) => {
  const cwd = project({ 'package.json': '{ "type": "module" }', 'counter.ts': counter, ...files })
  const client = await load(cwd, `./${Object.keys(files)[0]}`)
  expect(answerOf(client.integration)).toBe(1)

  const [second, third] = [await client.another(), await client.another()]
  expect([answerOf(second), answerOf(second), answerOf(third)]).toEqual([1, 2, 1])
  expect(answerOf(client.integration)).toBe(2)

  expect(answerOf(await client.reload())).toBe(1)
})

test('lazy imports of each still work, in its own modules', async () => {
  const cwd = project({
    'package.json': '{ "type": "module" }',
    'app.ts': `import { next } from './counter'
      export default { perform: async () => [next(), (await import('./late')).late()] }`,
    'late.ts': "import { next } from './counter'\nexport const late = () => next()",
    'counter.ts': counter,
  })
  const client = await load(cwd, './app.ts')
  const second = await client.another()

  expect(await answerOf(client.integration)).toEqual([1, 2])
  expect(await answerOf(second)).toEqual([1, 2])
  expect(await answerOf(client.integration)).toEqual([3, 4])
})
