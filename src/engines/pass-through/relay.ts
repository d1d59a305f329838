import { unreachable } from '../../lib/invariant.ts'
import type { Effect } from '../../model/effect.ts'
import { garble } from '../../providers/garble.ts'
import type { Script } from '../../providers/provider.ts'
import type { Answered } from './forwarded.ts'
import { framingOf } from './frames.ts'
import { plainHeaders } from './headers.ts'
import { Inflow } from './inflow.ts'
import { relayDocument } from './relay-document.ts'
import { spoilt } from './relay-stream.ts'
import type { Relayed, RelayOptions } from './relayed.ts'
import { endOf, type Step } from './steps.ts'

/**
 * Whether a request with this effect is to be sent on: only what is done to a good answer needs one. Errors of the
 * provider and the network are ours alone, and so is an answer to another question, or one without content: nobody pays
 * for those.
 */
export function needsUpstream(effect: Effect): boolean {
  switch (effect.type) {
    case 'pass':
    case 'slow':
    case 'cut':
    case 'stall':
    case 'stream-error':
    case 'garble':
    case 'lose':
      return true
    case 'empty':
      return effect.how === 'no-body'
    case 'delay':
      return needsUpstream(effect.then)
    case 'answer':
    case 'answer-raw':
    case 'refuse':
    case 'dns':
    case 'tls':
    case 'reset':
    case 'hold':
    case 'wrong':
      return false
    default:
      return unreachable(effect)
  }
}

/**
 * Does to a real answer what the effect would do to a simulated one. What the upstream itself turned down stays as it is.
 * A stream is never kept longer than its effect asks for; a document that is to be spoilt is read to its end first.
 */
export async function relay(effect: Effect, answered: Answered, options: RelayOptions): Promise<Relayed> {
  const { clock, signal } = options
  if (effect.type === 'delay') {
    await clock.sleep(effect.byMs, signal)
    return await relay(effect.then, answered, options)
  }
  if (effect.type === 'pass' || answered.status < 200 || answered.status >= 300) return asItIs(answered, signal)
  const plain = plainHeaders(answered.headers)
  const instead = withoutItsBody(effect, answered.status, plain)
  if (instead) {
    answered.cancel()
    return { type: 'script', script: instead }
  }
  const framing = framingOf(plain['content-type'])
  if (framing === undefined) return await relayDocument(effect, answered, plain, options)
  const inflow = new Inflow(answered, framing, clock, signal)
  if (effect.type === 'lose' && effect.at === 'headers') {
    const over = await inflow.drain()
    return { type: 'script', script: lost, ...(over.over === 'broken' && { broken: over.why }) }
  }
  return spoilt(effect, answered, inflow, options)
}

const lost: Script = { type: 'reset', afterMs: 0 }

/** What is sent in place of an answer of which only the headers are left. */
function withoutItsBody(effect: Effect, status: number, headers: Readonly<Record<string, string>>): Script | undefined {
  if (effect.type === 'garble' && effect.how === 'wrong-type') {
    const answer = { status, headers, firstByteMs: 0, pieces: [], streamed: false, generatingMs: 0, frames: 0 }
    return garble(answer, effect.how, '')
  }
  if (effect.type !== 'empty') return undefined
  const none = { ...headers, 'content-length': '0' }
  return { type: 'respond', afterMs: 0, status, headers: none, chunks: [], end: { type: 'finish' }, good: false }
}

function asItIs(answered: Answered, signal: AbortSignal): Relayed {
  const { status, headers } = answered
  return { type: 'stream', status, headers, steps: untouched(answered, signal) }
}

async function* untouched(answered: Answered, signal: AbortSignal): AsyncGenerator<Step> {
  const outcome = answered.status >= 400 ? 'error' : 'ok'
  try {
    for await (const data of answered.body) yield { type: 'data', data }
    yield { type: 'end', how: 'finish', outcome }
  } catch (error) {
    const over = signal.aborted ? { over: 'aborted' } : { over: 'broken', why: answered.why(error) }
    yield endOf(over, { type: 'end', how: 'finish', outcome })
  }
}
