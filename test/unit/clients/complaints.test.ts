import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { complaint, load, project } from './support.ts'

const formats = [
  ['ES modules', { 'package.json': '{ "type": "module" }' }],
  ['CommonJS', { 'package.json': '{}' }],
] as const

const fine = 'export default { perform: () => 1 }'

describe('a client that is not there', () => {
  test('by path, with what is near', async () => {
    const cwd = project({ 'src/client.ts': fine })

    expect(await complaint(cwd, './src/cleint.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./src/cleint.ts": there is no such file.
      Did you mean src/client.ts?"
    `)
    expect(await complaint(cwd, './lib/app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./lib/app.ts": there is no such file.
      Looked in <cwd>/lib. Check the path."
    `)
  })

  test('by name, with what is near', async () => {
    const cwd = project({ 'clients/resilient.ts': fine, 'clients/types.d.ts': '' })
    const folders = [join(cwd, 'clients'), join(cwd, 'no-such-folder')]

    expect(await complaint(cwd, 'resillient', folders)).toMatchInlineSnapshot(`
      "Failed to load client "resillient": no client has that name.
      Did you mean resilient? Known names: bare-sdk, bare-openai, bare-gemini, bare-bedrock, bare-vertex, signs-in, resilient. A file is named by a path, like ./client.ts."
    `)
    expect(await complaint(cwd, 'zebra', folders)).toMatchInlineSnapshot(`
      "Failed to load client "zebra": no client has that name.
      Known names: bare-sdk, bare-openai, bare-gemini, bare-bedrock, bare-vertex, signs-in, resilient. A file is named by a path, like ./client.ts."
    `)
  })

  test('by name, where a path was meant', async () => {
    const cwd = project({ 'client.ts': fine })

    expect(await complaint(cwd, 'client')).toMatchInlineSnapshot(`
      "Failed to load client "client": no client has that name.
      A file is named by a path: ./client.ts."
    `)
  })

  test('as it is a folder, or a scenario', async () => {
    const cwd = project({ 'src/client.ts': fine, 'outage.yaml': '' })
    mkdirSync(join(cwd, 'empty'))

    expect(await complaint(cwd, './src')).toMatchInlineSnapshot(`
      "Failed to load client "./src": it is a folder.
      Name the module in it, for example src/client.ts."
    `)
    expect(await complaint(cwd, 'outage.yaml')).toMatchInlineSnapshot(`
      "Failed to load client "outage.yaml": it is not a module.
      A client is a TypeScript or JavaScript file (.ts, .mts, .cts, .tsx, .js, .mjs, .cjs, .jsx)."
    `)
  })
})

test('a fixture client is found by its bare name, in the first folder that has it', async () => {
  const cwd = project({
    'a/sound.ts': "export default { name: 'first', perform: () => 1 }",
    'b/sound.ts': "export default { name: 'second', perform: () => 1 }",
  })
  const { loadIntegration } = await import('../../../src/clients/load.ts')

  const client = await loadIntegration('sound', { cwd, folders: [join(cwd, 'a'), join(cwd, 'b')] })
  await client.close()
  expect(client.name).toBe('first')
})

test('a path may leave out its extension', async () => {
  const cwd = project({ 'client.mts': fine })

  expect((await load(cwd, './client')).path).toBe(join(cwd, 'client.mts'))
})

describe.each(formats)('in %s, an import that fails is named with its fix:', (_, base) => {
  test('a package that is not installed', async () => {
    const cwd = project({
      ...base,
      'app.ts': "import { x } from './deep/inner'\nexport default { perform: () => x }",
      'deep/inner.ts': "import thing from '@scope/thing/part'\nexport const x = thing",
    })

    expect(await complaint(cwd, './app.ts')).toBe(
      'Failed to load client "./app.ts": cannot find "@scope/thing/part", imported from deep/inner.ts.\n' +
        'Run npm install @scope/thing in the project of that file.',
    )
  })

  test('a file that is not there', async () => {
    const cwd = project({
      ...base,
      'app.ts': "import { x } from './lib/anwsers'\nexport default { perform: () => x }",
      'far.ts': "import { x } from './nowhere/at-all'\nexport default { perform: () => x }",
      'lib/answers.ts': 'export const x = 1',
    })

    expect(await complaint(cwd, './app.ts')).toBe(
      'Failed to load client "./app.ts": cannot find "./lib/anwsers", imported from app.ts.\n' +
        'Did you mean ./lib/answers.ts?',
    )
    expect(await complaint(cwd, './far.ts')).toBe(
      'Failed to load client "./far.ts": cannot find "./nowhere/at-all", imported from far.ts.\n' +
        'There is no module at nowhere/at-all. Check the path.',
    )
  })

  test('an alias', async () => {
    const cwd = project({
      ...base,
      'none/app.ts': "import { x } from '@/x'\nexport default { perform: () => x }",
      'some/app.ts': "import { x } from '~/x'\nexport default { perform: () => x }",
      'some/tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./*"] } } }',
    })

    expect(await complaint(cwd, './none/app.ts')).toBe(
      'Failed to load client "./none/app.ts": cannot find "@/x", imported from none/app.ts.\n' +
        'It looks like an alias, but there is no tsconfig.json above the client. Add one with "paths".',
    )
    expect(await complaint(cwd, './some/app.ts')).toBe(
      'Failed to load client "./some/app.ts": cannot find "~/x", imported from some/app.ts.\n' +
        'It looks like an alias. Add it to "paths" in some/tsconfig.json, or check the path behind it.',
    )
  })

  test('a part of a package that it does not export', async () => {
    const cwd = project({
      ...base,
      'app.ts': "import x from 'parrot/secret'\nexport default { perform: () => x }",
      'node_modules/parrot/package.json': '{ "exports": "./index.js" }',
      'node_modules/parrot/index.js': '',
    })

    expect(await complaint(cwd, './app.ts')).toBe(
      'Failed to load client "./app.ts": cannot find "parrot/secret", imported from app.ts.\n' +
        'The package parrot is there, but does not export that. Check the path, or its version.',
    )
  })

  test('a subpath import of the package', async () => {
    const cwd = project({ ...base, 'app.ts': "import x from '#inner'\nexport default { perform: () => x }" })

    expect(await complaint(cwd, './app.ts')).toBe(
      'Failed to load client "./app.ts": cannot find "#inner", imported from app.ts.\n' +
        'Add it to "imports" in the package.json above that file.',
    )
  })

  test('a dependency of a dependency', async () => {
    const cwd = project({
      ...base,
      'app.ts': "import x from 'parrot'\nexport default { perform: () => x }",
      'node_modules/parrot/package.json': '{ "main": "index.js" }',
      'node_modules/parrot/index.js': "module.exports = require('crackers')",
    })

    expect(await complaint(cwd, './app.ts')).toBe(
      'Failed to load client "./app.ts": cannot find "crackers", imported from node_modules/parrot/index.js.\n' +
        'Run npm install crackers in the project of that file.',
    )
  })

  test('and one that the app itself survives is no complaint', async () => {
    const cwd = project({
      ...base,
      'app.ts':
        "const x = await0().catch(() => 'none')\nfunction await0() { return import('no-such-package') }\nexport default { perform: () => x }",
    })

    await expect(load(cwd, './app.ts')).resolves.toMatchObject({ name: 'app' })
  })
})

describe('a file that does not parse is named with its line and column:', () => {
  test('TypeScript', async () => {
    const cwd = project({
      'app.ts': "import './inner'\nexport default { perform: () => 1 }",
      'inner.ts': 'const fine = 1\nconst broken = (\n',
      'inner.mts': 'const broken = )',
      'mts.ts': "import './inner.mts'\nexport default { perform: () => 1 }",
    })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": inner.ts:3:1: Unexpected end of file.
      The file does not parse."
    `)
    expect(await complaint(cwd, './mts.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./mts.ts": inner.mts:1:16: Unexpected ")".
      The file does not parse."
    `)
  })

  test('JavaScript', async () => {
    const cwd = project({
      'app.mjs': "import './inner.mjs'\nexport default { perform: () => 1 }",
      'inner.mjs': 'const fine = 1\nconst broken = )\n',
      'whole.cjs': 'const fine = 1\nmodule.exports = { perform( }\n',
    })

    expect(await complaint(cwd, './app.mjs')).toMatchInlineSnapshot(`
      "Failed to load client "./app.mjs": inner.mjs:2:16: Unexpected token ')'.
      The file does not parse."
    `)
    expect(await complaint(cwd, './whole.cjs')).toMatchInlineSnapshot(`
      "Failed to load client "./whole.cjs": whole.cjs:2:29: Unexpected token '}'.
      The file does not parse."
    `)
  })

  test('JSON', async () => {
    const cwd = project({
      'app.ts': "import data from './data.json'\nexport default { perform: () => data }",
      'data.json': '{\n  "a": 1,\n}\n',
    })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": data.json:3:1: Expected double-quoted property name.
      The file does not parse."
    `)
  })

  test('a name that is not exported', async () => {
    const cwd = project({
      'package.json': '{ "type": "module" }',
      'app.ts': "import { nope } from './inner'\nexport default { perform: () => nope }",
      'inner.ts': 'export const yes = 1',
    })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": app.ts:1:10: The requested module './inner' does not provide an export named 'nope'.
      Check the name; a type needs \`import type\`."
    `)
  })

  test('await at the top level of CommonJS', async () => {
    const cwd = project({ 'app.ts': 'const x = await Promise.resolve(1)\nexport default { perform: () => x }' })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": app.ts:1:11: await at the top level of a CommonJS module.
      Name the file .mts, or put "type": "module" in its package.json."
    `)
  })

  test('tsconfig.json', async () => {
    const cwd = project({ 'app.ts': fine, 'tsconfig.json': '{ "extends": "./nowhere.json" }' })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": tsconfig.json cannot be read. Error: File './nowhere.json' not found.
      Mend that tsconfig.json, or what it extends."
    `)
  })
})

