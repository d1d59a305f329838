import { quantile } from '../../src/lib/quantile.ts'
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
  /** Before the first turn, of each server: until what is hot is compiled. */
  readonly warmMs: number
}

/** Many short turns: the other work of a machine comes and goes within seconds. */
export const usualSize: Size = { rounds: 25, busyMs: 400, singleMs: 150, connections: 64, warmMs: 4_000 }

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

/** Lets the servers take turns at answering, once all of them are warm. */
export async function takeTurns(rows: readonly Row[], size: Size): Promise<readonly Taken[]> {
  const { rounds, busyMs, singleMs, connections, warmMs } = size
  await using load = startChild<LoadDeeds>('./load-process.ts')
  const turn = async ({ server, port, status }: Row, connections: number, forMs: number): Promise<Turn> => {
    const before = await server.ask('spent', { collect: false })
    const loaded = await load.ask('load', { port, status, connections, forMs })
    const after = await server.ask('spent', { collect: false })
    return { ...loaded, serverMs: after.cpuMs - before.cpuMs }
  }
  const all = rows.map(row => ({ row, busy: [] as Turn[], single: [] as Turn[] }))
  for (const { row } of all) await turn(row, connections, warmMs)
  for (let round = 0; round < rounds; round++)
    for (const { row, busy, single } of all) {
      busy.push(await turn(row, connections, busyMs))
      single.push(await turn(row, 1, singleMs))
    }
  return all
}

/** The rows of a table: each server beside the first one, turn by turn of the same round; in brackets the middle half. */
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
      `ratio ${median(ratios).toFixed(2)} (${quantile(ratios, 0.25).toFixed(2)} to ${quantile(ratios, 0.75).toFixed(2)})`,
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
