import { relative, sep } from 'node:path'
import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import { compilePlan } from '../model/timeline.ts'
import { severityStrip } from '../reports/severity-strip.ts'
import { catalogue } from '../run/catalogue.ts'
import { packageRoot } from './registry.ts'
import { readShipped, type Shipped } from './shipped.ts'

/** What `list` tells of a scenario. */
export interface ListedScenario {
  readonly id: string
  readonly title: string
  readonly provider: string
  /** Severity over time, one character a column. */
  readonly shape: string
  readonly lengthMs: number
  readonly source: 'precedent' | 'shape'
  /** The incident it retells or is taken from. */
  readonly precedent?: string
  /** Where that is documented. */
  readonly sources: readonly string[]
  /** The client it needs, where any will not do. */
  readonly needs?: string
  readonly tags: readonly string[]
  readonly file: string
}

/** All scenarios that ship, by id, sorted. */
export function shelf(): readonly ListedScenario[] {
  return readShipped().map(listed)
}

function listed({ scenario, path, lengthMs }: Shipped): ListedScenario {
  const { id, title = '', provider, basis, needs, tags = [] } = scenario
  const file = relative(packageRoot, path).split(sep).join('/')
  return {
    id,
    title,
    provider,
    shape: severityStrip(compilePlan(scenario, catalogue.faults)),
    lengthMs,
    source: file.startsWith('scenarios/precedents/') ? 'precedent' : 'shape',
    ...(basis?.precedent !== undefined && { precedent: basis.precedent }),
    sources: basis?.sources ?? [],
    ...(needs?.client !== undefined && { needs: needs.client }),
    tags,
    file,
  }
}

/** What to choose by; all of it must hold. */
export interface Choice {
  /** Each must stand in the id, the title, the source or a tag. */
  readonly words: readonly string[]
  readonly tags: readonly string[]
  readonly provider: string | undefined
}

/** The rows that were asked for. Throws a `UsageError` where no row can be meant, with what might have been. */
export function chosen(rows: readonly ListedScenario[], { words, tags, provider }: Choice): readonly ListedScenario[] {
  const allTags = unique(rows.flatMap(row => row.tags))
  for (const tag of tags)
    if (!allTags.includes(tag)) throw unknown(`No scenario has the tag "${tag}".`, tag, allTags, 'Tags')
  const allProviders = unique(rows.flatMap(providersOf))
  if (provider !== undefined && !allProviders.includes(provider))
    throw unknown(`No scenario befalls "${provider}".`, provider, allProviders, 'Providers')
  const found = rows.filter(
    row =>
      tags.every(tag => row.tags.includes(tag)) &&
      (provider === undefined || providersOf(row).includes(provider)) &&
      words.every(word => textOf(row).includes(word.toLowerCase())),
  )
  if (found.length > 0) return found
  const asked = [...words, ...tags.map(tag => `--tag ${tag}`), ...(provider ? [`--provider ${provider}`] : [])]
  throw new UsageError(`No scenario is all of: ${asked.join(', ')}.`, 'Leave one out; blackstart list shows all.')
}

function unknown(message: string, given: string, known: readonly string[], what: string): UsageError {
  const near = suggest(given, known)
  return new UsageError(message, near ? `Did you mean ${near}?` : `${what}: ${known.join(', ')}.`)
}

/** The provider whose surfaces it names by default, and the folder it stands in: an edge or a cloud has no surfaces of its own. */
function providersOf({ provider, file }: ListedScenario): readonly string[] {
  const [, folder, shelfName] = file.split('/')
  return folder === 'precedents' && shelfName !== undefined ? [provider, shelfName] : [provider]
}

function textOf({ id, title, precedent, sources, tags }: ListedScenario): string {
  return [id, title, precedent ?? '', ...sources, ...tags].join('\n').toLowerCase()
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}
