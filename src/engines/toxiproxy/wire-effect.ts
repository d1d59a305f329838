import { unreachable } from '../../lib/invariant.ts'
import type { Effect } from '../../model/effect.ts'
import { type ToxicKind, toxicProblem } from './toxic.ts'

/** What stands behind a proxy: our own HTTP server, which does all that TCP cannot, or a service that knows nothing of us. */
export type RouteKind = 'http' | 'tcp'

/** What a proxy does to a connection in place of an effect. */
export type WireAction =
  | { readonly type: 'nothing' }
  /** It listens no more. */
  | { readonly type: 'closed' }
  | { readonly type: 'toxic'; readonly toxic: ToxicKind }
  | { readonly type: 'cannot'; readonly because: string }

/** On a TCP service a token is so many bytes: what blackstart takes for a token of text. */
const tokenBytes = 4

/**
 * What of `effect` a TCP proxy does just so, with all durations divided by `speed`. In front of our own server that is
 * little: there an answer is cut, stalled and slowed by its frames and its body, of which a proxy knows nothing.
 */
export function wireAction(effect: Effect, kind: RouteKind, speed = 1): WireAction {
  const action = actionFor(effect, kind, ms => Math.round(ms / speed))
  if (action.type !== 'toxic') return action
  const problem = toxicProblem({ name: 'fault', stream: 'downstream', toxicity: 1, ...action.toxic })
  return problem === undefined ? action : cannot(problem)
}

function actionFor(effect: Effect, kind: RouteKind, real: (ms: number) => number): WireAction {
  switch (effect.type) {
    case 'pass':
      return { type: 'nothing' }
    case 'refuse':
      return { type: 'closed' }
    case 'reset':
      // Our own server ends the connection when it is time, and the proxy makes a reset of that.
      return toxic({ type: 'reset_peer', attributes: { timeout: kind === 'http' ? 0 : real(effect.afterMs) } })
    case 'hold':
      return effect.connect
        ? cannot('a proxy accepts every connection, so none can hang before that')
        : toxic({ type: 'timeout', attributes: { timeout: 0 } })
    case 'delay':
      // Which would also end what is late as the fault does, and what is late stays so.
      if (kind === 'http') return cannot('our own server is as late, and sees whether anybody still waits')
      return effect.then.type === 'pass'
        ? toxic({ type: 'latency', attributes: { latency: real(effect.byMs), jitter: 0 } })
        : cannot('a proxy makes late, and cannot do another thing after that')
    case 'slow':
      return kind === 'http'
        ? cannot('the tokens of an answer are its frames, and a proxy sees bytes')
        : toxic(trickle(real(effect.perTokenMs * 1_000)))
    case 'cut':
      return kind === 'http' ? cannot(ofTheBody) : cutAction(effect)
    case 'stall':
      return kind === 'http' ? cannot(ofTheBody) : stallAction(effect)
    case 'dns':
      // Our own address always resolves: the nearest thing is that nobody is there.
      return kind === 'http' ? { type: 'closed' } : cannot('names are resolved before anybody connects')
    case 'tls':
      return cannot('a proxy takes no part in a handshake')
    case 'lose':
      return cannot('a proxy cannot tell when an answer is whole')
    case 'answer':
    case 'answer-raw':
    case 'stream-error':
    case 'garble':
    case 'empty':
    case 'wrong':
      return cannot('a proxy of bytes speaks no HTTP')
    default:
      return unreachable(effect)
  }
}

const ofTheBody = 'how far an answer has come is told by its body, and a proxy counts headers and earlier answers too'

function cutAction({ after, by }: Effect & { type: 'cut' }): WireAction {
  if (by !== 'fin') return cannot(`a proxy ends a service's answer by FIN, not by "${by}"`)
  if (!('bytes' in after)) return cannot('on a TCP service only bytes are counted: after: 100 bytes')
  return toxic({ type: 'limit_data', attributes: { bytes: after.bytes } })
}

function stallAction({ after, pings, forMs }: Effect & { type: 'stall' }): WireAction {
  if (pings) return cannot('a TCP service has no pings')
  if (!('bytes' in after) || after.bytes > 0)
    return cannot('a proxy holds the bytes of a service back from the first or not at all: after: 0 bytes')
  if (forMs !== undefined)
    return cannot('a proxy holds back for as long as the fault is in force: leave "for" out, or use slow-first-byte')
  return toxic({ type: 'bandwidth', attributes: { rate: 0 } })
}

/** Slower than the thousand bytes a second that `bandwidth` starts from. */
function trickle(delay: number): ToxicKind {
  return { type: 'slicer', attributes: { average_size: tokenBytes, size_variation: 0, delay } }
}

function toxic(kind: ToxicKind): WireAction {
  return { type: 'toxic', toxic: kind }
}

function cannot(because: string): WireAction {
  return { type: 'cannot', because }
}
