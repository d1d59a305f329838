import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import type { Command, Invocation } from '../command.ts'
import { useColor } from '../output.ts'
import { findScenarios, type Target } from '../registry.ts'
import { finish, refuse } from '../run/finish.ts'
import { usageRefusal } from '../run/refusal.ts'
import { type RunRequest, readRunFlags } from '../run/request.ts'
import { type ReportTarget, readReports } from '../run/targets.ts'
import { expandTargets } from '../run/variants.ts'

export const run: Command = {
  name: 'run',
  group: 'run an outage',
  says: 'run a client through an outage on virtual time, and judge what it did',
  usage: 'SCENARIO… [flags]',
  flags: {
    client: {
      value: 'MODULE',
      says: 'the app under test: a path, or the name of a shipped client (default: the provider’s bare SDK)',
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
    tag: { value: 'T', says: 'only scenarios with this tag; alone, all that ship with it' },
    report: { value: 'KIND[=FILE]', says: 'terminal or json; to stdout, or to a file', many: true },
    journal: { value: 'FILE', says: 'write the journal as JSON lines' },
    task: { value: 'ID', says: 'tell one task attempt by attempt instead of the report' },
  },
  examples: [
    'blackstart run global-down',
    'blackstart run claude-2026-03-02 --client ./src/assistant.ts --seed 7',
    'blackstart run --tag ci --client ./src/assistant.ts --report json=outage.json --report terminal',
  ],
  async run(invocation) {
    const reports = readReports(invocation.values('report'))
    let request: RunRequest
    try {
      request = await readRequest(invocation, reports)
    } catch (error) {
      if (error instanceof UsageError) return refuse(reports, usageRefusal(error))
      throw error
    }
    const { supervise } = await import('../run/supervise.ts')
    return finish(request, await supervise(request))
  },
}

async function readRequest(invocation: Invocation, reports: readonly ReportTarget[]): Promise<RunRequest> {
  const flags = readRunFlags(invocation)
  const targets = await expandTargets(await readTargets(invocation))
  if (flags.task !== undefined && targets.length > 1)
    throw new UsageError('--task tells one task of one run.', 'Name one scenario.')
  if (flags.task !== undefined && !reports.some(report => report.kind === 'terminal'))
    throw new UsageError('--task is told by the terminal report.', 'Leave --report out, or add --report terminal=FILE.')
  return { ...flags, targets, reports, color: useColor(process.stdout) }
}

async function readTargets(invocation: Invocation): Promise<readonly Target[]> {
  const { words } = invocation
  const tag = invocation.value('tag')
  if (words.length === 0 && tag === undefined)
    throw new UsageError(
      'Name the scenario to run.',
      'blackstart run global-down, for example; blackstart list shows all.',
    )
  const named = new Map(words.flatMap(word => findScenarios(word)).map(target => [target.path, target]))
  if (tag === undefined) return [...named.values()]
  return withTag([...named.values()], tag)
}

async function withTag(named: readonly Target[], tag: string): Promise<readonly Target[]> {
  const { readShipped, tagsOf } = await import('../shipped.ts')
  const among = named.length > 0 ? named : readShipped().map(({ scenario, path }) => ({ spec: scenario.id, path }))
  const tagged = among.filter(target => tagsOf(target.path).includes(tag))
  if (tagged.length > 0) return tagged
  const known = [...new Set(among.flatMap(target => tagsOf(target.path)))].sort()
  const near = suggest(tag, known)
  throw new UsageError(
    `No scenario ${named.length > 0 ? 'of those named ' : ''}has the tag "${tag}".`,
    near ? `Did you mean ${near}?` : known.length > 0 ? `Tags: ${known.join(', ')}.` : undefined,
  )
}
