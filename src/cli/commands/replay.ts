import { UsageError } from '../../lib/errors.ts'
import type { Command, Invocation } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { notice, print } from '../output.ts'
import type { ReplayRequest } from '../search/replay.ts'
import { bugText } from '../tell-error.ts'

export const replay: Command = {
  name: 'replay',
  group: 'run an outage',
  says: 'run the outage of a found file again, and compare with what it says',
  usage: 'FILE… [flags]',
  flags: {
    client: {
      value: 'MODULE',
      says: 'the app under test: a path, or the name of a shipped client (default: the config’s, else the one that the file names)',
    },
    exact: { says: 'exit 6 where a failure is the same but its journal is another' },
    address: {
      value: 'PROVIDER=URL',
      says: 'where a provider is reached, when a gateway stands in front of it',
      many: true,
    },
    brief: { says: 'say what came of each file, without the report of its run' },
    ...configFlags,
  },
  examples: [
    'blackstart replay blackstart-corpus/settles-1a2b3c4d.yaml --client ./src/assistant.ts',
    'blackstart replay blackstart-corpus --client ./src/assistant.ts --brief',
  ],
  async run(invocation) {
    const { readReplay, superviseReplay, replayExit, replayLine } = await import('../search/replay.ts')
    const request: ReplayRequest = await readReplay(filesOf(invocation), {
      client: invocation.value('client'),
      config: configFlag(invocation),
      addresses: invocation.values('address'),
    })
    const { replayed, refusal, crash, interrupted } = await superviseReplay(request)
    if (refusal) {
      notice(refusal.text)
      return 2
    }
    for (const file of replayed) {
      if (!invocation.has('brief') && file.text !== undefined) print(`${file.text}\n`)
      print(`${replayLine(file)}\n`)
    }
    if (crash) {
      if (!crash.isTold) notice(bugText(crash.message, crash.printed))
      return 70
    }
    return interrupted ?? replayExit(replayed, invocation.has('exact'))
  },
}

function filesOf({ words }: Invocation): readonly string[] {
  if (words.length > 0) return words
  throw new UsageError('Name the file to replay.', 'blackstart search writes them to blackstart-corpus.')
}
