import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readScenarioFile, renderCheck } from '../../../src/scenario/index.ts'
import { catalogue } from './support/catalogue.ts'
import { chatBeforeApi } from './support/chat-before-api.ts'

const folder = mkdtempSync(join(tmpdir(), 'scenario-'))
afterAll(() => rmSync(folder, { recursive: true }))

const check = (name: string) => {
  const { diagnostics, text, scenario } = readScenarioFile(join(folder, name), { catalogue })
  const output = renderCheck(join(folder, name), diagnostics, text).replaceAll(folder, '.')
  return { id: scenario?.id, output }
}
const file = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content)

describe('readScenarioFile', () => {
  test('a good file gives its scenario and prints nothing', () => {
    file('good.yaml', chatBeforeApi)

    expect(check('good.yaml')).toEqual({ id: 'chat-before-api', output: '' })
  })

  test('a missing file is named, with the one that was meant', () => {
    file('good.yaml', chatBeforeApi)

    expect(check('goood.yaml').output).toBe(`./goood.yaml:1:1: error: There is no such file.
  hint: Did you mean "./good.yaml"?

1 error in ./goood.yaml
`)
  })

  test('a directory is not a scenario', () => {
    mkdirSync(join(folder, 'many'))
    file('many/first.yaml', '')

    expect(check('many').output).toContain('error: This is a directory, not a scenario file.')
    expect(check('many').output).toContain('hint: Name a file in it, for example ./many/first.yaml.')
  })

  test('ten megabytes are refused with the limit', () => {
    file('large.yaml', 'x'.repeat(10_000_000))

    expect(check('large.yaml').output).toContain('The file has 10.0 MB; the limit for a scenario is 1 MB.')
  })

  test('an endless device is refused too', () => {
    const { diagnostics } = readScenarioFile('/dev/zero', { catalogue })

    expect(diagnostics.map(d => d.message)).toEqual(['The file has more than 1 MB; the limit for a scenario is 1 MB.'])
  })

  test('bytes that are no text are refused', () => {
    file('picture.yaml', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0))
    file('latin.yaml', Uint8Array.of(0x69, 0x64, 0x3a, 0x20, 0xfc))
    file('utf-16.yaml', Uint8Array.of(0xff, 0xfe, 0x69, 0x00))

    for (const name of ['picture.yaml', 'latin.yaml', 'utf-16.yaml'])
      expect(check(name).output).toContain('error: This is not a text file.')
  })

  test('an empty file says how a scenario begins', () => {
    file('empty.yaml', '')

    expect(check('empty.yaml').output).toContain('hint: A scenario begins with: blackstart: 1')
  })

  test.skipIf(process.getuid?.() === 0)('a file that may not be read says so', () => {
    file('secret.yaml', chatBeforeApi)
    chmodSync(join(folder, 'secret.yaml'), 0)

    expect(check('secret.yaml').output).toContain('This file may not be read.')
  })
})
