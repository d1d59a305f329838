/**
 * The server's side of the bench, in a process of its own: a drill whose journal grows by so many attempts a second, and,
 * where it is asked for, the real console on it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { nativeNow, nativeSetInterval } from '../../src/clock/native.ts'
import type { Role } from '../../src/console/protocol.ts'
import { openConsole } from '../../src/console/server.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { serveDeeds } from '../wire/child.ts'
import { type Spent, spent } from '../wire/spent.ts'
import { type Sent, watchSent } from './sent.ts'
import { openStillApp, type StillApp } from './still-app.ts'
import { Storm } from './storm.ts'

export interface ShowSpec {
  readonly perSecond: number
  readonly speed: number
  /** Until the last phase of the show ends, real ms. */
  readonly leftMs: number
  /** The folder of the console's page; none, and there is no console. */
  readonly assets?: string
}

/** What happened since it was last asked. */
export interface Measured extends Spent {
  readonly attempts: number
  readonly events: number
  readonly forMs: number
  /** How late timers were, ms. */
  readonly lateMs: { readonly p50: number; readonly p99: number; readonly most: number }
  readonly sent: readonly Sent[]
}

/** Of the time before, from the first phase on: enough that every bin of the charts has something in it. */
const pastTasks = 900
const noteEveryMs = 1_000
const resolutionMs = 2

let drill: StillApp | undefined
let storm: Storm | undefined
let delays: ReturnType<typeof monitorEventLoopDelay> | undefined
let before = { attempts: 0, events: 0, ms: 0, cpuMs: 0 }
const sent = watchSent()

async function open({
  perSecond,
  speed,
  leftMs,
  assets,
}: ShowSpec): Promise<Readonly<Record<Role, string>> | undefined> {
  drill = await openStillApp({ speed, leftMs })
  const { session, ground } = drill
  const { journal, stage } = ground
  const nowT = stage.t()
  let pastT: number | undefined = 0
  storm = new Storm({ perSecond, t: () => pastT ?? stage.t(), write: event => journal.write(event) })
  for (let i = 0; i < pastTasks; i++) {
    pastT = Math.round((i / pastTasks) * nowT)
    storm.past()
  }
  pastT = undefined
  let urls: Readonly<Record<Role, string>> | undefined
  if (assets !== undefined) {
    const console = await openConsole({ plan: ground.written, catalogue, speed, checks: [], assets })
    console.begin()
    await console.attach({ session })
    urls = console.urls
  }
  let notes = 0
  nativeSetInterval(() => note(notes++), noteEveryMs)
  storm.begin()
  delays = monitorEventLoopDelay({ resolution: resolutionMs })
  delays.enable()
  return urls
}

/** What people write, and what reaches the room, by turns. */
function note(number: number, says = 'The error rate of the app is above nine in ten, and rises.'): void {
  if (!drill) return
  const { journal, stage } = drill.ground
  if (number % 2 === 0) {
    const detail = { author: 'Grace', role: 'responder', category: 'observation' }
    journal.write({ type: 'mark', t: stage.t(), mark: 'note', says, detail })
  } else {
    const detail = { kind: 'ticket', text: says, from: 'a customer', to: 'responders' }
    journal.write({ type: 'mark', t: stage.t(), mark: 'inject', says, detail })
  }
}

/** `collect`: memory is told after a collection, which nothing else that was measured has to do with. */
function measure({ collect }: { readonly collect: boolean }): Measured {
  if (!storm || !delays) throw new Error('Nothing is open.')
  const { attempts, events } = storm
  const ms = nativeNow()
  const { cpuMs } = spent({ collect: false })
  const lateMs = {
    p50: lateness(delays.percentile(50)),
    p99: lateness(delays.percentile(99)),
    most: lateness(delays.max),
  }
  const since = before
  const told = { ...spent({ collect }), cpuMs: cpuMs - since.cpuMs, sent: sent(), lateMs }
  before = { attempts, events, ms: nativeNow(), cpuMs: spent({ collect: false }).cpuMs }
  delays.reset()
  return { ...told, attempts: attempts - since.attempts, events: events - since.events, forMs: ms - since.ms }
}

function lateness(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e6 - resolutionMs)
}

/** So many notes at once, each of so many characters. */
function flood({ count, characters }: { readonly count: number; readonly characters: number }): number {
  for (let i = 0; i < count; i++) note(0, String(i).padStart(characters, '.'))
  return count * characters
}

const deeds = { open, measure, flood }
export type ShowDeeds = typeof deeds

serveDeeds(deeds)
