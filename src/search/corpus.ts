import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ReplayOptions, replayFile } from './replay.ts'
import type { Replay } from './types.ts'

/** Where found files are kept, if nobody says otherwise. */
export const usualCorpus = 'blackstart-corpus'

/** Replays every found file of a folder, in the order of their names. A folder that is not there is empty. */
export async function* replayCorpus(folder: string, options: ReplayOptions): AsyncGenerator<Replay> {
  for (const name of filesIn(folder)) {
    if (options.signal?.aborted) return
    yield await replayFile(join(folder, name), { ...options, ownOnly: true })
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter(name => /\.ya?ml$/.test(name))
      .toSorted()
  } catch {
    return []
  }
}

/** Writes a found file into the folder, which is made when it is not there. Returns the file's path. */
export function writeFound(folder: string, fileName: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, fileName)
  writeFileSync(file, text)
  return file
}
