/**
 * `npm run bench`: how fast, against what, in one run. Every figure is a ratio or stands beside the one it is to be
 * compared with, and compared things take turns, so that a busy machine slows both.
 */
import { byProvider } from './by-provider.ts'
import { costAgainstFloor } from './floor.ts'
import { manyInstances } from './many-instances.ts'
import { manyRuns } from './many-runs.ts'
import { oneCaller } from './one-caller.ts'
import { parsing } from './parsing.ts'
import { search } from './search.ts'
import { world } from './world.ts'

const parts = { oneCaller, costAgainstFloor, manyInstances, manyRuns, byProvider, world, parsing, search }
const wanted = process.argv.slice(2)

for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for await (const line of part()) process.stdout.write(`${line}\n`)
  process.stdout.write('\n')
}
