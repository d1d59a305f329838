import { UsageError } from '../../lib/errors.ts'
import { clientName } from '../client-of.ts'
import type { DrillOptions } from '../options.ts'

/** What a drill that is resumed was told at first holds for all of it. */
export function underJournal(options: DrillOptions): DrillOptions {
  const { resume } = options
  if (!resume) return options
  return { ...options, ...resume.told, scenarioText: resume.started.scenario, journal: resume.path }
}

/** Throws a `UsageError` when another app is to go on with a show than has begun it. */
export function refuseOtherClient(options: DrillOptions): void {
  const { resume } = options
  const client = clientName(options)
  if (!resume || resume.started.client === client) return
  const theirs = resume.started.client
  throw new UsageError(
    `${resume.path} is of the app ${theirs}, and ${client === 'none' ? 'none is named' : `this is ${client}`}.`,
    theirs === 'none' ? 'Leave it out.' : `Name the same again, behind -- or with --client.`,
  )
}
