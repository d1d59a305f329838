import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import { rules, sourceFiles } from './support/tidy/rules.ts'
import { importsOf, readSource } from './support/tidy/source-text.ts'

const src = resolve(import.meta.dirname, '../src')
const pathsIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.tsx?$/.test(path))
    .map(path => path.split(sep).join('/'))
    .toSorted()
const present = sourceFiles(Object.fromEntries(pathsIn(src).map(path => [path, readFileSync(join(src, path), 'utf8')])))
const tests = pathsIn(import.meta.dirname)

describe('the sources are tidy', () => {
  test.for(Object.entries(rules))('%s', ([, rule]) => {
    expect(rule(present, tests)).toEqual([])
  })

  test('all of them were looked at, imports included', () => {
    expect(present.length).toBeGreaterThan(100)
    expect(present.flatMap(({ imports }) => imports).length).toBeGreaterThan(300)
  })
})

/** Trees that each break one rule, with what is said about them. */
const spoilt: Record<keyof typeof rules, { files: Record<string, string>; tests?: string[]; says: string[] }> = {
  'a folder imports only from itself and the rows above it': {
    files: {
      'model/down.ts': `import { overloaded } from '../faults/overloaded.ts'`,
      'model/beside.ts': `import type { Clock } from '../clock/clock.ts'`,
      'model/up.ts': `import { draw } from '../lib/draw.ts'\nexport type { Effect } from './effect.ts'`,
      'reports/lazy.ts': `const { main } = await import('../cli/main.ts')`,
      'run/outside.ts': `export { version } from '../../package.json'`,
      'misc/z.ts': `export const z = 1`,
      'lib/face.ts': `export * from '../index.ts'`,
    },
    says: [
      'model/down.ts: may not import faults, which is not above model',
      'model/beside.ts: may not import clock, which is not above model',
      'reports/lazy.ts: may not import cli, which is not above reports',
      'run/outside.ts: may not import what is outside src, which is not above run',
      'misc/z.ts: folder misc has no row; add it to test/support/tidy/house.ts and design it in',
      'lib/face.ts: may not import index.ts, which is not above lib',
    ],
  },
  'a package is imported in its home alone': {
    files: {
      'model/a.ts': `import { parse } from 'yaml'`,
      'scenario/a.ts': `import { parse } from 'yaml'\nimport { readFileSync } from 'node:fs'`,
      'run/b.ts': `import { http } from 'msw'\nimport { request } from '@mswjs/interceptors/http'`,
      'cli/c.ts': `import { setTimeout } from 'node:timers/promises'`,
      'oracles/d.ts': `export { z } from 'zod/v4'`,
    },
    says: [
      'model/a.ts: yaml is not at home here; its home is ^scenario\\/',
      'run/b.ts: msw is not at home here; its home is ^engines\\/',
      'run/b.ts: @mswjs/interceptors is not at home here; its home is ^engines\\/',
      'cli/c.ts: node:timers/promises is not at home here; its home is ^clock\\/',
      'oracles/d.ts: zod has no home; name one, and why we need it, in test/support/tidy/house.ts',
    ],
  },
  'time, chance and the console are reached through their own folders': {
    files: {
      'run/a.ts': 'const t = Date.now() + performance.now()',
      'run/b.ts': 'globalThis.setTimeout(() => {}, 5)\nsetInterval(poll, 5)',
      'run/c.ts': 'const name = `run at #{new Date()}`'.replace('#', '$'),
      'clock/d.ts': 'setTimeout(wake, Date.now() - 5)',
      'clock/e.ts': 'export const roll = Math.random()',
      'oracles/f.ts': `console.log('hm')`,
      'cli/g.ts': `console.error('hm')`,
      'run/h.ts': `// Date.now() is the clock's\nconst then = new Date(0)\nthrow new Error('do not call setTimeout()')`,
    },
    says: [
      'run/a.ts: Date.now() is banned; ask the clock',
      'run/a.ts: performance.now() is banned; ask the clock',
      'run/b.ts: setTimeout() is banned; use a timer of the clock',
      'run/b.ts: setInterval() is banned; use a timer of the clock',
      'run/c.ts: new Date() is banned; ask the clock',
      'clock/e.ts: Math.random() is banned; draw from the seed, with lib/draw.ts',
      'oracles/f.ts: console is banned; return it; only the command line prints',
    ],
  },
  'nothing is left to be done': {
    files: { 'run/a.ts': `// ${'TO'}DO later`, 'run/b.ts': '// done' },
    says: ['run/a.ts: finish it before merging'],
  },
  'exports have names': {
    files: {
      'run/a.ts': 'export default class {}',
      'run/b.ts': `export { a as default } from './a.ts'`,
      'clients/bare-sdk.ts': 'export default {}',
      'run/c.ts': `throw new Error('needs an export default')`,
    },
    says: [
      'run/a.ts: has a default export; give it a name (client modules are excepted)',
      'run/b.ts: has a default export; give it a name (client modules are excepted)',
    ],
  },
  'files are kebab-case': {
    files: { 'run/takeOver.ts': '', 'run/take_over.ts': '', 'Run/x.ts': '', 'run/take-over-2.ts': '' },
    says: [
      'run/takeOver.ts: spell it in kebab-case',
      'run/take_over.ts: spell it in kebab-case',
      'Run/x.ts: spell it in kebab-case',
    ],
  },
  'a file fits in the head': {
    files: { 'run/long.ts': 'x()\n'.repeat(301), 'run/just.ts': 'x()\n'.repeat(300) },
    says: ['run/long.ts: has 301 lines; at 300 ask what the second subject is'],
  },
  'relative imports name the file': {
    files: {
      'run/a.ts': `import { b } from './b.js'\nimport { c } from './c'\nimport './d.ts'\nimport x from './x.json'`,
    },
    says: ['run/a.ts: import of ./b.js must end in .ts', 'run/a.ts: import of ./c must end in .ts'],
  },
  'a fault has a test of its own': {
    files: {
      'faults/late.ts': '',
      'faults/lost.ts': '',
      'faults/index.ts': '',
      'faults/parts/x.ts': '',
      'run/a.ts': '',
    },
    tests: ['unit/faults/late.test.ts', 'unit/run/lost.test.ts'],
    says: ['faults/lost.ts: write test/unit/faults/lost.test.ts, with what an app sees of it'],
  },
  'what is imported is there': {
    files: { 'run/a.ts': `import { b } from './b.ts'\nimport { c } from './c.ts'`, 'run/b.ts': '' },
    says: ['run/a.ts: imports run/c.ts, which is not there'],
  },
  'modules do not load each other in a circle': {
    files: {
      'run/a.ts': `import { b } from './b.ts'`,
      'run/b.ts': `import {\n  c,\n  type D,\n} from './c.ts'`,
      'run/c.ts': `import type { A } from './a.ts'\nimport { a } from './a.ts'`,
      'run/d.ts': `import type { E } from './e.ts'`,
      'run/e.ts': `import { d } from './d.ts'\nconst later = () => import('./f.ts')`,
      'run/f.ts': `import './e.ts'`,
      'run/self.ts': `export * from './self.ts'`,
    },
    says: [
      'run/a.ts > run/b.ts > run/c.ts > run/a.ts: a circle of imports; move what they share to a third file',
      'run/self.ts > run/self.ts: a circle of imports; move what they share to a third file',
    ],
  },
}

