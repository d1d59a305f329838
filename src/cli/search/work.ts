import { UsageError } from '../../lib/errors.ts'
import { writeAll } from '../output.ts'
import { Heartbeat } from '../run/heartbeat.ts'
import type { Send } from '../run/messages.ts'
import { usageRefusal } from '../run/refusal.ts'
import { messageDescriptor } from '../run/worker.ts'
import { stackOf } from '../tell-error.ts'
import { type SearchMessage, type SearchOrder, searchVariable } from './order.ts'
import { replayCorpusJob, replayJob } from './replay-job.ts'
import { searchJob } from './search-job.ts'

/** What a job is done with. */
export interface Bench {
  send(message: SearchMessage): void
  readonly signal: AbortSignal
  readonly heartbeat: Heartbeat
}

/** The body of a process that searches or replays. It ends itself: a client may have left anything behind. */
export async function workOnSearch(): Promise<never> {
  const exit = process.exit.bind(process)
  const order: SearchOrder = JSON.parse(process.env[searchVariable] ?? '')
  // The client's environment shall not show that it is watched.
  delete process.env[searchVariable]
  const aborter = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => aborter.abort(name))
  const send = (message: SearchMessage) => writeAll(messageDescriptor, `${JSON.stringify(message)}\n`)
  try {
    const beat: Send = message => message.type === 'beat' && send(message)
    using heartbeat = new Heartbeat(beat, {
      ...{ index: 0, doing: 'loading', scenario: '', client: order.request.client ?? '', seed: 1 },
      ...{ t: 0, endMs: 0, phase: '', tasks: 0, attempts: 0 },
    })
    await jobOf(order, { send, signal: aborter.signal, heartbeat })
    send({ type: 'done' })
  } catch (error) {
    if (error instanceof UsageError) send({ type: 'refused', ...usageRefusal(error) })
    else send({ type: 'crashed', message: String(error), stack: stackOf(error) })
  }
  return exit(0)
}

function jobOf(order: SearchOrder, bench: Bench): Promise<void> {
  switch (order.do) {
    case 'corpus':
      return replayCorpusJob(order.request, bench)
    case 'search':
      return searchJob(order.request, order.part, bench)
    case 'replay':
      return replayJob(order, bench)
  }
}
