import type { JournalEvent, LedgerTotals, SideEffectRecord, TaskSettled } from './event.ts'

/** What was really done in a run, beside what the app says of it. */
export interface LedgerReading {
  /** Totals of the providers, warm-up included; absent in a journal that was broken off. */
  readonly totals: LedgerTotals | undefined
  /** Requests that were worked on to their end and whose response never came, each told by its attempt. */
  readonly lostResponses: readonly string[]
  /** Calls that were worked on to their end more than once: paid for again. */
  readonly repeatedCalls: readonly Repeated[]
  /** Side effects that were done more than once. */
  readonly duplicated: readonly Duplicated[]
  /** Tasks told as done whose answer was not whole. */
  readonly falselySuccessful: readonly string[]
  /** Tasks that never settled. */
  readonly unsettled: readonly string[]
}

export interface Repeated {
  readonly call: string
  readonly completions: number
}

export interface Duplicated {
  readonly surface: string
  readonly key: string
  readonly times: number
  readonly tasks: readonly string[]
}

/** Reads the ledger out of a journal: pure, and linear in its length. */
export function readLedger(events: readonly JournalEvent[]): LedgerReading {
  const lostResponses: string[] = []
  const completions = new Map<string, number>()
  const effects = new Map<string, SideEffectRecord[]>()
  const open = new Set<string>()
  const falselySuccessful: string[] = []
  let totals: LedgerTotals | undefined
  for (const event of events)
    switch (event.type) {
      case 'attempt-started':
        if (event.processed === 'lost') lostResponses.push(event.attempt)
        if (event.processed === 'lost' || event.processed === 'answered')
          completions.set(event.call, (completions.get(event.call) ?? 0) + 1)
        break
      case 'side-effect':
        if (event.done) push(effects, `${event.surface} ${event.key}`, event)
        break
      case 'task-started':
        open.add(event.task)
        break
      case 'task-settled':
        open.delete(event.task)
        if (isFalselySuccessful(event)) falselySuccessful.push(event.task)
        break
      case 'run-ended':
        totals = event.ledger
        break
      default:
        break
    }
  return {
    totals,
    lostResponses,
    repeatedCalls: [...completions].filter(([, n]) => n > 1).map(([call, n]) => ({ call, completions: n })),
    duplicated: [...effects.values()].filter(done => done.length > 1).map(duplicated),
    falselySuccessful,
    unsettled: [...open],
  }
}

/** An answer claimed to be good that its marks show to be none: cut short, another's, or nothing. */
function isFalselySuccessful({ outcome, answer }: TaskSettled): boolean {
  return outcome === 'ok' && (answer === 'truncated' || answer === 'foreign' || answer === 'empty')
}

function duplicated(done: readonly SideEffectRecord[]): Duplicated {
  const [first] = done
  const tasks = [...new Set(done.flatMap(({ task }) => (task === undefined ? [] : [task])))]
  return { surface: first?.surface ?? '', key: first?.key ?? '', times: done.length, tasks }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
