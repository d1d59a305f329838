import { median } from '../support.ts'
import { type Child, startChild } from './child.ts'
import type { LoadDeeds, Loaded } from './load-process.ts'
import type { ServerDeeds } from './server-process.ts'

/** One server of a comparison. */
export interface Row {
  readonly what: string
  readonly port: number
  readonly server: Child<ServerDeeds>
  /** The status of its answers. */
  readonly status: number
}

/** How long, and how often, everybody has a turn. */
export interface Size {
  readonly rounds: number
  /** Of one turn with many connections, and of one with a single connection. */
  readonly busyMs: number
  readonly singleMs: number
  readonly connections: number
}

export const usualSize: Size = { rounds: 9, busyMs: 1_000, singleMs: 400, connections: 64 }

/** One turn. */
export interface Turn extends Loaded {
  /** What the server itself has worked for it, ms. */
  readonly serverMs: number
}

/** All turns of one server. */
export interface Taken {
  readonly row: Row
  readonly busy: readonly Turn[]
  readonly single: readonly Turn[]
}

/** Lets the servers take turns at answering: first one round that does not count, then `rounds` that do. */
export async function takeTurns(rows: readonly Row[], { rounds, busyMs, singleMs, connections }: Size) {
  await using load = startChild<LoadDeeds>('./load-process.ts')
  const all = rows.map(row => ({ row, busy: [] as Turn[], single: [] as Turn[] }))
  for (let round = 0; round <= rounds; round++)
    for (const { row, busy, single } of all) {
      const turn = async (connections: number, forMs: number): Promise<Turn> => {
        const before = await row.server.ask('spent', { collect: true })
        const loaded = await load.ask('load', { port: row.port, status: row.status, connections, forMs })
        const after = await row.server.ask('spent', { collect: false })
        return { ...loaded, serverMs: after.cpuMs - before.cpuMs }
      }
      const many = await turn(connections, busyMs)
      const one = await turn(1, singleMs)
      if (round === 0) continue
      busy.push(many)
      single.push(one)
    }
  return all
}

/** The rows of a table: each server beside the first one, turn by turn of the same round. */
export function* compared(taken: readonly Taken[]): Generator<string> {
  const [first] = taken
  for (const one of taken) {
    const ratios = one.busy.map(({ perSecond }, i) => perSecond / (first?.busy[i]?.perSecond ?? Number.NaN))
    const work = one.busy.map((turn, i) => costOf(turn) / costOf(first?.busy[i] ?? turn))
    const added = (of: (turn: Turn) => number) =>
      median(one.single.map((turn, i) => of(turn) - of(first?.single[i] ?? turn)))
    const cells = [
      one.row.what.padEnd(34),
      `${Math.round(median(one.busy.map(({ perSecond }) => perSecond))).toLocaleString('en-US')} a second`.padStart(15),
      `ratio ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
      `server ${Math.round(median(one.busy.map(costOf)))} µs each (${median(work).toFixed(2)})`,
      `client ${Math.round(median(one.busy.map(({ cpuMs, requests }) => (cpuMs / requests) * 1_000)))} µs each`,
      `alone p50 ${micros(median(one.single.map(({ p50Ms }) => p50Ms)))}, p95 ${micros(median(one.single.map(({ p95Ms }) => p95Ms)))}`,
      one === first
        ? ''
        : `adds ${Math.round(added(turn => turn.p50Ms) * 1_000)} and ${micros(added(turn => turn.p95Ms))}`,
    ]
    yield `  ${cells.filter(Boolean).join('  ')}`
  }
}

const costOf = ({ serverMs, requests }: Turn) => (serverMs / requests) * 1_000
const micros = (ms: number) => `${Math.round(ms * 1_000)} µs`
