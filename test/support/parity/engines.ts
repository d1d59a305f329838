import { ambientClock } from '../../../src/clock/clock.ts'
import { RealClock } from '../../../src/clock/real.ts'
import { toxiproxyWire } from '../../../src/drill/toxiproxy-wire.ts'
import { openTrust, type Trust } from '../../../src/drill/trust.ts'
import { loopbackWire, type Wire, type WireOptions } from '../../../src/drill/wire.ts'
import { nativeFetch } from '../../../src/engines/active-tap.ts'
import { doorsOf } from '../../../src/engines/loopback/door.ts'
import { doorFetch } from '../../../src/engines/loopback/door-fetch.ts'
import type { JournalEvent } from '../../../src/journal/event.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { providersFor } from '../../../src/providers/for-run.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { Stage } from '../../../src/run/stage.ts'
import { findScenario } from '../../../src/testing/spec.ts'
import { startOutage } from '../../../src/testing/start-outage.ts'
import type { Reach } from './clients.ts'
import { type CallPlan, playCall, type SeenByApp } from './play-calls.ts'
import type { Seen } from './seen.ts'

/** Calls that are made together at the beginning of a scenario's first phase. */
export interface Play {
  /** Its first phase ends at `turnMs`. */
  scenario(turnMs: number): string
  /** How many times faster than real time the scenario goes, where time is real. */
  readonly speed: number
  readonly calls: readonly CallPlan[]
  /** Whether the calls go by connections that have been used before, where there are any. */
  readonly reused: boolean
  /** Whether the provider is reached over HTTPS. */
  readonly secure: boolean
  /** Whether that is while the calls are under way; else it is after them. */
  readonly turns: boolean
}

/** One way to carry the faults of a scenario to an app. Resolves to what was seen of each call, by its place in `calls`. */
export type ParityEngine = (play: Play) => Promise<readonly Seen[]>

/** Before an answer is whole that comes at once. */
const soonMs = 350
/** After everything. */
const lateMs = 3_600_000

const questionOf = (place: number) => `t${place + 1}`

/** In this process, on virtual time. One at a time, as it has the globals to itself. */
export const onMsw: ParityEngine = async ({ scenario, speed, calls, turns }) => {
  await using outage = await startOutage(scenario(turns ? soonMs : lateMs))
  await outage.goto('start')
  const reach = () => ({
    fetch: globalThis.fetch,
    anthropic: 'https://api.anthropic.com',
    openai: 'https://api.openai.com/v1',
  })
  const tasks = calls.map(call => outage.task(({ id }) => playCall(slowed(call, speed), reach(), id)))
  return withJournal(await Promise.all(tasks), outage.journal)
}

/** What a speeded engine does in a second takes `speed` seconds here, and so the app's patience is as much longer. */
function slowed(call: CallPlan, speed: number): CallPlan {
  const { timeoutMs, patienceMs } = call
  return {
    ...call,
    patienceMs: patienceMs * speed,
    timeoutMs: timeoutMs === undefined ? undefined : timeoutMs * speed,
  }
}

/** Over real sockets, through the wire that a drill has. As many at a time as one likes. */
export function onWire(openWire: (options: WireOptions) => Promise<Wire>): ParityEngine {
  return async ({ scenario: text, speed, calls, reused, turns, secure }) => {
    const { scenario } = findScenario(text(lateMs), catalogue)
    const providers = providersFor(scenario)
    const clock = new RealClock(speed)
    const plan = compilePlan(scenario, catalogue.faults)
    using stage = new Stage({
      ...{ plan, seed: scenario.seed ?? 1, providers, clock },
      pace: { speed, wall: () => clock.wall() },
    })
    const notices: string[] = []
    const onRefused = (host: string) => void notices.push(`${host} was refused`)
    const wire = await openWire({
      ...{ responder: stage.responder, clock: stage.network.inbound, plan: () => plan, t: () => stage.t(), speed },
      doors: doorsOf(providers).filter(({ provider, surface }) => wanted.has(provider) && surface === 'api'),
      onRefused,
      onNotice: says => notices.push(says),
      ...(secure && { tls: await certificate() }),
    })
    const { doors, baseUrls } = wire
    try {
      stage.originMs = clock.now()
      await wire.apply()
      // As in a drill of a client in this process: it also tells of what no server can see.
      const fetch = doorFetch({
        ...{ doors, responder: stage.responder, providers, native: nativeFetch, onRefused },
        faultOf: door => wire.faultOf(door),
      })
      const reach = { fetch, anthropic: `${baseUrls['anthropic']}`, openai: `${baseUrls['openai']}/v1` }
      if (reused) await Promise.all(calls.flatMap(() => [touch(reach.anthropic), touch(reach.openai)]))
      const asked = makeCalls(stage, calls, reach)
      if (turns) await turn(stage, wire, calls.length, asked)
      const seen = await asked
      await allEnded(stage)
      if (notices.length > 0) throw new Error(notices.join('\n'))
      return withJournal(seen, stage.journal.events)
    } finally {
      stage.close()
      await wire[Symbol.asyncDispose]()
    }
  }
}

