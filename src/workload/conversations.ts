import type { TaskInput, Turn } from '../model/integration.ts'
import type { User, Workload } from './workload.ts'

interface Conversation {
  readonly session: string
  readonly history: Turn[]
  /** Turns begun. */
  turns: number
}

/** What a task has when it is a turn of a conversation. */
export type TurnInput = Pick<TaskInput, 'session' | 'turn' | 'turns' | 'history' | 'tools'>

/** The conversations of a run's users: each user has one after the other, of so many turns each. */
export class Conversations {
  private readonly spec: NonNullable<Workload['sessions']>
  private readonly current = new Map<string, Conversation>()
  private readonly counts: Map<string, number>

  /** `before`: how many each user has had already, by the user's session. */
  constructor(spec: NonNullable<Workload['sessions']>, before: ReadonlyMap<string, number> = new Map()) {
    this.spec = spec
    this.counts = new Map(before)
  }

  /** The user's next turn, and what to call when it was answered. */
  next(user: User): { readonly input: TurnInput; answered(turn: Turn): void } {
    const { turns, tools } = this.spec
    const conversation = this.conversationOf(user)
    const turn = ++conversation.turns
    if (turn === turns) this.current.delete(user.session)
    return {
      input: {
        session: conversation.session,
        turn,
        turns,
        history: [...conversation.history],
        ...(tools && { tools }),
      },
      answered: turn => void conversation.history.push(turn),
    }
  }

  private conversationOf(user: User): Conversation {
    const known = this.current.get(user.session)
    if (known) return known
    const number = (this.counts.get(user.session) ?? 0) + 1
    this.counts.set(user.session, number)
    const conversation: Conversation = { session: `${user.session}-${number}`, history: [], turns: 0 }
    this.current.set(user.session, conversation)
    return conversation
  }
}
