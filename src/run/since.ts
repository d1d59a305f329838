import type { JournalEvent } from '../journal/event.ts'

/** What a run has behind it that goes on after the process which began it has died: where its time and its numbers were. */
export interface Since {
  /** The time of its last event, ms since t = 0. */
  readonly t: number
  readonly tasks: number
  readonly calls: number
  readonly attempts: number
  /** Attempts of no task. */
  readonly strangers: number
  /** Tasks that each user has had, by the user's session. */
  readonly asked: ReadonlyMap<string, number>
  /** Conversations that each user has had, by the user's session. */
  readonly conversations: ReadonlyMap<string, number>
}

/** Reads it from the journal so far. */
export function sinceOf(events: readonly JournalEvent[]): Since {
  const last = { tasks: 0, calls: 0, attempts: 0, strangers: 0 }
  const asked = new Map<string, number>()
  const conversations = new Map<string, number>()
  for (const event of events)
    switch (event.type) {
      case 'task-started': {
        last.tasks = Math.max(last.tasks, numberOf(event.task))
        const [, user = event.session, conversation] = /^(s\d+-\d+)(?:-(\d+))?$/.exec(event.session) ?? []
        asked.set(user, (asked.get(user) ?? 0) + 1)
        if (conversation !== undefined)
          conversations.set(user, Math.max(conversations.get(user) ?? 0, Number(conversation)))
        break
      }
      case 'call-started':
        last.calls = Math.max(last.calls, numberOf(event.call))
        break
      case 'attempt-started':
        last.attempts = Math.max(last.attempts, numberOf(event.attempt))
        if (event.task === undefined) last.strangers++
        break
      default:
        break
    }
  return { t: events.at(-1)?.t ?? 0, ...last, asked, conversations }
}

/** Ids are a letter and a number: `t12`, `c7`, `a104`. */
function numberOf(id: string): number {
  const number = Number(id.slice(1))
  return Number.isInteger(number) ? number : 0
}
