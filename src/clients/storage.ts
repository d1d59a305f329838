import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { scratchFolder } from '../lib/scratch.ts'
import type { Storage } from '../model/integration.ts'

export interface RunStorage extends Storage {
  /** The same storage, as one life of the instance sees it: once that is over, nothing it asks is done or answered. */
  openFor(life: { readonly isOver: boolean }): Storage
  /** Forgets everything and removes the folder. Whoever still asks for `dir` is told that the run is over. */
  dispose(): void
}

/** What an instance keeps across `restart` and `crash`: make one for each instance of a run, and dispose of it at the end. */
export function createStorage(): RunStorage {
  const values = new Map<string, string>()
  let dir: string | undefined
  let disposed = false
  const storage: RunStorage = {
    get: async key => values.get(key),
    set: async (key, value) => {
      if (typeof value !== 'string')
        throw new TypeError(`storage.set("${key}") takes a string, not ${typeof value}. Use JSON.stringify.`)
      values.set(key, value)
    },
    delete: async key => {
      values.delete(key)
    },
    list: async (prefix = '') => [...values.keys()].filter(key => key.startsWith(prefix)).toSorted(),
    get dir() {
      if (disposed) throw new Error('storage.dir is gone: the run that it belonged to has ended.')
      dir ??= mkdtempSync(join(scratchFolder(), 'storage-'))
      return dir
    },
    openFor(life) {
      const alive = <T>(ask: () => Promise<T>) => (life.isOver ? new Promise<never>(() => {}) : ask())
      return {
        get: key => alive(() => storage.get(key)),
        set: (key, value) => alive(() => storage.set(key, value)),
        delete: key => alive(() => storage.delete(key)),
        list: prefix => alive(() => storage.list(prefix)),
        get dir() {
          if (life.isOver) throw new Error('storage.dir is gone: the process that asks for it has ended.')
          return storage.dir
        },
      }
    },
    dispose() {
      disposed = true
      values.clear()
      if (dir !== undefined) rmSync(dir, { recursive: true, force: true })
      dir = undefined
    },
  }
  return storage
}
