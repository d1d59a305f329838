/**
 * `npm run bench`: how fast, against what, in one run. Every figure is a ratio or stands beside the one it is to be
 * compared with, and compared things take turns, so that a busy machine slows both. `node bench/index.ts wire` runs the parts
 * whose names begin so.
 */
import { byProvider } from './by-provider.ts'
import { consoleUnderLoad } from './console.ts'
import { costAgainstFloor } from './floor.ts'
import { manyInstances } from './many-instances.ts'
import { manyRuns } from './many-runs.ts'
import { oneCaller } from './one-caller.ts'
import { parsing } from './parsing.ts'
import { report } from './report.ts'
import { search } from './search.ts'
import { wireAnswers } from './wire/answers.ts'
import { wireProxy } from './wire/proxy.ts'
import { wireStreams } from './wire/streams.ts'
import { world } from './world.ts'

const wire = { wireAnswers, wireProxy, wireStreams }
const parts = {
  oneCaller,
  costAgainstFloor,
  manyInstances,
  manyRuns,
  byProvider,
  world,
  parsing,
  report,
  ...wire,
  search,
  consoleUnderLoad,
}
const wanted = process.argv.slice(2)

for (const [name, part] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.some(word => name.startsWith(word))) continue
  for await (const line of part()) process.stdout.write(`${line}\n`)
  process.stdout.write('\n')
}
