import type { Command } from '../command.ts'
import { check } from './check.ts'
import { doctor } from './doctor.ts'
import { drill } from './drill.ts'
import { gameday } from './gameday.ts'
import { importCommand } from './import.ts'
import { init } from './init.ts'
import { list } from './list.ts'
import { merge } from './merge.ts'
import { profile } from './profile.ts'
import { replay } from './replay.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { schema } from './schema.ts'
import { search } from './search.ts'
import { show } from './show.ts'

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [
  init,
  doctor,
  run,
  drill,
  gameday,
  search,
  replay,
  merge,
  report,
  profile,
  list,
  show,
  check,
  importCommand,
  schema,
]
