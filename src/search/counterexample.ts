import { isAbsolute } from 'node:path'
import { shownPath } from '../clients/find-client.ts'
import type { Json, Scenario } from '../model/scenario.ts'
import type { FullCatalogue } from '../run/catalogue.ts'
import { printScenario } from '../scenario/index.ts'
import { confirm } from './confirm.ts'
import { foundText, happenedHash, nameFound } from './found-file.ts'
import { versionsAtWork } from './provenance.ts'
import { type Shrunk, shrink } from './shrink.ts'
import type { Counterexample, RunWith, Subject, Tried, Try } from './types.ts'
import { withRelation } from './with-relation.ts'

export interface FindOptions extends Subject {
  readonly attempt: Try
  readonly catalogue: FullCatalogue
  readonly runWith?: RunWith
  /** Of the search. */
  readonly seed: number
  /** Outages tried before this one failed. */
  readonly run: number
  readonly shrinkMs?: number
  readonly signal?: AbortSignal | undefined
}

/** Seeds over which a finding that chance has a part in is estimated anew. */
const seedsToEstimate = 20
/** Seeds with which such a finding must fail at every step of its way to the smallest. */
const seedsToShrink = [1, 2, 3]

export interface Found {
  readonly counterexample: Counterexample
  /** Failures of other oracles that were met on the way. */
  readonly others: readonly Tried[]
}

/**
 * Makes of a failure its smallest form, names it, and replays that from its own text. `undefined` when the oracle does
 * not fail in a run that goes to its end: then it failed but for a while.
 */
export async function counterexampleOf(met: Tried, oracle: string, options: FindOptions): Promise<Found | undefined> {
  const tried: Tried = { ...met, scenario: withRelation(met.scenario, oracle) }
  const { attempt, catalogue, signal, shrinkMs } = options
  const entire = async (scenario: Scenario) => {
    const { failed } = await attempt(scenario, 'shrink', { whole: true })
    return failed.includes(oracle)
  }
  const isSteady = await entire(tried.scenario)
  if (!isSteady) return undefined
  const kind = catalogue.oracles.get(oracle)?.kind
  const seeds = kind === 'statistical' && (await failsWith(tried.scenario, oracle, attempt)) ? seedsToShrink : undefined
  const how = { oracle, attempt, catalogue, seeds, signal, ...(shrinkMs !== undefined && { timeMs: shrinkMs }) }
  let small: Shrunk = await shrink(tried, { ...how, toEnd: kind !== 'safety' && kind !== undefined })
  // A run that ended early failed; the same one may be excused by how it goes on.
  if (!(await entire(small.scenario))) small = await shrink(tried, { ...how, toEnd: true })

  const named = nameFound(small.scenario, oracle, catalogue)
  const text = printScenario(named, catalogue)
  const subject: Subject = options
  const confirmed = await confirm(text, { ...subject, oracle, runWith: options.runWith ?? {}, signal })
  const { result, finding, diverged } = confirmed
  const estimate = kind === 'statistical' ? await failingSeeds(named, oracle, attempt) : undefined
  const module = clientWord(options)
  const provenance: Record<string, Json> = {
    client: options.integration.name,
    ...(module !== undefined && { module }),
    search_seed: options.seed,
    run: options.run,
    shrink_runs: small.runs,
    ...(estimate !== undefined && { fails_for: `${estimate} of ${seedsToEstimate} seeds` }),
    engine: result.engine,
    ...versionsAtWork(options.path),
    happened: happenedHash(result),
  }
  const message = finding?.message ?? ''
  const isExact = diverged === undefined && !result.realIo
  const counterexample: Counterexample = {
    oracle,
    scenario: named,
    text: foundText({
      ...{ scenario: named, oracle, message, client: options.integration.name, provenance, catalogue },
      clientFlag: clientFlag(options),
      journalHash: isExact ? result.journalHash : undefined,
    }),
    journalHash: result.journalHash,
    runs: small.runs,
    shrinkMs: Math.round(small.ms),
    ...(diverged !== undefined && { diverged }),
    confirmed: confirmed.confirmed,
    message,
    origin: tried.origin,
    fileName: `${named.id}.yaml`,
  }
  return { counterexample, others: small.others }
}

/** How a command line names the client; nothing where only the config does, or a place on one machine. */
function clientWord({ spec, path }: Subject): string | undefined {
  const word = spec ?? (path === undefined ? undefined : shownPath(path, process.cwd()))
  return word === undefined || word === '' || isAbsolute(word) ? undefined : word
}

const clientFlag = (subject: Subject) => (subject.spec === '' ? '' : `--client ${clientWord(subject) ?? 'FILE'}`)

async function failsWith(scenario: Scenario, oracle: string, attempt: Try): Promise<boolean> {
  for (const seed of seedsToShrink)
    if (!(await attempt(scenario, 'shrink', { whole: true, seed })).failed.includes(oracle)) return false
  return true
}

async function failingSeeds(scenario: Scenario, oracle: string, attempt: Try): Promise<number> {
  let failing = 0
  for (let seed = 1; seed <= seedsToEstimate; seed++)
    if ((await attempt(scenario, 'shrink', { whole: true, seed })).failed.includes(oracle)) failing++
  return failing
}
