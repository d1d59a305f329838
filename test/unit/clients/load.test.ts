import { execFileSync } from 'node:child_process'
import Module from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { loadIntegration } from '../../../src/clients/load.ts'
import { answerOf, load, project, write } from './support.ts'

const loaders = [
  ['a package of ES modules', { 'package.json': '{ "type": "module" }' }],
  ['a package of CommonJS', { 'package.json': '{}' }],
] as const

describe.each(loaders)('in %s', (_, base) => {
  test('TypeScript with an enum loads', async () => {
    const cwd = project({ ...base, 'app.ts': "enum Tone { Dry = 'dry' }\nexport default { perform: () => Tone.Dry }" })

    expect(answerOf((await load(cwd, './app.ts')).integration)).toBe('dry')
  })

  test('imports without extension, of .js for .ts, and of a folder load', async () => {
    const cwd = project({
      ...base,
      'app.ts': `import { a } from './a'\nimport { b } from './b.js'\nimport { c } from './c/index'
        export default { perform: () => a + b + c }`,
      'a.ts': "export const a: string = 'a'",
      'b.ts': "export const b: string = 'b'",
      'c/index.ts': "export const c: string = 'c'",
    })

    expect(answerOf((await load(cwd, './app.ts')).integration)).toBe('abc')
  })

  test('aliases of the nearest tsconfig load, not those of the current folder', async () => {
    const cwd = project({
      ...base,
      'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./elsewhere/*"] } } }',
      'app/tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } } // with a comment',
      'app/src/client.ts': "import { word } from '@/deep/word'\nexport default { perform: () => word }",
      'app/src/deep/word.ts': "export const word = 'aliased'",
    })

    expect(answerOf((await load(cwd, 'app/src/client.ts')).integration)).toBe('aliased')
  })

  test('.tsx loads', async () => {
    const cwd = project({
      ...base,
      'app.tsx': `const React = { createElement: (tag: string, _: unknown, text: string) => tag + text }
        export default { perform: () => <b>old</b> }`,
    })

    expect(answerOf((await load(cwd, './app.tsx')).integration)).toBe('bold')
  })

  test('JSON loads', async () => {
    const cwd = project({
      ...base,
      'app.ts': "import words from './words.json'\nexport default { perform: () => words.first }",
      'words.json': '{ "first": "one" }',
    })

    expect(answerOf((await load(cwd, './app.ts')).integration)).toBe('one')
  })

  test('a package is found in the folder of the module', async () => {
    const cwd = project({
      ...base,
      'deep/app.ts': "import { said } from 'parrot'\nexport default { perform: () => said }",
      'node_modules/parrot/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/parrot/index.js': "export const said = 'hello'",
    })

    const client = await loadIntegration(join(cwd, 'deep/app.ts'))
    await client.close()
    expect(answerOf(client.integration)).toBe('hello')
  })

  test('an import inside perform loads, without its extension too', async () => {
    const cwd = project({
      ...base,
      'app.ts': "export default { perform: async () => (await import('./late')).late }",
      'late.ts': "export const late = 'better than never'",
    })

    await expect(answerOf((await load(cwd, './app.ts')).integration)).resolves.toBe('better than never')
  })

  test('a reload runs every module of the graph again', async () => {
    const cwd = project({
      ...base,
      'app.ts': "import { next } from './counter'\nexport default { perform: () => next() }",
      'counter.ts': 'let count = 0\nexport const next = () => ++count',
    })
    const client = await load(cwd, './app.ts')
    expect([answerOf(client.integration), answerOf(client.integration)]).toEqual([1, 2])

    expect(answerOf(await client.reload())).toBe(1)
  })

  test('a reload runs packages again, whatever their format', async () => {
    const cwd = project({
      ...base,
      'app.ts': `import { next as a } from 'modern'
        import { next as b } from 'classic'
        export default { perform: () => [a(), b()] }`,
      'node_modules/modern/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/modern/index.js': "import { add } from './add.js'\nexport const next = () => add()",
      'node_modules/modern/add.js': 'let count = 0\nexport const add = () => ++count',
      'node_modules/classic/package.json': '{ "main": "index.js" }',
      'node_modules/classic/index.js': "exports.next = () => require('./add').add()",
      'node_modules/classic/add.js': 'let count = 0\nexports.add = () => ++count',
    })
    const client = await load(cwd, './app.ts')
    expect(answerOf(client.integration)).toEqual([1, 1])
    expect(answerOf(client.integration)).toEqual([2, 2])

    expect(answerOf(await client.reload())).toEqual([1, 1])
  })

  test('a reload sees what was changed on disk', async () => {
    const cwd = project({ ...base, 'app.ts': 'export default { perform: () => 1 }' })
    const client = await load(cwd, './app.ts')

    write(cwd, { 'app.ts': 'export default { perform: () => 2 }' })
    expect(answerOf(await client.reload())).toBe(2)
  })
})

