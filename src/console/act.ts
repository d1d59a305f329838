import { parseDuration } from '../lib/duration.ts'
import { injectText } from '../model/game-day.ts'
import type { Json } from '../model/scenario.ts'
import { type Action, allowed, type Role } from './protocol.ts'
import { conflict, Refused } from './refused.ts'
import type { ConsoleDrill, ConsoleShow } from './show.ts'

export interface ActOptions {
  readonly show: ConsoleShow
  readonly role: Role
  /** The console itself is to end. */
  close(): void
}

/** Does what somebody asked for in the page; what was sent has been checked. Throws a `Refused`, or a `UsageError` of the drill. */
export function act(action: Action, { show, role, close }: ActOptions): void {
  if (!allowed[role].includes(action.do))
    throw new Refused({ status: 403, message: `A ${role} may not do that: ${action.do}.` })
  switch (action.do) {
    case 'start':
      show.start(action.confirmed)
      return
    case 'abort':
      show.abort(action.why)
      return
    case 'close':
      if (!show.hasEnded) throw conflict('The show goes on.', 'Abort it first, or let it come to its end.')
      close()
      return
    default:
      steer(action, open(show), role)
      return
  }
}

function open({ drill }: ConsoleShow): ConsoleDrill {
  if (drill) return drill
  throw conflict('The show has not begun: nothing can be steered or written down yet.')
}

type Steering = Exclude<Action, { do: 'start' | 'abort' | 'close' }>

function steer(action: Steering, drill: ConsoleDrill, role: Role): void {
  switch (action.do) {
    case 'hold':
      drill.hold()
      return
    case 'release':
      drill.release()
      return
    case 'skip':
      drill.skip()
      return
    case 'extend':
      drill.extend(parseDuration(action.by) ?? 0)
      return
    case 'goto':
      drill.goto(action.to)
      return
    case 'inject': {
      const { do: _, ...injection } = action
      drill.inject(injection)
      return
    }
    case 'stop-injected':
      drill.stopInjected(action.entry)
      return
    case 'say':
      say(action, drill, role)
      return
    case 'mark':
      drill.mark(action.mark, action.says, byWhom(action, role))
      return
    case 'note':
      drill.mark('note', action.says, { category: action.category, ...byWhom(action, role) })
      return
  }
}

function byWhom({ author }: { readonly author?: string }, role: Role): Readonly<Record<string, Json>> {
  return { ...(author !== undefined && { author }), role }
}

/** As the agenda of the drill writes an inject, so that webhook, log and scorecard know it. */
function say(
  { kind, text, from, to = 'responders', subject }: Extract<Action, { do: 'say' }>,
  drill: ConsoleDrill,
  role: Role,
): void {
  const more = { ...(from !== undefined && { from }), ...(subject !== undefined && { subject }) }
  const line = injectText({ at: { phase: 'start', offset: 0 }, [kind]: text, to, ...more })
  drill.mark('inject', line, { kind, to, text, ...more, byHand: true, role })
}
