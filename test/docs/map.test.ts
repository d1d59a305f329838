import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { linksOf } from '../support/markdown.ts'

const docs = resolve(import.meta.dirname, '../../docs')
const targetsOf = (file: string) => linksOf(readFileSync(file, 'utf8')).map(({ target }) => target.split('#')[0])

test('docs/README.md leads to every page', () => {
  const pages = readdirSync(docs).filter(name => name.endsWith('.md') && name !== 'README.md')
  const linked = targetsOf(resolve(docs, 'README.md'))

  expect(pages.filter(name => !linked.includes(name))).toEqual([])
})

test('the front page leads to the map', () => {
  expect(targetsOf(resolve(docs, '../README.md'))).toContain('docs/README.md')
})
