import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { nativeClearInterval, nativeNow, nativeSetInterval } from '../../clock/native.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Profile, ProfileCell } from '../../profile/cell.ts'
import type { CellName } from '../../profile/profile.ts'
import { type ProfileMessage, type ProfileOrder, profileVariable } from './order.ts'

const bin = fileURLToPath(new URL('../../../bin/blackstart.js', import.meta.url))
const tickMs = 100
/** The client and its packages may take this many times as long to load: that is work, not a block. */
const loadPatience = 12

export interface ProfileRequest extends ProfileOrder {
  /** How long the client's event loop may stand still, real ms. */
  readonly blockedMs: number
  onCell?(cell: ProfileCell, done: number): void
}

/**
 * Profiles a client in a process of its own: one that blocks its event loop, or dies, loses only the cell that it did it
 * in. Rejects with a `UsageError` when the client cannot be loaded.
 */
export async function superviseProfile({ blockedMs, onCell, ...order }: ProfileRequest): Promise<Profile> {
  const cells: ProfileCell[] = []
  const take = (cell: ProfileCell) => {
    cells.push(cell)
    onCell?.(cell, cells.length)
  }
  let loaded: { client: string; provider: string } | undefined
  while (cells.length < order.cells.length) {
    const rest = order.cells.slice(cells.length)
    const had = cells.length
    const ending = await oneProcess({ ...order, cells: rest }, blockedMs, message => {
      if (message.type === 'loaded') loaded = message
      if (message.type === 'refused') throw new UsageError(message.message, message.hint)
      if (message.type === 'cell') take(message.cell)
    })
    if (!loaded) throw new UsageError(`Failed to profile "${order.client}": ${ending}`, 'Run it alone to see why.')
    const next = order.cells[cells.length]
    if (next && (ending !== 'done' || cells.length === had)) take(unfinished(next, ending))
  }
  return {
    version: 1,
    client: loaded?.client ?? order.client,
    provider: loaded?.provider ?? order.provider ?? 'anthropic',
    seed: order.seed,
    cells,
  }
}

function unfinished({ fault, streamed }: CellName, problem: string): ProfileCell {
  return {
    ...{ fault, streamed, tasks: 0, outcomes: {}, sources: {}, errors: [], attempts: { p50: 0, max: 0 } },
    ...{ waitsMs: [], fellOverTo: [], problem },
  }
}

/** Resolves to `done`, or to why it is not. */
async function oneProcess(
  order: ProfileOrder,
  blockedMs: number,
  take: (message: ProfileMessage) => void,
): Promise<string> {
  const child = spawn(process.execPath, [...process.execArgv, bin], {
    stdio: ['ignore', 2, 2, 'pipe'],
    env: { ...process.env, [profileVariable]: JSON.stringify(order) },
    windowsHide: true,
  })
  const stream = child.stdio[3]
  let lastMs = nativeNow()
  let isLoaded = false
  let problem: string | undefined
  let refused: unknown
  if (stream && 'read' in stream)
    createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line => {
      lastMs = nativeNow()
      try {
        const message: ProfileMessage = JSON.parse(line)
        isLoaded ||= message.type === 'loaded'
        take(message)
      } catch (error) {
        // A process that was killed may leave half a line.
        if (error instanceof UsageError) refused = error
      }
    })
  const timer = nativeSetInterval(() => {
    if (nativeNow() - lastMs < blockedMs * (isLoaded ? 1 : loadPatience) || problem !== undefined) return
    problem = `it blocked the event loop for ${Math.round(blockedMs / 1_000)} s`
    child.kill('SIGKILL')
  }, tickMs)
  const stop = (signal: NodeJS.Signals) => child.kill(signal)
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (...ending) => resolve(ending))
  })
  nativeClearInterval(timer)
  process.off('SIGINT', stop)
  process.off('SIGTERM', stop)
  if (refused) throw refused
  return problem ?? (code === 0 ? 'done' : `its process ended with ${signal ?? `code ${code}`}`)
}
