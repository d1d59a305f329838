import { writeAll } from '../output.ts'
import { type ExecuteOrder, execute } from './execute.ts'
import { type Message, workerVariable } from './messages.ts'
import type { RunRequest } from './request.ts'

/** What the watching process asks of the one that runs. */
export interface WorkerOrder {
  readonly request: RunRequest
  readonly lane: ExecuteOrder
}

/** The descriptor messages go out on: a pipe that the watching process reads. */
export const messageDescriptor = 3

/** The body of the process that runs scenarios. It ends itself: a client may have left anything behind. */
export async function workInChild(): Promise<never> {
  const exit = process.exit.bind(process)
  const order: WorkerOrder = JSON.parse(process.env[workerVariable] ?? '')
  // The client's environment shall not show that it is watched.
  delete process.env[workerVariable]
  const aborter = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => aborter.abort(name))
  const send = (message: Message) => writeAll(messageDescriptor, `${JSON.stringify(message)}\n`)
  await execute(order.request, { ...order.lane, send, signal: aborter.signal })
  return exit(0)
}
