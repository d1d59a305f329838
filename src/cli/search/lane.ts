import { type Explanation, explainEnding, isClientsFault } from '../run/explain-ending.ts'
import type { Beat } from '../run/messages.ts'
import { type Ending, watch } from '../run/watch.ts'
import {
  countOf,
  type Done,
  type Ended,
  nothingDone,
  type Part,
  type SearchMessage,
  type SearchOrder,
  searchVariable,
  type Trying,
} from './order.ts'
import { PrintedTail } from './printed.ts'

/** What a lane asks of the search it belongs to, and tells it. */
export interface LaneHost {
  readonly blockedMs: number
  isOver(): boolean
  /** An order for the rest of a part. */
  order(shard: Part['shard'], done: Done): SearchOrder
  take(message: SearchMessage): void
  /** The client's process did not come back from this run. */
  lost(loss: Loss): void
  /** Nobody's fault, and no reason to stop. */
  problem(says: string): void
  /** A bug of ours. `isTold`: the process has said so itself. */
  crash(message: string, printed: string, isTold: boolean): void
}

/** A run from which the client's process did not come back. */
export interface Loss {
  /** Absent when it was lost before the first of them. */
  readonly trying: Trying | undefined
  readonly beat: Beat
  readonly why: Extract<Explanation, { by: 'client' }>
}

/** A client that brings down its process this often is not asked any more. */
const lossesAtMost = 3

/** One worker: a process that searches its part, and another in its place where it grew too large or was brought down. */
export async function runLane(host: LaneHost, shard: Part['shard']): Promise<void> {
  let done = nothingDone
  for (let losses = 0; !host.isOver(); ) {
    const heard = await oneProcess(host, host.order(shard, done))
    const { ending, beat, trying, ended } = heard
    if (heard.isRefused) return
    if (ending.type === 'done') {
      if (!ended?.recycle) return
      done = ended.done
      continue
    }
    if (host.isOver()) return
    if (!beat) return host.crash('A process that searches did not come up', heard.printed, false)
    const why = explainEnding(ending, beat)
    if (why.by === 'blackstart') return host.crash(why.message, heard.printed, why.isTold)
    if (why.by === 'client') host.lost({ trying, beat, why })
    else host.problem(why.reason)
    losses++
    const after = trying?.after ?? done
    // The outage that it did not survive is not tried again; what comes before all outages is.
    const isStuck = countOf(after) === countOf(done)
    if (isStuck || losses >= lossesAtMost)
      return host.problem(
        `The client’s process was lost ${losses === 1 ? 'once' : `${losses} times`}: what was left of that part was not searched.`,
      )
    done = after
  }
}

interface Heard {
  readonly ending: Ending
  readonly beat: Beat | undefined
  readonly trying: Trying | undefined
  readonly ended: Ended | undefined
  readonly isRefused: boolean
  /** The end of what it printed. */
  readonly printed: string
}

/** Hands an order to a process of its own and hears it out. */
export async function oneProcess(host: Pick<LaneHost, 'blockedMs' | 'take'>, order: SearchOrder): Promise<Heard> {
  const heard: { -readonly [K in keyof Heard]?: Heard[K] } = {}
  const printed = new PrintedTail()
  const ending = await watch<SearchMessage>({
    ...{ variable: searchVariable, order, isClientsFault, blockedMs: host.blockedMs, nodeFlags: heapFlags() },
    onPrinted: text => printed.take(text),
    onMessage(message) {
      if (message.type === 'beat') heard.beat = message
      if (message.type === 'try') heard.trying = message
      if (message.type === 'ended') heard.ended = message
      if (message.type === 'refused' || message.type === 'crashed') heard.isRefused = true
      host.take(message)
    },
  })
  const { beat, trying, ended, isRefused = false } = heard
  return { ending, beat, trying, ended, isRefused, printed: printed.text }
}

/** Several processes share a machine: none may take all its memory, unless somebody has said how much. */
function heapFlags(): readonly string[] {
  const given = `${process.execArgv.join(' ')} ${process.env['NODE_OPTIONS'] ?? ''}`
  return given.includes('--max-old-space-size') ? [] : ['--max-old-space-size=1536']
}
