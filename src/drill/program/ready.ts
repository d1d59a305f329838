import { get } from 'node:http'
import { connect } from 'node:net'
import { type Clock, sleepOn } from '../../clock/clock.ts'
import { UsageError } from '../../lib/errors.ts'
import { unreachable } from '../../lib/invariant.ts'
import type { Ready } from '../../model/app.ts'
import type { Exit, Program } from './program.ts'

/** A program did not become ready. */
export class NotReadyError extends UsageError {
  override name = 'NotReadyError'
}

export interface ReadyOptions {
  /** The program that is waited for; absent when somebody else has started it. */
  readonly program?: Pick<Program, 'command' | 'exit' | 'exited' | 'onLine' | 'recentLines'>
  /** Real time: a program takes its own. */
  readonly clock: Clock
  /** How long is waited at most, ms. */
  readonly timeoutMs: number
  /** Ends the wait, with a rejection. */
  readonly signal?: AbortSignal
}

const askEveryMs = 100
const oneAskMs = 2_000
/** Last lines that are told when it fails. */
const lastLines = 8

/** Resolves when the program is ready. Rejects with a {@link NotReadyError} when it ends before that, or takes too long. */
export async function waitUntilReady(ready: Ready, options: ReadyOptions): Promise<void> {
  const { program, clock, timeoutMs, signal } = options
  const over = new AbortController()
  const stop = signal ? AbortSignal.any([over.signal, signal]) : over.signal
  const tooLate = clock.sleep(timeoutMs, stop).then(() => {
    if (stop.aborted) return
    throw notReady(
      `The program was not ready within ${timeoutMs / 1_000} s: ${missing(ready)}`,
      readyHint(ready),
      program,
    )
  })
  const refuse = (exit: Exit) => {
    throw notReady(`The program ended before it was ready, ${howItEnded(exit)}.`, undefined, program)
  }
  const ended = program?.exited.then(refuse)
  try {
    await Promise.race([seen(ready, { ...options, signal: stop }), tooLate, ...(ended ? [ended] : [])])
  } finally {
    over.abort()
    ended?.catch(() => {})
  }
  if (signal?.aborted) throw new NotReadyError('Nobody waits for the program any more.')
  // Another program may answer in its place: the one that keeps it from its port.
  if (program?.exit) refuse(program.exit)
}

/** `with code 1`, `killed by SIGKILL`. */
export function howItEnded({ code, signal }: Exit): string {
  return signal === null ? `with code ${code}` : `killed by ${signal}`
}

interface Watch extends ReadyOptions {
  readonly signal: AbortSignal
}

async function seen(ready: Ready, options: Watch): Promise<void> {
  if ('after' in ready) return options.clock.sleep(ready.after, options.signal)
  if ('log' in ready) return printed(new RegExp(ready.log), options)
  if ('http' in ready) return until(() => answers(ready.http, ready.status), options)
  if ('tcp' in ready) return until(() => listens(ready.tcp), options)
  return unreachable(ready)
}

async function printed(pattern: RegExp, { program, signal }: Watch): Promise<void> {
  if (!program) throw new NotReadyError('Nobody reads what the program prints.', 'Let the drill start it.')
  if (program.recentLines().some(line => pattern.test(line))) return
  await new Promise<void>(resolve => {
    const done = () => {
      stop()
      resolve()
    }
    const stop = program.onLine(line => pattern.test(line) && done())
    signal.addEventListener('abort', done, { once: true })
  })
}

async function until(holds: () => Promise<boolean>, { clock, signal }: Watch): Promise<void> {
  while (!signal.aborted && !(await holds())) await sleepOn(clock, askEveryMs, signal)
}

function answers(url: string, status: number | undefined): Promise<boolean> {
  return new Promise(resolve => {
    // A connection of its own: one that is kept would be asked for an answer after a restart.
    const request = get(url, { agent: false, timeout: oneAskMs }, response => {
      response.resume()
      const given = response.statusCode ?? 0
      resolve(status === undefined ? given >= 200 && given < 300 : given === status)
      request.destroy()
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
    request.on('close', () => resolve(false))
  })
}

function listens(place: string): Promise<boolean> {
  const colon = place.lastIndexOf(':')
  const host = place.slice(0, colon).replace(/^\[|\]$/g, '')
  return new Promise(resolve => {
    const socket = connect({ host, port: Number(place.slice(colon + 1)), timeout: oneAskMs })
    const end = (isThere: boolean) => {
      socket.destroy()
      resolve(isThere)
    }
    socket.on('connect', () => end(true))
    socket.on('timeout', () => end(false))
    socket.on('error', () => end(false))
  })
}

function missing(ready: Ready): string {
  if ('http' in ready) return `${ready.http} did not answer with ${ready.status ?? 'a status of 200 to 299'}.`
  if ('tcp' in ready) return `nobody takes connections at ${ready.tcp}.`
  if ('log' in ready) return `it printed no line with /${ready.log}/.`
  return `it was to be given ${ready.after / 1_000} s.`
}

function readyHint(ready: Ready): string {
  return 'log' in ready ? 'Look at what it prints, or wait for something else.' : 'Is it at this address?'
}

function notReady(message: string, hint: string | undefined, program: ReadyOptions['program']): NotReadyError {
  const said = program?.recentLines().slice(-lastLines) ?? []
  const last = said.length === 0 ? undefined : `It printed last:\n${said.map(line => `  ${line}`).join('\n')}`
  return new NotReadyError(message, [hint, last].filter(text => text !== undefined).join('\n') || undefined)
}
