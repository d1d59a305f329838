import { createHash } from 'node:crypto'

/** Begins every trace id that names its task; the length of the name comes next, and then the name. */
const named = 'b5'
const longestName = 14

/**
 * The `traceparent` header of a task (W3C Trace Context, version 00): its trace id names the task, so that an app that
 * hands traces on tells exactly whose attempts these are. The same for the same task, in every drill.
 */
export function traceparentOf(task: string): string {
  const name = Buffer.from(task)
  const hash = createHash('sha256').update(name).digest('hex')
  const length = name.length.toString(16).padStart(2, '0')
  const trace =
    name.length <= longestName ? `${named}${length}${name.toString('hex')}`.padEnd(32, '0') : `b6${hash.slice(0, 30)}`
  return `00-${trace}-${hash.slice(-16)}-01`
}

/** The task that a trace id names; `undefined` when it is not one of {@link traceparentOf}, or its task has a long name. */
export function taskOfTrace(trace: string): string | undefined {
  if (!/^b5[0-9a-f]{30}$/.test(trace)) return undefined
  const length = Number.parseInt(trace.slice(2, 4), 16)
  return length <= longestName ? Buffer.from(trace.slice(4, 4 + 2 * length), 'hex').toString() : undefined
}