describe('each rule names what a spoilt tree breaks', () => {
  test.for(Object.entries(rules))('%s', ([name, rule]) => {
    const tree = spoilt[name]

    expect(tree && rule(sourceFiles(tree.files), tree.tests ?? [])).toEqual(tree?.says)
    expect(tree?.says).not.toHaveLength(0)
  })
})

test('a source is read without its comments and quoted texts, but with what templates compute', () => {
  const text = [
    `const url = 'https://a.test' // import { x } from 'comment'`,
    "/* export default */ const q = /it\\'s/",
    'const t = `a #{f(`b #{g({ n: 1 })} c`)} d`'.replaceAll('#', '$'),
    'const last = "e\\"f"',
  ].join('\n')

  expect(readSource(text)).toEqual({
    code: ['const url = "0" ', ' const q = /its/', 'const t = "1"(f("2"(g({ n: 1 }))"3"))"4"', 'const last = "5"'].join(
      '\n',
    ),
    texts: ['https://a.test', 'a ', 'b ', ' c', ' d', 'e\\"f'],
  })
})

test('imports of every spelling are found, and told apart by when they load', () => {
  const text = `
import './effect.ts'
import type { A } from './a.ts'
import { type B, b } from "./b.ts"
import c, { d } from './c.ts'
import * as e from './e.ts'
import json from './f.json' with { type: 'json' }
export type { G } from './g.ts'
export type * from './g2.ts'
export { h } from './h.ts'
export * as i from './i.ts'
import type from './j.ts'
type K = import('./k.ts').K
const l = await import('./l.ts')
const from = 'm'; export const note = 'from "./n.ts"'
const here = import.meta.dirname + './o.ts'
`

  expect(importsOf(readSource(text)).map(({ specifier, kind }) => `${kind} ${specifier}`)).toEqual([
    'static ./effect.ts',
    'types ./a.ts',
    'static ./b.ts',
    'static ./c.ts',
    'static ./e.ts',
    'static ./f.json',
    'types ./g.ts',
    'types ./g2.ts',
    'static ./h.ts',
    'static ./i.ts',
    'static ./j.ts',
    'dynamic ./k.ts',
    'dynamic ./l.ts',
  ])
})
