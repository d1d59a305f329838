import { ServerResponse } from 'node:http'
import type { Responder } from '../../src/engines/responder.ts'

/** One stream, as the server has it: monotonic ms of the machine, the same in all its processes. */
export interface Watched {
  readonly number: number
  /** When each event was to be written, by the script and the arrival. */
  readonly dueMs: readonly number[]
  /** When it was handed to the kernel. */
  readonly writtenMs: readonly number[]
}

/** Header that numbers the streams of the bench. */
export const numberHeader = 'x-bench'

/** Monotonic ms, with one origin for all processes of the machine. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Notes from now on what befalls the events of numbered streams; asked, tells and forgets it. */
export function watchEvents(responder: Responder): () => readonly Watched[] {
  const streams = new Map<string, { due: number[]; written: number[] }>()
  const answer = responder.answer.bind(responder)
  responder.answer = (recognised, headers) => {
    const arrivedMs = machineMs()
    const exchange = answer(recognised, headers)
    const { script } = exchange
    const number = headers[numberHeader]
    if (number !== undefined && script.type === 'respond') {
      let at = arrivedMs + script.afterMs
      const due = script.chunks.map(({ afterMs }) => {
        at += afterMs
        return at
      })
      streams.set(number, { due, written: [] })
    }
    return exchange
  }
  const write = ServerResponse.prototype.write
  ServerResponse.prototype.write = function (this: ServerResponse, ...rest: Parameters<typeof write>) {
    const number = this.req.headers[numberHeader]
    if (typeof number === 'string') streams.get(number)?.written.push(machineMs())
    return write.apply(this, rest)
  } as typeof write // one of its overloads stands for all
  return () => {
    const all = [...streams].map(([number, { due, written }]) => ({
      number: Number(number),
      dueMs: due,
      writtenMs: written,
    }))
    streams.clear()
    return all
  }
}
