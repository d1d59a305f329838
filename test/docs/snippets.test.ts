import { expect, test } from 'vitest'
import { anchorsOf, fencesOf, linksOf } from '../support/markdown.ts'
import { commandsOf, missingLine, namedFilesOf, scenariosOf, typescriptOf } from '../support/snippets.ts'

const page = `# A page, with \`code\`

See [more](docs/more.md#below) and [us](https://a.test), not \`[this](gone.md)\`.

\`\`\`sh
npm install blackstart
npx blackstart run x   # exits 1
npx blackstart list
\`\`\`

\`\`\`ts
// client.ts
export default {} // [no](link.md)
\`\`\`

\`\`\`ts
const a = 1
\`\`\`

\`\`\`yaml
a: 1
\`\`\`

\`\`\`yaml
# a scenario
blackstart: 1
\`\`\`

\`\`\`yaml
# our-outage.yaml
blackstart: 1
\`\`\`

\`\`\`js
// worker.mjs
import './other.mjs'
\`\`\`

\`\`\`yaml
# app.config.yaml
app: {}
\`\`\`
`

test('blocks of a page are found with their lines', () => {
  expect(fencesOf(page).map(({ language, line }) => `${line} ${language}`)).toEqual([
    '6 sh',
    '12 ts',
    '17 ts',
    '21 yaml',
    '25 yaml',
    '30 yaml',
    '35 js',
    '40 yaml',
  ])
  expect(() => fencesOf('text\n```sh\nls\n')).toThrow('line 2')
})

test('commands of blackstart are run, and exit as their comment says', () => {
  expect(commandsOf(fencesOf(page))).toEqual([
    { args: ['run', 'x'], exitCode: 1, line: 7 },
    { args: ['list'], exitCode: 0, line: 8 },
  ])
})

test('snippets become files: modules by their name, scenarios when they are whole', () => {
  expect(typescriptOf(fencesOf(page)).map(({ file }) => file)).toEqual(['client.ts', 'line-17.ts'])
  expect(scenariosOf(fencesOf(page)).map(({ file }) => file)).toEqual(['line-25.yaml', 'our-outage.yaml'])
})

test('programs and configs become files where their first line names them', () => {
  expect(namedFilesOf(fencesOf(page)).map(({ file }) => file)).toEqual(['worker.mjs', 'app.config.yaml'])
})

test('links are those of the prose', () => {
  expect(linksOf(page)).toEqual([{ target: 'docs/more.md#below', line: 3 }])
  expect(anchorsOf(page)).toEqual(['a-page-with-'])
})

test('shown output must be real output, in order, where it is not left out', () => {
  const output = 'run one, in 1.4 s\n\nfirst\n  second of many\nthird\n'

  expect(missingLine('run one, in 0.7 s\n  second …\nthird\n', output)).toBeUndefined()
  expect(missingLine('first\n  second\n', output)).toBe('  second')
  expect(missingLine('third\nfirst\n', output)).toBe('first')
})
