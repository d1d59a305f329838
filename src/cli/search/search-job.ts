import { phasesOf } from '../../arbitraries/parts.ts'
import { nativeNow } from '../../clock/native.ts'
import type { Scenario } from '../../model/scenario.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import { randomOutages, runCampaign, type Stage } from '../../search/campaign.ts'
import { relate } from '../../search/relate.ts'
import { ownRuns } from '../../search/shard.ts'
import type { FoundFailure } from '../../search/summary.ts'
import { type SweepReport, sweep } from '../../search/sweep.ts'
import { Tally } from '../../search/tally.ts'
import type { Counterexample, Tried } from '../../search/types.ts'
import { countOf, type Part, type SearchRequest } from './order.ts'
import { Places } from './places.ts'
import { loadSubject, readBase, readConfig } from './subject.ts'
import type { Bench } from './work.ts'

const tellEveryMs = 500
/** By then the sweep, and then what is compared with further runs, leave the rest of a search's time to what follows. */
const [sweptBy, relatedBy] = [0.4, 0.6]
/** Pairs of faults, at most; whoever asks for few runs at random gets few of them, too, and few faults that last. */
const pairsAtMost = 200
const besides = (runs: number) => Math.max(20, runs)
/** So many runs at random are worth an outage that is compared with a dozen further runs. */
const runsAnOrdeal = 10
/** A process that has grown beyond this is ended, and another goes on. */
const recycleAtBytes = 700 * 2 ** 20
/** Outages that each process tries at the least: it must not end before it has done anything. */
const runsAtLeast = 20

/** Searches one part of the space and tells what comes of it as it comes. */
export async function searchJob(request: SearchRequest, part: Part, bench: Bench): Promise<void> {
  const { send, signal, heartbeat } = bench
  const config = await readConfig(request)
  const base = request.base && readBase(request.base, config)
  const subject = await loadSubject(request, config, base?.scenario ?? { provider: 'anthropic' })
  send({ type: 'loaded', client: subject.integration.name })
  heartbeat.update({ doing: 'starting', client: subject.integration.name, scenario: 'a healthy stretch' })

  const places = new Places(part)
  const teller = new Teller(bench)
  let recycle = false
  const isTooLarge = () => {
    const ran = countOf(places.done) - countOf(part.done)
    recycle ||= ran >= runsAtLeast && process.memoryUsage.rss() > recycleBytes()
    return recycle
  }
  const campaign = await runCampaign({
    ...subject,
    base: base?.scenario,
    baseFile: base?.file,
    ...{
      seed: request.seed,
      shard: part.shard,
      signal,
      known: knownOf(request, part, [...catalogueOf(config).oracles.keys()]),
    },
    // With a number of runs, what is found must not depend on how many workers there are: so no run depends on those
    // before it, and nothing is followed up that was met on the way to something else.
    ...(request.runs !== undefined && { only: [] }),
    others: request.runs === undefined,
    ...(request.oracles.length > 0 && { relations: request.oracles }),
    ...(request.findingsAtMost !== undefined && { findingsAtMost: request.findingsAtMost }),
    ...budgetOf(request, part),
    stages: stagesOf(request, part, { isTooLarge, onSweep: report => send({ type: 'sweep', report }) }),
    onTry(scenario, origin) {
      heartbeat.update({ doing: 'starting', scenario: scenario.id, t: 0, endMs: 0, phase: '', tasks: 0, attempts: 0 })
      send({ type: 'try', scenario, origin, ...places.next(origin) })
    },
    onProgress: ({ t, endMs, phase, tasks, attempts }) =>
      heartbeat.update({ doing: 'running', t, endMs, phase, tasks, attempts }),
    onTried(tried) {
      places.take(tried)
      teller.take(tried)
    },
    onShrinking(oracle, tried) {
      places.shrinking(oracle, tried)
      send({ type: 'shrinking', oracle })
    },
    onFound: found => send({ type: 'found', failure: failureOf(found, places.of(found.oracle)) }),
  })
  teller.flush()
  const { problem, diverged, leaves, passing } = campaign
  send({
    type: 'ended',
    ...(problem !== undefined && { unwell: problem }),
    ...(diverged !== undefined && { diverged }),
    ...(leaves !== undefined && { leaves }),
    ...{ passing, done: places.done, recycle },
  })
  await subject.close()
}

