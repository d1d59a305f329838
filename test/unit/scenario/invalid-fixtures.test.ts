import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readScenarioFile, renderCheck } from '../../../src/scenario/index.ts'
import { catalogue } from './support/catalogue.ts'

const folder = 'fixtures/invalid'
const names = (extension: string) =>
  readdirSync(folder)
    .filter(name => name.endsWith(extension))
    .map(name => name.slice(0, -extension.length))
    .sort()

describe('fixtures/invalid', () => {
  test.each(names('.yaml'))('%s.yaml prints what is stored beside it', name => {
    const file = `${folder}/${name}.yaml`
    const { scenario, diagnostics, text } = readScenarioFile(file, { catalogue })
    const output = renderCheck(file, diagnostics, text)
    if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(`${folder}/${name}.txt`, output)

    expect(scenario).toBeUndefined()
    expect(existsSync(`${folder}/${name}.txt`), `${name}.txt is missing: run with UPDATE_FIXTURES=1 and read it`).toBe(
      true,
    )
    expect(output).toBe(readFileSync(`${folder}/${name}.txt`, 'utf8'))
  })

  test('every stored output belongs to a scenario', () => {
    expect(names('.txt')).toEqual(names('.yaml'))
  })
})
