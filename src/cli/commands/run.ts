import { basename, isAbsolute, relative } from 'node:path'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import type { Command, Invocation } from '../command.ts'
import { configFlag, configFlags } from '../config-flags.ts'
import { useColor } from '../output.ts'
import { findScenarios, shippedScenarios, type Target } from '../registry.ts'
import { finish, refuse } from '../run/finish.ts'
import { usualJobs } from '../run/lanes.ts'
import { OutFolder } from '../run/out-folder.ts'
import { usageRefusal } from '../run/refusal.ts'
import { type RunRequest, readRunFlags } from '../run/request.ts'
import { type ReportTarget, readReports } from '../run/targets.ts'
import { expandTargets } from '../run/variants.ts'

export const run: Command = {
  name: 'run',
  group: 'run an outage',
  says: 'run a client through an outage on virtual time, and judge what it did',
  usage: '[SCENARIO…] [flags]',
  flags: {
    client: {
      value: 'MODULE',
      says: 'the app under test: a path, or the name of a shipped client (default: the config’s, else the provider’s bare SDK)',
    },
    seed: { value: 'N', says: 'the seed of all chance (default: the scenario’s own, else 1)' },
    users: { value: 'N', says: 'how many users ask (default 60)' },
    instances: { value: 'N', says: 'how many instances of the app (default 1)' },
    address: {
      value: 'PROVIDER=URL',
      says: 'where a provider is reached, when a gateway stands in front of it',
      many: true,
    },
    answers: {
      value: 'FILE',
      says: 'what the model says: a list as under `answers:` of a scenario; tried before that',
    },
    'answers-from': { value: 'URL', says: 'another mock on this machine that answers well in the provider’s place' },
    duration: { value: 'D', says: 'stretch or shrink the whole scenario to this length, like 10m' },
    tag: {
      value: 'T',
      says: 'only scenarios with this tag, or one of these; alone, all that ship with it',
      many: true,
    },
    relations: { says: 'make further runs of each scenario, and compare them: all relations (see docs/relations.md)' },
    relation: { value: 'ID', says: 'only this relation, like null-run', many: true },
    jobs: { value: 'N', says: 'how many processes run scenarios side by side (default: up to one a core, if it pays)' },
    report: {
      value: 'KIND[=FILE]',
      says: 'terminal, json, junit, markdown or github; to stdout, or to a file',
      many: true,
    },
    out: {
      value: 'DIR',
      says: 'write all there: index.json, junit.xml, summary.md, and each run’s report and journal',
    },
    journal: { value: 'FILE', says: 'write the journal as JSON lines' },
    task: { value: 'ID', says: 'tell one task attempt by attempt instead of the report' },
    ...configFlags,
  },
  examples: [
    'blackstart run global-down',
    'blackstart run claude-2026-03-02 --client ./src/assistant.ts --seed 7',
    'blackstart run --tag ci --client ./src/assistant.ts --out outages --report junit=outages.xml --report terminal',
  ],
  async run(invocation) {
    let reports = readReports(invocation.values('report'))
    let prepared: Prepared
    try {
      const config = await readConfigOf(invocation)
      if (!invocation.has('report')) reports = readReports(config.reports)
      prepared = await prepare(invocation, { config, reports })
    } catch (error) {
      if (error instanceof UsageError) return refuse(reports, usageRefusal(error))
      throw error
    }
    const { request, config } = prepared
    using out = request.out === undefined ? undefined : new OutFolder(request.out)
    const staged = { ...request, staging: out?.staging }
    const { supervise } = await import('../run/supervise.ts')
    return finish(staged, await supervise(staged, config), { config, out })
  },
}

interface Prepared {
  readonly request: RunRequest
  readonly config: LoadedConfig
}

/** The loader and all that it needs come in only where there is a config. */
async function readConfigOf(invocation: Invocation): Promise<LoadedConfig> {
  const { loadConfig } = await import('../../run/config/load-config.ts')
  return loadConfig(process.cwd(), configFlag(invocation))
}

async function prepare(
  invocation: Invocation,
  { config, reports }: { readonly config: LoadedConfig; readonly reports: readonly ReportTarget[] },
): Promise<Prepared> {
  const flags = readRunFlags(invocation)
  const targets = await expandTargets(await readTargets(invocation, config), config)
  if (flags.task !== undefined && targets.length > 1)
    throw new UsageError('--task tells one task of one run.', 'Name one scenario.')
  if (flags.task !== undefined && !reports.some(report => report.kind === 'terminal'))
    throw new UsageError('--task is told by the terminal report.', 'Leave --report out, or add --report terminal=FILE.')
  const request: RunRequest = {
    ...flags,
    config: config.path,
    configFlag: configFlag(invocation),
    jobs: flags.jobs ?? config.jobs ?? usualJobs(targets.length),
    out: invocation.value('out') ?? config.out,
    staging: undefined,
    targets,
    reports,
    color: useColor(process.stdout),
  }
  return { request, config }
}

async function readTargets(invocation: Invocation, config: LoadedConfig): Promise<readonly Target[]> {
  const given = { words: invocation.words, tags: invocation.values('tag') }
  const isNothing = given.words.length === 0 && given.tags.length === 0
  const { words, tags } = isNothing ? { words: config.scenarios.map(asWord), tags: config.tags } : given
  if (words.length === 0 && tags.length === 0)
    throw new UsageError(
      'Name the scenario to run.',
      'blackstart run global-down, for example; blackstart list shows all.',
    )
  const found = words.flatMap(word => ownScenario(word, config) ?? findScenarios(word))
  const named = new Map(found.map(target => [target.path, target]))
  return tags.length === 0 ? [...named.values()] : withTags([...named.values()], tags)
}

/** A file of the config's own by its name, as reports tell it; `undefined` where one that ships has that id. */
function ownScenario(word: string, { scenarios }: LoadedConfig): readonly Target[] | undefined {
  if (!/^[\w-]+$/.test(word) || shippedScenarios().has(word)) return undefined
  const own = scenarios.filter(isAbsolute).flatMap(path => findScenarios(asWord(path)))
  const called = own.filter(({ path }) => basename(path).replace(/\.ya?ml$/, '') === word)
  return called.length > 0 ? called : undefined
}

/** A path of the config as it would be given here: a command to run again is to be typed in another checkout too. */
function asWord(word: string): string {
  if (!isAbsolute(word)) return word
  const path = relative(process.cwd(), word)
  return path === '' || path.startsWith('..') || isAbsolute(path) ? path || '.' : `./${path}`
}

/** Those with any of the tags; every tag must have one. */
async function withTags(named: readonly Target[], tags: readonly string[]): Promise<readonly Target[]> {
  const { readShipped, tagsOf } = await import('../shipped.ts')
  const among = named.length > 0 ? named : readShipped().map(({ scenario, path }) => ({ spec: scenario.id, path }))
  const tagged = among.map(target => ({ target, own: tagsOf(target.path) }))
  for (const tag of tags) {
    if (tagged.some(({ own }) => own.includes(tag))) continue
    const known = [...new Set(tagged.flatMap(({ own }) => own))].sort()
    const near = suggest(tag, known)
    throw new UsageError(
      `No scenario ${named.length > 0 ? 'of those named ' : ''}has the tag "${tag}".`,
      near ? `Did you mean ${near}?` : known.length > 0 ? `Tags: ${known.join(', ')}.` : undefined,
    )
  }
  return tagged.filter(({ own }) => tags.some(tag => own.includes(tag))).map(({ target }) => target)
}