let trust: Promise<Trust> | undefined

/** One authority for all of this process, which trusts it from now on. */
async function certificate(): Promise<Trust['server']> {
  trust ??= openTrust().then(opened => {
    opened.inProcess()
    return opened
  })
  return (await trust).server
}

/** Leaves an idle connection behind. Nobody answers there, so nothing is made of it. */
async function touch(base: string): Promise<void> {
  const response = await nativeFetch(new URL('/idle', base))
  await response.text()
  await ambientClock.sleep(20)
}

/** Goes on to the next phase once all calls are under way, however long that takes. */
async function turn(stage: Stage, wire: Wire, calls: number, asked: Promise<unknown>): Promise<void> {
  let isOver = false
  const over = () => {
    isOver = true
  }
  asked.then(over, over)
  while (stage.responder.attemptCount < calls && !isOver) await ambientClock.sleep(5)
  stage.originMs -= lateMs - stage.t()
  await wire.apply()
}

/** A server learns a while after its client has hung up. */
async function allEnded({ journal }: Stage): Promise<void> {
  const count = (type: JournalEvent['type']) => journal.events.filter(event => event.type === type).length
  for (let waited = 0; waited < 2_000 && count('attempt-ended') < count('attempt-started'); waited += 10)
    await ambientClock.sleep(10)
}

/** A server of ours that does every fault itself. */
export const onLoopback: ParityEngine = onWire(loopbackWire)

/** The same behind a real Toxiproxy, which does what TCP can. One must be known by `TOXIPROXY_URL`, or be started each time. */
export const onToxiproxy: ParityEngine = onWire(toxiproxyWire)

const wanted: ReadonlySet<string> = new Set(['anthropic', 'openai'])

/** As the tasks of a simulated session are told apart, so that every draw is the same. */
function makeCalls(stage: Stage, calls: readonly CallPlan[], reach: Reach): Promise<readonly SeenByApp[]> {
  return Promise.all(
    calls.map((call, place) => {
      const id = questionOf(place)
      const asked = { instance: 0, user: 0, tenant: 'tenant-1', session: 'test', question: id }
      stage.attributor.open({ id, ...asked, number: place + 1, attempts: 0, inFlight: 0 })
      return playCall(call, reach, id)
    }),
  )
}

function withJournal(seen: readonly SeenByApp[], journal: readonly JournalEvent[]): readonly Seen[] {
  return seen.map((one, place) => ({ ...one, recorded: recordsOf(journal, questionOf(place)) }))
}

/** Each attempt of a task as the oracles will read it: `1 answer 529 error`, `2 pass answered 200 ok`. */
function recordsOf(journal: readonly JournalEvent[], task: string): readonly string[] {
  const lines = new Map<string, string[]>()
  for (const event of journal) {
    if (event.type === 'attempt-started' && event.task === task)
      lines.set(event.attempt, [String(event.n), event.effect, ...(event.processed ? [event.processed] : [])])
    if (event.type === 'attempt-headers') lines.get(event.attempt)?.push(String(event.status))
    if (event.type === 'attempt-ended') lines.get(event.attempt)?.push(event.outcome)
  }
  return [...lines.values()].map(words => words.join(' '))
}