test('CommonJS loads, exported whole or as default', async () => {
  const cwd = project({
    'whole.cjs': "module.exports = { name: 'whole', perform: () => 1 }",
    'whole.js': "module.exports = { name: 'whole too', perform: () => 2 }",
    'default.js': "exports.default = { name: 'default', perform: () => 3 }",
    'compiled.cjs': "exports.__esModule = true; exports.default = { name: 'compiled', perform: () => 4 }",
  })

  const names: string[] = []
  for (const file of ['./whole.cjs', './whole.js', './default.js', './compiled.cjs'])
    names.push((await load(cwd, file)).name)
  expect(names).toEqual(['whole', 'whole too', 'default', 'compiled'])
})

test('a client without a name is called after its file', async () => {
  const cwd = project({ 'support-bot.mts': 'export default { perform: () => 1 }' })

  const client = await load(cwd, './support-bot.mts')
  expect(client.name).toBe('support-bot')
  expect(client.integration.name).toBe('support-bot')
})

test('an instance of a class keeps its own state', async () => {
  const cwd = project({
    'app.ts': `class App {
        #asked = 0
        start() { return 'app' }
        perform() { return ++this.#asked }
      }
      export default new App()`,
  })

  const { integration } = await load(cwd, './app.ts')
  expect([answerOf(integration), answerOf(integration)]).toEqual([1, 2])
  expect(integration.start).toBeDefined()
})

test('two clients loaded at once keep apart', async () => {
  const cwd = project({
    'a.ts': "import { box } from './box'\nbox.push('a')\nexport default { perform: () => box.join() }",
    'b.ts': "import { box } from './box'\nbox.push('b')\nexport default { perform: () => box.join() }",
    'box.ts': 'export const box: string[] = []',
  })

  const [a, b] = [await load(cwd, './a.ts'), await load(cwd, './b.ts')]
  expect([answerOf(a.integration), answerOf(b.integration)]).toEqual(['a', 'b'])
})

test('two clients loaded at once keep apart in what they import late', async () => {
  const files = {
    'a.ts': "import { late } from './late'\nexport default { perform: () => late('a') }",
    'b.ts': "import { late } from './late'\nexport default { perform: () => late('b') }",
    'late.ts': "export const late = async (x: string) => (await import('./box')).put(x)",
    'box.ts': 'const box: string[] = []\nexport const put = (x: string) => box.push(x)',
  }
  const cwd = project({ ...files, 'package.json': '{ "type": "module" }' })
  const [a, b] = [await load(cwd, './a.ts'), await load(cwd, './b.ts')]

  expect(await Promise.all([a, b, a].map(client => answerOf(client.integration)))).toEqual([1, 1, 2])
})

test('loading leaves nothing behind in the environment or the resolver', async () => {
  const cwd = project({ 'tsconfig.json': '{}', 'app.ts': 'export default { perform: () => 1 }' })
  await (await loadIntegration('./app.ts', { cwd })).close()
  const before = [
    { ...process.env },
    Reflect.get(Module, '_resolveFilename'),
    Reflect.get(Module, '_extensions')['.js'],
  ]

  const client = await loadIntegration('./app.ts', { cwd })
  for (let i = 0; i < 5; i++) await client.reload()
  await client.close()

  const after = [{ ...process.env }, Reflect.get(Module, '_resolveFilename'), Reflect.get(Module, '_extensions')['.js']]
  expect(after).toEqual(before)
})

test('a client loads under plain Node as it does here', () => {
  const cwd = project({
    'package.json': '{}',
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
    'src/app.ts': "import { Tone } from '@/tone'\nexport default { perform: () => Tone.Dry }",
    'src/tone.ts': "export enum Tone { Dry = 'dry' }",
  })
  const loader = fileURLToPath(new URL('../../../src/clients/load.ts', import.meta.url))

  const printed = execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `const { loadIntegration } = await import(${JSON.stringify(loader)})
       const client = await loadIntegration('src/app.ts', { cwd: ${JSON.stringify(cwd)} })
       console.log(client.integration.perform(), (await client.reload()).perform())`,
    ],
    { encoding: 'utf8', cwd },
  )
  expect(printed.trim()).toBe('dry dry')
})
