import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bytesAtMost, fileName, folder, gallery, galleryFile, looks } from '../../tools/screenshots/files.ts'
import { sizeOf } from '../../tools/screenshots/png.ts'
import { shots } from '../../tools/screenshots/shots.ts'
import { linksOf } from '../support/markdown.ts'

const wanted = shots.flatMap(shot => looks.map(look => ({ file: fileName(shot, look), look })))

test('every page has its pictures, of the size that they say, and there are no others', () => {
  expect(readdirSync(folder).toSorted()).toEqual(wanted.map(({ file }) => file).toSorted())
  for (const { file, look } of wanted) {
    const { width, height } = look
    expect({ file, ...sizeOf(readFileSync(join(folder, file))) }).toEqual({ file, width, height })
  }
})

test('the repository can carry them', () => {
  const bytes = wanted.reduce((sum, { file }) => sum + readFileSync(join(folder, file)).length, 0)

  expect(bytes).toBeLessThan(bytesAtMost)
})

test('the docs show each of them, and the guide leads there', () => {
  const page = readFileSync(galleryFile, 'utf8')

  expect(page).toBe(gallery())
  const shown = linksOf(page).map(({ target }) => target)
  expect(shown).toEqual(expect.arrayContaining(wanted.map(({ file }) => `images/game-day/${file}`)))
  const guide = readFileSync(join(folder, '../../game-days.md'), 'utf8')
  expect(linksOf(guide).map(({ target }) => target)).toContain('game-day-pictures.md')
})
