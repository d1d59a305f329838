import { existsSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseDuration } from '../../lib/duration.ts'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { loadConfig } from '../../run/config/load-config.ts'
import { usualCorpus } from '../../search/corpus.ts'
import { parseShard, type Shard, whole } from '../../search/shard.ts'
import { wholeNumber } from '../args.ts'
import type { Invocation } from '../command.ts'
import { configFlag } from '../config-flags.ts'
import { findScenarios, type Target } from '../registry.ts'
import { readAddresses } from '../run/request.ts'
import type { SearchRequest } from './order.ts'

const usualTimeMs = 60_000
/** Workers, at most, where nobody says how many: each runs the client's clean stretches anew. */
const workersAtMost = 8

/** Reads the flags of `search`. Throws a `UsageError`. */
export async function readSearchRequest(
  invocation: Invocation,
): Promise<{ readonly request: SearchRequest; readonly config: LoadedConfig }> {
  if (invocation.words.length > 0)
    throw new UsageError(
      `"blackstart search" takes no words: ${invocation.words.join(' ')}.`,
      'The client is named by --client, and a scenario to vary by --scenario.',
    )
  const config = await loadConfig(process.cwd(), configFlag(invocation))
  const runs = wholeNumber(invocation, 'runs', 0)
  const stopAfter = wholeNumber(invocation, 'stop-after', 1)
  const timeMs = readTime(invocation.value('time')) ?? (runs === undefined ? usualTimeMs : undefined)
  const corpus = invocation.value('corpus') ?? usualCorpus
  if (existsSync(corpus) && !statSync(corpus).isDirectory())
    throw new UsageError(
      `--corpus ${corpus}: this is a file.`,
      'Name a folder; blackstart replay FILE replays one file.',
    )
  return {
    config,
    request: {
      client: invocation.value('client'),
      config: config.path,
      addresses: readAddresses(invocation.values('address')),
      base: readBaseTarget(invocation.value('scenario')),
      seed: wholeNumber(invocation, 'seed', 0) ?? config.seed ?? 1,
      ...{ runs, timeMs, corpus },
      ...(stopAfter !== undefined && { findingsAtMost: stopAfter }),
      shard: readShard(invocation.value('shard')),
      workers: wholeNumber(invocation, 'workers', 1) ?? Math.min(workersAtMost, availableParallelism()),
      oracles: readOracles(invocation.values('oracle'), config),
    },
  }
}

function readTime(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0) return ms
  throw new UsageError(`--time ${text}: expected a length of time.`, 'Write it like 90s, 10m or 1h30m.')
}

function readShard(text: string | undefined): Shard {
  const shard = text === undefined ? whole : parseShard(text)
  if (shard) return shard
  throw new UsageError(`--shard ${text}: expected which part of how many.`, 'Write it like 1/4, up to 4/4.')
}

function readBaseTarget(word: string | undefined): Target | undefined {
  if (word === undefined) return undefined
  const targets = findScenarios(word)
  if (targets.length !== 1)
    throw new UsageError(`--scenario ${word} means ${targets.length} scenarios.`, 'A search varies one: name its file.')
  return targets[0]
}

function readOracles(given: readonly string[], config: LoadedConfig): readonly string[] {
  const known = [...catalogueOf(config).oracles.keys(), 'conduct']
  for (const id of given) {
    if (known.includes(id)) continue
    const near = suggest(id, known)
    throw new UsageError(
      `--oracle ${id}: there is no such oracle.`,
      near ? `Did you mean ${near}?` : 'blackstart search --help tells where they are listed.',
    )
  }
  return given
}
