import { UsageError } from '../../lib/errors.ts'
import type { Command } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { notice, print } from '../output.ts'
import { findScenarios } from '../registry.ts'

export const gameday: Command = {
  name: 'gameday',
  group: 'run an outage',
  says: 'plan an exercise with people on top of an outage: the run-of-show, the responders’ copy, a rehearsal',
  usage: 'plan FILE [flags]',
  flags: {
    responders: { says: 'print what responders get, with nothing of what will happen' },
    tabletop: { says: 'print the story alone, for a round at a table without faults' },
    rehearse: { says: 'play the whole show on virtual time first, and print what the app did at each cue' },
    client: {
      value: 'MODULE',
      says: 'the app for the rehearsal (default: the config’s, else the provider’s bare SDK)',
    },
    users: { value: 'N', says: 'how many users ask in the rehearsal (default 60)' },
    ...configFlags,
  },
  examples: ['blackstart gameday plan claude-2026-03-02', 'blackstart gameday plan ./our-day.yaml --responders'],
  async run(invocation) {
    const [action, word, ...more] = invocation.words
    if (action !== 'plan')
      throw new UsageError(
        action === undefined ? 'Say what to do with a game day.' : `There is no "gameday ${action}".`,
        'blackstart gameday plan FILE prints the run-of-show.',
      )
    if (word === undefined)
      throw new UsageError('Name the scenario, or the game day’s file.', 'blackstart gameday plan claude-2026-03-02')
    if (more.length > 0) throw new UsageError('One game day is planned at a time.')
    const kinds = ['responders', 'tabletop', 'rehearse'].filter(flag => invocation.has(flag))
    if (kinds.length > 1)
      throw new UsageError(`--${kinds.join(' and --')} are two papers.`, 'Print one after the other.')
    const { planGameDay } = await import('../gameday/plan-game-day.ts')
    const [target, ...others] = findScenarios(word)
    if (!target || others.length > 0)
      throw new UsageError(`${word} holds several scenarios; a game day is one.`, `For example ${target?.spec}.`)
    const planned = await planGameDay({
      path: target.path,
      kind: kinds[0],
      config: configFlag(invocation),
      client: invocation.value('client'),
      users: invocation.value('users'),
    })
    if (planned.problems !== '') notice(planned.problems)
    if (planned.text === undefined) return 2
    print(planned.text)
    return 0
  },
}
