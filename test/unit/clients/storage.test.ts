import { existsSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createStorage } from '../../../src/clients/storage.ts'

test('what is set is there until deleted', async () => {
  const storage = createStorage()

  await storage.set('answer:1', 'forty-two')
  expect(await storage.get('answer:1')).toBe('forty-two')
  await storage.set('answer:1', '')
  expect(await storage.get('answer:1')).toBe('')
  await storage.delete('answer:1')
  expect(await storage.get('answer:1')).toBeUndefined()
  await storage.delete('answer:1')
})

test('keys are listed in order, all of them or those with a prefix', async () => {
  const storage = createStorage()
  for (const key of ['job:2', 'cache:1', 'job:10', 'job:1']) await storage.set(key, 'x')

  expect(await storage.list()).toEqual(['cache:1', 'job:1', 'job:10', 'job:2'])
  expect(await storage.list('job:')).toEqual(['job:1', 'job:10', 'job:2'])
})

test('a value that is no string is refused with advice', async () => {
  const value: unknown = { a: 1 }

  await expect(createStorage().set('a', value as string)).rejects.toThrow('Use JSON.stringify')
})

test('two storages share nothing', async () => {
  const [one, other] = [createStorage(), createStorage()]
  await one.set('a', '1')

  expect(await other.list()).toEqual([])
  expect(one.dir).not.toBe(other.dir)
  one.dispose()
  other.dispose()
})

test('the folder is private, stays the same, and is gone afterwards with all that is in it', async () => {
  const storage = createStorage()
  const { dir } = storage

  writeFileSync(join(storage.dir, 'queue.json'), '[]')
  expect(storage.dir).toBe(dir)
  expect(basename(dirname(dir))).toMatch(/^blackstart-/)
  if (process.platform !== 'win32') expect(statSync(dir).mode & 0o077).toBe(0)

  storage.dispose()
  expect(existsSync(dir)).toBe(false)
})

test('a straggler cannot bring the folder or the values back', async () => {
  const storage = createStorage()
  await storage.set('a', '1')
  storage.dispose()

  expect(() => storage.dir).toThrow('has ended')
  expect(await storage.get('a')).toBeUndefined()
  expect(() => storage.dispose()).not.toThrow()
})

test('each life of an instance sees the same storage, and none once it is over', async () => {
  const storage = createStorage()
  const [first, second] = [{ isOver: false }, { isOver: false }]
  const [before, after] = [storage.openFor(first), storage.openFor(second)]
  await before.set('a', '1')
  expect(before.dir).toBe(after.dir)

  first.isOver = true
  const answers: string[] = []
  for (const [name, asked] of Object.entries({
    get: before.get('a'),
    set: before.set('a', '2'),
    delete: before.delete('a'),
    list: before.list(),
  }))
    void asked.then(() => answers.push(name))
  expect(() => before.dir).toThrow('the process that asks for it has ended')
  expect([await after.get('a'), await after.list()]).toEqual(['1', ['a']])
  expect(answers).toEqual([])
  storage.dispose()
})
