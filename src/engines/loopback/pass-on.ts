import { once } from 'node:events'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Clock } from '../../clock/clock.ts'
import type { AttemptOutcome } from '../../journal/event.ts'
import type { Script } from '../../providers/provider.ts'
import { type About, type Exchange, outcomeOf } from '../exchange.ts'
import { cappedAnswer, dialectOf, unreachableAnswer } from '../pass-through/dialects.ts'
import { type Answered, upstreamFailed } from '../pass-through/forwarded.ts'
import type { Forwarder } from '../pass-through/forwarder.ts'
import type { Guard } from '../pass-through/guard.ts'
import { needsUpstream, relay } from '../pass-through/relay.ts'
import type { Relayed } from '../pass-through/relayed.ts'
import type { Step } from '../pass-through/steps.ts'
import { finishConnection, resetConnection } from './connection.ts'
import { play } from './play.ts'
import type { PassedOn } from './server.ts'

export interface PassOnOptions {
  readonly forwarder: Forwarder
  readonly guard: Guard
  /** The scenario's own time. */
  readonly clock: Clock
  readonly speed: number
}

/** Lets the real provider answer what is answered at all, and does to its answer what was decided. */
export function passOn(options: PassOnOptions): (passed: PassedOn) => Promise<boolean> {
  const { forwarder } = options
  return async passed => {
    const { about } = passed.exchange
    if (!about || !forwarder.leads(about.request.provider, about.request.surface)) return false
    if (!needsUpstream(about.effect)) return false
    await answer(passed, about, options)
    return true
  }
}

async function answer(
  passed: PassedOn,
  about: About,
  { forwarder, guard, clock, speed }: PassOnOptions,
): Promise<void> {
  const { exchange, response, method, path, headers, body } = passed
  const { effect, request, context } = about
  const performed = (script: Script) => play(instead(exchange, script, outcomeOf(effect, script)), response, clock)
  if (guard.admit() === 'refuse') return performed(cappedAnswer(request, context))
  const gone = new AbortController()
  const onClose = () => gone.abort()
  response.once('close', onClose)
  const { provider } = request
  const forwarded = await forwarder.forward({
    ...{ provider, method, pathAndQuery: path, headers, body },
    signal: gone.signal,
  })
  if (forwarded.type === 'aborted') return exchange.ended('aborted', 0)
  const settle = (isBroken: boolean) => guard.settled(upstreamFailed(forwarded) || isBroken)
  if (forwarded.type === 'unreachable') {
    settle(false)
    return performed(unreachableAnswer(forwarded.why, request, context))
  }
  const relayed = await relayedOf(forwarded, about, { clock, speed, signal: gone.signal })
  if (relayed.type === 'script') {
    settle(relayed.broken !== undefined)
    response.off('close', onClose)
    return performed(relayed.script)
  }
  await stream(relayed, { exchange, response, onEnd: step => settle(step.broken !== undefined) })
}

type Timing = Pick<PassOnOptions, 'clock' | 'speed'> & { readonly signal: AbortSignal }

async function relayedOf(forwarded: Answered, { effect, request, context }: About, timing: Timing): Promise<Relayed> {
  const dialect = dialectOf(request.provider)
  // Providers that have no dialect of their own lead nowhere.
  if (!dialect) throw new Error(`no dialect for ${request.provider}`)
  return relay(effect, forwarded, { dialect, request, context, ...timing })
}

interface Streaming {
  readonly exchange: Exchange
  readonly response: ServerResponse
  onEnd(step: Extract<Step, { type: 'end' }>): void
}

/** Sends it as it comes, and ends it as the steps say. */
async function stream(
  { status, headers, steps }: Extract<Relayed, { type: 'stream' }>,
  { exchange, response, onEnd }: Streaming,
): Promise<void> {
  let bytes = 0
  const end = (outcome: AttemptOutcome) => exchange.ended(outcome, bytes)
  response.once('close', () => end('aborted'))
  exchange.headers(status, singles(headers))
  response.sendDate = false
  response.writeHead(status, STATUS_CODES[status] ?? '', { ...headers })
  response.flushHeaders()
  for await (const step of steps) {
    if (step.type === 'data') {
      bytes += step.data.byteLength
      // The upstream is read as fast as the client reads.
      if (!response.write(step.data) && !response.closed)
        await Promise.race([once(response, 'drain'), once(response, 'close')])
      continue
    }
    onEnd(step)
    if (step.how === 'hold') return
    end(step.outcome)
    if (step.how === 'finish' || step.how === 'clean') response.end()
    else if (step.how === 'fin') finishConnection(response.req.socket)
    else resetConnection(response.req.socket)
  }
}

/** The exchange with another script than the one that was rendered. */
function instead(exchange: Exchange, script: Script, whole: AttemptOutcome): Exchange {
  return {
    ...{ id: exchange.id, script, whole },
    headers: (status, headers) => exchange.headers(status, headers),
    ended: (outcome, bytes) => exchange.ended(outcome, bytes),
  }
}

function singles(headers: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
}
