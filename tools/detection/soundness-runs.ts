import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Frame } from '../../src/arbitraries/frame.ts'
import { drawOutage } from '../../src/arbitraries/outage-arbitrary.ts'
import { randomStream } from '../../src/lib/draw.ts'
import type { Integration } from '../../src/model/integration.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { runScenario } from '../../src/run/run-scenario.ts'
import { printScenario } from '../../src/scenario/index.ts'
import { frameOf } from '../../src/search/explore.ts'
import { loadSound, type SoundClient } from './sound-clients.ts'

/** Requests that an outage would bring about if all were well, about: what bounds the cost of a run. */
const attemptsARun = 150

export const cacheFolder = resolve(import.meta.dirname, '../../.cache/soundness')

/** Outages `from` to `to` of a client, `to` not included. The number of an outage is its seed. */
export interface Cell {
  readonly client: SoundClient
  readonly from: number
  readonly to: number
  /** Requests in a healthy run, about; 150 when absent. */
  readonly attempts?: number
}

export interface Accusation {
  readonly outage: number
  readonly oracle: string
  readonly message: string
  /** Where the outage was written to. */
  readonly file: string
}

export interface Tally {
  readonly runs: number
  readonly attempts: number
  /** Ended without a verdict: nothing landed, or the outage did not let the app begin. */
  readonly inconclusive: number
  readonly accusations: readonly Accusation[]
  /** Outages in which an oracle warned, or that ended without a verdict for another reason than that nothing landed. */
  readonly warnings: Readonly<Record<string, readonly number[]>>
  /** Wall-clock time, ms. */
  readonly ms: number
}

const frames = new Map<string, Promise<{ integration: Integration; frame: Frame }>>()

function framed(client: SoundClient) {
  const known = frames.get(client.name)
  if (known) return known
  const fresh = loadSound(client).then(async integration => ({ integration, frame: await frameOf(integration) }))
  frames.set(client.name, fresh)
  return fresh
}

/** Outage number `index` of a client: the same for ever, as long as the generator is. */
export async function outageOf(client: SoundClient, index: number, attempts = attemptsARun): Promise<Scenario> {
  const { frame } = await framed(client)
  const next = randomStream(index, 'soundness', client.name)
  for (let i = 0; i < triesAtMost; i++) {
    const outage = drawOutage(frame, next, { attempts })
    if (hasRoom(outage)) return outage
  }
  throw new Error(`${client.name}: no outage of ${triesAtMost} left the app a slot of its own.`)
}

const triesAtMost = 50

/** A part of a slot answers a single request so slowly that no client is served well by it, on the best of days. */
function hasRoom({ capacity = [] }: Scenario): boolean {
  return capacity.every(({ slots = Number.POSITIVE_INFINITY, population = 1 }) => slots >= population)
}

/** Runs a cell, one outage after the other: a run owns the globals of its process. */
export async function runCell({ client, from, to, attempts: budget }: Cell): Promise<Tally> {
  const { integration } = await framed(client)
  const startedMs = performance.now()
  let [attempts, inconclusive] = [0, 0]
  const accusations: Accusation[] = []
  const warnings: Record<string, number[]> = {}
  const warn = (what: string, index: number) => (warnings[what] = [...(warnings[what] ?? []), index])
  for (let index = from; index < to; index++) {
    const scenario = await outageOf(client, index, budget)
    const { exitCode, findings, journal } = await runScenario({ scenario, integration, seed: index })
    attempts += journal.filter(({ type }) => type === 'attempt-started').length
    if (exitCode === 1) {
      const fatal = findings.filter(({ severity }) => severity === 'fail')
      const file = write(
        client.name,
        index,
        scenario,
        fatal.map(({ oracle, message }) => `${oracle}: ${message}`),
      )
      for (const { oracle, message } of fatal) accusations.push({ outage: index, oracle, message, file })
    } else if (exitCode !== 0) {
      inconclusive++
      if (exitCode !== 6) warn(`exit ${exitCode}`, index)
    }
    const warned = findings.filter(({ severity }) => severity === 'warn').map(({ oracle }) => oracle)
    for (const oracle of new Set(warned)) warn(oracle, index)
  }
  return { runs: to - from, attempts, inconclusive, accusations, warnings, ms: performance.now() - startedMs }
}

function write(client: string, index: number, scenario: Scenario, says: readonly string[]): string {
  mkdirSync(cacheFolder, { recursive: true })
  const file = join(cacheFolder, `${client}-${index}.yaml`)
  const head = [`${client}, seed ${index}`, ...says].map(line => `# ${line.replaceAll('\n', ' ')}\n`).join('')
  writeFileSync(file, head + printScenario(scenario, catalogue))
  return file
}

export function addTallies(tallies: readonly Tally[]): Tally {
  const sum = (pick: (tally: Tally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0)
  const warnings: Record<string, readonly number[]> = {}
  for (const tally of tallies)
    for (const [what, outages] of Object.entries(tally.warnings))
      warnings[what] = [...(warnings[what] ?? []), ...outages]
  return {
    runs: sum(({ runs }) => runs),
    attempts: sum(({ attempts: count }) => count),
    inconclusive: sum(({ inconclusive: count }) => count),
    accusations: tallies.flatMap(({ accusations }) => accusations),
    warnings,
    ms: sum(({ ms }) => ms),
  }
}