describe('a module that throws when it is imported is named with its place:', () => {
  test('an error', async () => {
    const cwd = project({
      'app.ts': "import { region } from './settings'\nexport default { perform: () => region }",
      'settings.ts': `enum Mode { On }
function need(name: string): string {
  throw new TypeError(name + ' is not set')
}
export const region = need('REGION')`,
    })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": settings.ts:3:9 threw while it was imported: TypeError: REGION is not set
      What stands at the top level runs on import. What can fail belongs in \`start\`."
    `)
  })

  test('something that is no error', async () => {
    const cwd = project({ 'app.ts': "throw 'no'", 'nothing.mjs': 'throw undefined' })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": it threw while it was imported: 'no'
      What stands at the top level runs on import. What can fail belongs in \`start\`."
    `)
    expect(await complaint(cwd, './nothing.mjs')).toMatchInlineSnapshot(`
      "Failed to load client "./nothing.mjs": it threw while it was imported: undefined
      What stands at the top level runs on import. What can fail belongs in \`start\`."
    `)
  })
})

describe('an export that is no integration is refused with all that is wrong:', () => {
  test('no default export', async () => {
    const cwd = project({
      'named.ts': 'export const perform = () => 1',
      'named.mts': 'export const perform = () => 1',
      'empty.mts': 'export {}',
      'empty.cjs': '',
    })

    expect(await complaint(cwd, './named.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./named.ts": it has no default export (only perform).
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
    expect(await complaint(cwd, './named.mts')).toMatchInlineSnapshot(`
      "Failed to load client "./named.mts": it has no default export (only perform).
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
    expect(await complaint(cwd, './empty.mts')).toMatchInlineSnapshot(`
      "Failed to load client "./empty.mts": it has no default export.
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
    expect(await complaint(cwd, './empty.cjs')).toMatchInlineSnapshot(`
      "Failed to load client "./empty.cjs": \`perform\` is missing.
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
  })

  test('no perform', async () => {
    const cwd = project({ 'app.ts': "export default { name: 'x', preform: () => 1 }" })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": \`perform\` is missing (is \`preform\` a slip of the pen?).
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
  })

  test('members of wrong types', async () => {
    const cwd = project({
      'app.ts': `export default {
        name: 7, perform: 'yes', start: {}, stop: [], settle: null, isolate: 'true', jobs: { submit: () => 1 } }`,
      'jobs.ts': 'export default { name: "", perform: () => 1, jobs: [] }',
    })

    expect(await complaint(cwd, './app.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.ts": \`perform\` is a string, not a function; \`start\` is an object, not a function; \`settle\` is null, not a function; \`stop\` is a list, not a function; \`name\` is a number, not a name; \`isolate\` is a string, not true or false; \`jobs.list\` is missing.
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
    expect(await complaint(cwd, './jobs.ts')).toMatchInlineSnapshot(`
      "Failed to load client "./jobs.ts": \`name\` is empty, not a name; \`jobs.submit\` is missing; \`jobs.list\` is missing.
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
  })

  test('not an object', async () => {
    const cwd = project({ 'app.mts': 'export default () => 1', 'soon.mts': 'export default Promise.resolve({})' })

    expect(await complaint(cwd, './app.mts')).toMatchInlineSnapshot(`
      "Failed to load client "./app.mts": its default export is a function, not an object.
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
    expect(await complaint(cwd, './soon.mts')).toMatchInlineSnapshot(`
      "Failed to load client "./soon.mts": its default export is a promise, not an object.
      Write export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }"
    `)
  })
})