function recycleBytes(): number {
  const given = Number(process.env['BLACKSTART_RECYCLE_MB'])
  return given > 0 ? given * 2 ** 20 : recycleAtBytes
}

/** Those that are known to fail, and those that nobody asks for. */
function knownOf({ oracles }: SearchRequest, { known }: Part, all: readonly string[]): readonly string[] {
  if (oracles.length === 0) return known
  return [...known, ...all.filter(id => !oracles.includes(id)), ...(oracles.includes('conduct') ? [] : ['conduct'])]
}

function budgetOf({ runs }: SearchRequest, { shard, timeMs, done }: Part): { runs?: number; timeMs?: number } {
  const left = runs === undefined ? undefined : ownRuns(runs, shard) - done.random
  // Without any outage at random the sweep alone is the budget.
  if (left !== undefined && left <= 0) return { timeMs: timeMs ?? Number.POSITIVE_INFINITY }
  return { ...(left !== undefined && { runs: left }), ...(timeMs !== undefined && { timeMs }) }
}

interface Watching {
  isTooLarge(): boolean
  onSweep(report: SweepReport): void
}

function stagesOf(
  { runs }: SearchRequest,
  { shard, timeMs, done }: Part,
  { isTooLarge, onSweep }: Watching,
): readonly Stage[] {
  const startMs = nativeNow()
  const isLate = (share: number) => timeMs !== undefined && nativeNow() - startMs >= timeMs * share
  const sweeping: Stage = context =>
    sweep({
      ...context,
      from: done.sweep,
      ...(runs !== undefined && { stretchesAtMost: besides(runs), pairsAtMost: Math.min(pairsAtMost, besides(runs)) }),
      isOver: () => context.isOver() || isLate(sweptBy) || isTooLarge(),
      onProgress: onSweep,
    })
  const relating: Stage = context =>
    relate({
      ...context,
      from: done.relations,
      ...(runs !== undefined && { atMost: Math.ceil(runs / runsAnOrdeal) }),
      isOver: () => context.isOver() || isLate(relatedBy) || isTooLarge(),
    })
  const random: Stage = context =>
    randomOutages({
      ...context,
      shard: { index: shard.index + done.random * shard.of, of: shard.of },
      isOver: () => context.isOver() || isTooLarge(),
    })
  return runs !== undefined && ownRuns(runs, shard) - done.random <= 0
    ? [sweeping, relating]
    : [sweeping, relating, random]
}

/** Counts runs, and tells the counts now and then. */
class Teller {
  private readonly bench: Bench
  private tally = new Tally()
  private toldMs = nativeNow()

  constructor(bench: Bench) {
    this.bench = bench
  }

  take(tried: Tried): void {
    this.tally.add(tried)
    if (nativeNow() - this.toldMs >= tellEveryMs) this.flush()
  }

  flush(): void {
    this.bench.send({ type: 'tally', data: this.tally.data })
    this.tally = new Tally()
    this.toldMs = nativeNow()
  }
}

function failureOf(found: Counterexample, place: FoundFailure['place']): Omit<FoundFailure, 'seenMs' | 'foundMs'> {
  const { oracle, message, origin, text, fileName, journalHash, runs, shrinkMs, confirmed, diverged, scenario } = found
  return {
    ...{ oracle, message, origin, text, fileName, journalHash, runs, shrinkMs, confirmed },
    ...(diverged !== undefined && { diverged }),
    ...{ phases: phaseCount(scenario), place },
  }
}

const phaseCount = (scenario: Scenario) => phasesOf(scenario).length
