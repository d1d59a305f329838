import { UsageError } from '../../lib/errors.ts'
import type { Command, Invocation } from '../command.ts'
import type { ImportOptions } from '../import-file.ts'
import { notice, print } from '../output.ts'

export const importCommand: Command = {
  name: 'import',
  group: 'write an outage',
  says: 'make a scenario of an outage that happened: a log of requests, or a status page’s incident',
  usage: 'FILE [-o FILE] [flags]',
  flags: {
    out: { value: 'FILE', short: 'o', says: 'write the scenario there instead of to stdout' },
    force: { says: 'overwrite the file that -o names' },
    provider: { value: 'P', says: 'whose outage it was (default: as the page says, else anthropic)' },
    id: { value: 'ID', says: 'the id of the scenario (default: made of the file’s name and the day)' },
    incident: { value: 'ID', says: 'which incident, where the JSON holds several' },
    latency: { value: 'UNIT', says: 'ms or s, for plain numbers in the column of latencies' },
  },
  examples: [
    'blackstart import requests.csv -o our-worst-friday.yaml',
    'blackstart import incident.json --provider anthropic > incident.yaml',
  ],
  async run(invocation) {
    const [file, ...more] = invocation.words
    if (file === undefined)
      throw new UsageError(
        'Name the file to import.',
        'A CSV with the columns time, status and latency, or api/v2/incidents/ID.json of a status page.',
      )
    if (more.length > 0) throw new UsageError('import reads one file at a time.')
    refuseAddress(file)
    const { importFile, writeNew } = await import('../import-file.ts')
    const target = invocation.value('out')
    const force = invocation.has('force')
    if (force && target === undefined) throw new UsageError('--force needs a file to overwrite: -o FILE.')
    const { yaml, notices } = importFile(file, optionsOf(invocation))
    if (target === undefined) print(yaml)
    else writeNew(target, yaml, { force })
    const drawn =
      target === undefined ? [] : [`blackstart show ${/[/\\]/.test(target) ? target : `./${target}`} draws it.`]
    const said = [...notices, ...drawn]
    if (said.length > 0) notice(said.join('\n'))
    return 0
  },
}

function refuseAddress(file: string): void {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(file)) return
  throw new UsageError(
    `${file} is an address, and blackstart asks nothing of the network.`,
    `Save it first, for example: curl -fsS -o incident.json '${file}'`,
  )
}

function optionsOf(invocation: Invocation): ImportOptions {
  const [provider, id, incident] = [invocation.value('provider'), invocation.value('id'), invocation.value('incident')]
  const unit = invocation.value('latency')
  if (unit !== undefined && unit !== 'ms' && unit !== 's')
    throw new UsageError(
      `--latency ${unit}: expected ms or s.`,
      'It is the unit of plain numbers in the column of latencies.',
    )
  if (id !== undefined && !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))
    throw new UsageError(
      `--id ${id}: expected small letters, digits and single hyphens.`,
      'For example our-worst-friday.',
    )
  return {
    ...(provider !== undefined && { provider }),
    ...(id !== undefined && { id }),
    ...(incident !== undefined && { incident }),
    ...(unit !== undefined && { latencyUnit: unit }),
  }
}
