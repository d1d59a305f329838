import { UsageError } from '../../lib/errors.ts'
import type { Command, Flag, FlagGroup, Invocation } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { drillFlags } from '../drill/flags.ts'
import { notice, print } from '../output.ts'
import { findScenarios } from '../registry.ts'
import { refuse } from '../run/finish.ts'
import { usageRefusal } from '../run/refusal.ts'
import { readReports } from '../run/targets.ts'

const planFlags: Readonly<Record<string, Flag>> = {
  responders: { says: 'print what responders get, with nothing of what will happen' },
  tabletop: { says: 'print the story alone, for a round at a table without faults' },
  yaml: { says: 'print the file itself, to make it your own: > day.yaml' },
  rehearse: { says: 'play the whole show on virtual time first, and print what the app did at each cue' },
}

const runFlags: Readonly<Record<string, Flag>> = {
  go: { says: 'all that a person has to see to before it begins has been seen to' },
  html: { value: 'FILE', says: 'write the report there, a page with pictures, as blackstart report makes it' },
  markdown: { value: 'FILE', says: 'the same as Markdown' },
  console: {
    value: 'PORT',
    says: 'the port of the web console, where the word to begin is given (default: a free one)',
  },
  'no-console': { says: 'hold it without the web console, from the terminal alone' },
  app: { value: 'URL', says: 'where the app is, for the people in the console' },
  'inject-webhook': { value: 'URL', says: 'tell people there too, each inject as JSON' },
}

const cardFlags: Readonly<Record<string, Flag>> = {
  scorecard: { value: 'FILE', says: 'write the scorecard there, as Markdown' },
  last: { value: 'JOURNAL', says: 'the journal of the last time, to stand beside this one' },
}

/** Flags that several of its actions take. */
const shared = ['client', 'users', ...Object.keys(configFlags)]

/** What each action takes. */
const actions: Readonly<Record<string, readonly string[]>> = {
  plan: [...Object.keys(planFlags), ...shared],
  run: [...Object.keys({ ...runFlags, ...cardFlags, ...drillFlags }), ...shared],
  score: [...Object.keys(cardFlags), ...Object.keys(configFlags)],
}

/** What a drill takes fills a page of its own: here stand those that hardly a game day goes without. */
const usual = ['client', 'speed', 'journal', 'resume', 'control-file']
const others = Object.keys(drillFlags).filter(name => !usual.includes(name))

const groups: readonly FlagGroup[] = [
  {
    title: 'plan FILE, which prints a paper and begins nothing',
    flags: [...Object.keys(planFlags), 'client', 'users'],
  },
  {
    title: 'run FILE [-- COMMAND …]',
    flags: [...usual, ...Object.keys(runFlags), ...Object.keys(cardFlags)],
    more: `and what a drill takes (blackstart drill --help):\n${namesText(others)}`,
  },
  { title: 'score JOURNAL', flags: Object.keys(cardFlags) },
  { title: 'all of them', flags: Object.keys(configFlags) },
]

/** In lines that a terminal has room for. */
function namesText(names: readonly string[]): string {
  const lines: string[] = []
  for (const name of names.map(one => `--${one}`)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + name.length < 76) lines[lines.length - 1] = `${last} ${name}`
    else lines.push(`  ${name}`)
  }
  return lines.join('\n')
}

export const gameday: Command = {
  name: 'gameday',
  group: 'run an outage',
  says: 'an exercise with people on top of an outage: plan it, hold it, score it',
  usage: 'plan|run FILE [flags] [-- COMMAND …], or score JOURNAL [flags]',
  takesCommand: true,
  flags: { ...planFlags, ...runFlags, ...cardFlags, ...drillFlags, ...configFlags },
  groups,
  examples: [
    'blackstart gameday plan game-day-claude-2026-03-02',
    'blackstart gameday plan ./our-day.yaml --responders',
    'blackstart gameday run ./our-day.yaml --journal day.jsonl --scorecard day.md -- npm start',
    'blackstart gameday run --resume day.jsonl -- npm start',
    'blackstart gameday score day.jsonl --last last-time.jsonl',
  ],
  async run(invocation) {
    const [action, ...words] = invocation.words
    const taken = action === undefined ? undefined : actions[action]
    if (!taken)
      throw new UsageError(
        action === undefined ? 'Say what to do with a game day.' : `There is no "gameday ${action}".`,
        'blackstart gameday plan FILE prints the run-of-show, gameday run FILE holds it, gameday score JOURNAL looks back.',
      )
    const odd = Object.keys(gameday.flags).find(flag => invocation.has(flag) && !taken.includes(flag))
    if (odd !== undefined)
      throw new UsageError(`"gameday ${action}" takes no --${odd}.`, 'blackstart gameday --help says what each takes.')
    const own: Invocation = { ...invocation, words }
    if (action === 'run') return holdGameDay(own)
    if (invocation.command)
      throw new UsageError(
        `"gameday ${action}" starts no program.`,
        'blackstart gameday run FILE -- npm start holds it.',
      )
    return action === 'plan' ? plan(own) : score(own)
  },
}

async function plan(invocation: Invocation): Promise<number> {
  const [word, ...more] = invocation.words
  if (word === undefined)
    throw new UsageError('Name the scenario, or the game day’s file.', 'blackstart gameday plan claude-2026-03-02')
  if (more.length > 0) throw new UsageError('One game day is planned at a time.')
  const kinds = Object.keys(planFlags).filter(flag => invocation.has(flag))
  if (kinds.length > 1) throw new UsageError(`--${kinds.join(' and --')} are two papers.`, 'Print one after the other.')
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
}

async function holdGameDay(invocation: Invocation): Promise<number> {
  if (invocation.words.length === 0 && !invocation.has('resume'))
    throw new UsageError(
      'Name the scenario, or the game day’s file.',
      'blackstart gameday run ./our-day.yaml -- npm start',
    )
  let reports = readReports(invocation.values('report'))
  try {
    const { loadConfig } = await import('../../run/config/load-config.ts')
    const config = await loadConfig(process.cwd(), configFlag(invocation))
    if (!invocation.has('report')) reports = readReports(config.reports)
    const { runGameDay } = await import('../gameday/run-game-day.ts')
    return await runGameDay(invocation, { config, reports })
  } catch (error) {
    if (error instanceof UsageError) return refuse(reports, usageRefusal(error))
    throw error
  }
}

async function score(invocation: Invocation): Promise<number> {
  const [file, ...more] = invocation.words
  if (file === undefined || more.length > 0)
    throw new UsageError('Name the journal of the game day.', 'blackstart gameday score day.jsonl')
  const { scoreGameDay } = await import('../gameday/score-game-day.ts')
  const { loadConfig } = await import('../../run/config/load-config.ts')
  const text = scoreGameDay({
    ...{ file, last: invocation.value('last'), out: invocation.value('scorecard') },
    config: await loadConfig(process.cwd(), configFlag(invocation)),
  })
  if (text !== '') print(text)
  return 0
}
