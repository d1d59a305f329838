import { parseDuration } from '../../lib/duration.ts'
import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'
import { wholeNumber } from '../args.ts'
import type { Invocation } from '../command.ts'
import { checkWritable } from '../run/targets.ts'
import { readTelemetry, type TelemetryRequest } from '../telemetry/request.ts'
import { type OwnVariable, readEnv } from './env-flag.ts'
import { type PassThroughFlags, readPassThrough } from './pass-through.ts'

export const engines = ['loopback', 'toxiproxy'] as const
export type EngineName = (typeof engines)[number]

/** What `blackstart drill` was asked to do, beside what it shares with `run`. */
export interface DrillRequest {
  /** Absent where `--resume` has it. */
  readonly scenario: string | undefined
  readonly command: readonly string[]
  readonly engine: EngineName
  readonly speed: number
  /** `--healed`, as given and in ms. */
  readonly healed: { readonly text: string; readonly ms: number } | undefined
  readonly port: number | undefined
  readonly listen: string | undefined
  /** The providers speak HTTPS. */
  readonly tls: boolean
  /** Port of the control API; absent when it is not to be opened. */
  readonly control: number | undefined
  readonly controlFile: string | undefined
  readonly envFile: string | undefined
  /** `--upstream` and what belongs to it. */
  readonly passThrough: PassThroughFlags | undefined
  /** `--ready`, as given. */
  readonly ready: string | undefined
  /** `--env`: variables of the program's own. */
  readonly env: readonly OwnVariable[]
  /** `--otel` and `--metrics`. */
  readonly telemetry: TelemetryRequest
}

/** Faster than this, a second of the scenario is less than a timer can tell. */
const fastest = 1_000

/** Throws a `UsageError` for what makes no sense, before anything is opened. */
export function readDrillFlags(invocation: Invocation): DrillRequest {
  const [scenario, ...more] = invocation.words
  if (scenario === undefined && !invocation.has('resume'))
    throw new UsageError('Name the scenario to drill.', 'blackstart drill global-down -- npm start, for example.')
  if (more.length > 0)
    throw new UsageError(
      `A drill goes through one scenario: ${more.join(' ')} is one word too many.`,
      'A program to start stands behind --: blackstart drill global-down -- npm start',
    )
  if (invocation.command?.length === 0)
    throw new UsageError('There is no program behind --.', 'Write it there: -- npm start, or leave the -- out.')
  const controlFile = fileOf(invocation, 'control-file')
  const control = portOf(invocation, 'control', 0)
  return {
    scenario,
    command: invocation.command ?? [],
    engine: engineOf(invocation.value('engine') ?? 'loopback'),
    speed: speedOf(invocation.value('speed')),
    healed: healedOf(invocation.value('healed')),
    port: portOf(invocation, 'port', 1),
    listen: invocation.value('listen'),
    tls: invocation.has('tls'),
    control: control ?? (controlFile === undefined ? undefined : 0),
    controlFile,
    envFile: fileOf(invocation, 'save-env'),
    passThrough: readPassThrough(invocation),
    ready: invocation.value('ready'),
    env: readEnv(invocation.values('env')),
    telemetry: readTelemetry(invocation),
  }
}

function engineOf(name: string): EngineName {
  const engine = engines.find(one => one === name)
  if (engine) return engine
  const near = suggest(name, [...engines])
  throw new UsageError(
    `There is no engine "${name}" for drills.`,
    near ? `Did you mean ${near}?` : `Engines: ${engines.join(', ')}. Simulations (blackstart run) have their own.`,
  )
}

function speedOf(text: string | undefined): number {
  if (text === undefined) return 1
  const speed = Number(text)
  if (/^\d+(?:\.\d+)?$/.test(text) && speed >= 1 && speed <= fastest) return speed
  throw new UsageError(
    `--speed ${text}: expected a number from 1 to ${fastest}.`,
    'At 20, an hour takes three minutes.',
  )
}

function healedOf(text: string | undefined): DrillRequest['healed'] {
  if (text === undefined) return undefined
  const ms = parseDuration(text)
  if (ms !== undefined && ms > 0) return { text, ms }
  throw new UsageError(`--healed ${text}: expected a length of time.`, 'Write it like 20s or 2m.')
}

function portOf(invocation: Invocation, flag: string, min: number): number | undefined {
  const port = wholeNumber(invocation, flag, min)
  if (port !== undefined && port > 65_535) throw new UsageError(`--${flag} ${port}: ports end at 65535.`)
  return port
}

function fileOf(invocation: Invocation, flag: string): string | undefined {
  const file = invocation.value(flag)
  if (file !== undefined) checkWritable(file, `--${flag}`)
  return file
}
