import type { Command } from '../command.ts'
import { check } from './check.ts'
import { importCommand } from './import.ts'
import { list } from './list.ts'
import { profile } from './profile.ts'
import { run } from './run.ts'
import { schema } from './schema.ts'
import { show } from './show.ts'

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [run, profile, list, show, check, importCommand, schema]
