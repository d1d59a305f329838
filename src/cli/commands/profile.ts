import { UsageError } from '../../lib/errors.ts'
import type { ProfileCell } from '../../profile/cell.ts'
import { wholeNumber } from '../args.ts'
import { blockedMs } from '../blocked-ms.ts'
import type { Command, Invocation } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { notice, print } from '../output.ts'
import type { ProfileRequest } from '../profile/supervise.ts'

export const profile: Command = {
  name: 'profile',
  group: 'run an outage',
  says: 'tell what a client does under every fault, streamed or not, without judging it',
  usage: '--client MODULE [flags]',
  flags: {
    client: {
      value: 'MODULE',
      says: 'the app to describe: a path, or the name of a shipped client (default: the config’s)',
    },
    against: { value: 'MODULE', says: 'a second one on the same seed; only what differs is told' },
    fault: { value: 'ID', says: 'only this fault', many: true },
    provider: { value: 'P', says: 'whose requests meet the faults (default: what the client assumes, else anthropic)' },
    seed: { value: 'N', says: 'the seed of all chance (default 1)' },
    snapshot: { value: 'FILE', says: 'keep the table in a file; exit 1 when it is another than the one there' },
    update: { says: 'write the snapshot anew' },
    json: { says: 'as JSON, for machines' },
    ...configFlags,
  },
  examples: [
    'blackstart profile --client ./src/assistant.ts --snapshot test/assistant.profile.txt',
    'blackstart profile --client bare-sdk --against ./src/assistant.ts --fault overloaded',
  ],
  async run(invocation) {
    if (invocation.words.length > 0)
      throw new UsageError(
        `"blackstart profile" takes no words: ${invocation.words.join(' ')}.`,
        'Try --client MODULE.',
      )
    const snapshot = invocation.value('snapshot')
    const other = invocation.value('against')
    if (snapshot !== undefined && other !== undefined)
      throw new UsageError('--snapshot holds one client to what it did before; --against compares two.', 'Give one.')
    if (invocation.has('update') && snapshot === undefined)
      throw new UsageError('--update writes the snapshot anew.', 'Say which: --snapshot FILE.')
    const { superviseProfile } = await import('../profile/supervise.ts')
    const { profileDifference, profileTable } = await import('../../reports/profile.ts')
    const request = await requestOf(invocation)
    const one = await superviseProfile(request)
    const second = other === undefined ? undefined : await superviseProfile({ ...request, client: other })
    if (invocation.has('json')) print(`${JSON.stringify(second ? { one, other: second } : one, null, 2)}\n`)
    else print(second ? profileDifference(one, second) : profileTable(one))
    for (const { client, cells } of second ? [one, second] : [one])
      if (neverStreamed(cells)) notice(`blackstart: ${client} never streamed, not even when it was asked to.`)
    return snapshot === undefined ? 0 : hold(snapshot, profileTable(one), invocation.has('update'))
  },
}

/** No fault that only a stream can meet was met. */
function neverStreamed(cells: readonly ProfileCell[]): boolean {
  const ofStreams = cells.filter(cell => !cells.some(({ fault, streamed }) => fault === cell.fault && !streamed))
  return ofStreams.length > 0 && ofStreams.every(({ tasks, problem }) => tasks > 0 && problem !== undefined)
}

async function requestOf(invocation: Invocation): Promise<ProfileRequest> {
  const { loadConfig } = await import('../../run/config/load-config.ts')
  const config = await loadConfig(process.cwd(), configFlag(invocation))
  const client = invocation.value('client') ?? config.client
  if (client === undefined)
    throw new UsageError('Name the client to describe.', 'blackstart profile --client ./src/assistant.ts, for example.')
  const { cellNames } = await import('../../profile/profile.ts')
  const cells = cellNames(invocation.values('fault'))
  return {
    client,
    provider: invocation.value('provider'),
    seed: wholeNumber(invocation, 'seed', 0) ?? config.seed ?? 1,
    config: config.path,
    cells,
    blockedMs: blockedMs(),
  }
}

async function hold(file: string, text: string, update: boolean): Promise<number> {
  const { holdSnapshot } = await import('../profile/snapshot.ts')
  const outcome = holdSnapshot(file, text, update)
  if (outcome.type === 'written') notice(`Wrote ${file}.`)
  if (outcome.type !== 'changed') return 0
  notice(`The client does not do what ${file} says:\n${outcome.lines.map(line => `  ${line}`).join('\n')}`)
  notice('If this is meant, write it anew: --update.')
  return 1
}
