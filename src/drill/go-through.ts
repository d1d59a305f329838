import { clientEnv } from '../clients/env.ts'
import { nativeNow } from '../clock/native.ts'
import { activateTap, fetchOfRun, nativeFetch } from '../engines/active-tap.ts'
import { doorFetch } from '../engines/loopback/door-fetch.ts'
import { breakNotices } from '../journal/breaks.ts'
import { Instances } from '../run/instances.ts'
import { journalText } from '../run/journal-text.ts'
import { judgePlayed } from '../run/judge-played.ts'
import type { RunResult } from '../run/result.ts'
import type { End } from '../run/script.ts'
import { sinceOf } from '../run/since.ts'
import { changedSince, snapshot, takeOver } from '../run/take-over.ts'
import { version } from '../run/version.ts'
import { printScenario } from '../scenario/index.ts'
import { ownAddresses, reached } from './addresses.ts'
import { clientOf } from './client-of.ts'
import { type Ground, leaveGround } from './ground.ts'
import type { DrillOptions } from './options.ts'
import type { DrillParts } from './parts.ts'
import { playOut } from './play-out.ts'
import { Programs } from './programs.ts'
import { goingOn } from './resume/go-on.ts'
import { relay } from './steering.ts'

export interface GoThroughOptions {
  readonly ground: Ground
  readonly parts: DrillParts
  readonly options: DrillOptions
  /** What the program has in its environment. */
  readonly env: Readonly<Record<string, string>>
}

/** The drill, from the start of the app to the verdict; whatever happens, everything is cleaned up, and that is seen. */
export async function goThrough({ ground, parts, options, env }: GoThroughOptions): Promise<RunResult> {
  // Whoever steers it is there before anything happens.
  await Promise.resolve()
  const { stage, journal, wire, real, catalogue } = ground
  const wallStart = nativeNow()
  const before = snapshot()
  const programs = new Programs()
  const left: string[] = []
  let end: End = { reason: 'interrupted' }
  real?.guard.onEnd(({ reason }) => parts.halted.resolve({ reason: 'stopped', stopped: reason }))
  try {
    end = await live({ ground, parts, options, env }, programs)
  } finally {
    parts.agenda[Symbol.dispose]()
    stage.close()
    // Held to the end, a phase would be judged and drawn as the longest ever.
    if (parts.timeline.isHeld) {
      parts.timeline.release(stage.t())
      relay(parts)
    }
    left.push(...(await programs.end()))
    // Who reads the journal alone must know whether what measures time can be judged.
    if (options.speed !== 1 && ground.timers.areHurried)
      journal.write({ type: 'mark', t: stage.t(), mark: 'timers-hurried' })
    // Whose app never came up again can be resumed once more.
    if (!stage.stands || end.reason === 'stopped') stage.end(end.reason)
    wire.count(stage.world)
    await leaveGround(ground)
    left.push(...(await wire.leftovers()))
  }
  if (journal.trouble !== undefined)
    stage.notices.add(`The file of the journal is not whole: ${journal.trouble}. What was judged is.`)
  if (options.program && !parts.workload)
    stage.notices.add(
      'Nobody drives the program, so what it sent was judged, and not what it makes of the answers. Drive it with --client MODULE, or app.perform in the config.',
    )
  for (const notice of breakNotices(journal.events)) stage.notices.add(notice)
  parts.injections.markTouched()
  return judgePlayed({
    ...{ catalogue, thresholds: options.thresholds, client: parts.client, users: parts.users, seed: stage.seed },
    ...{ file: options.file, positions: options.positions, engine: wire.engine, accepted: options.accepted },
    ...{ world: stage.world, events: journal.events, realIo: true, applied: wire.applied, untimed: parts.untimed() },
    ...{ ended: end.reason, problem: end.problem, stopped: end.stopped, cut: end.cut },
    plan: parts.injections.plan(),
    notRestored: [...left, ...changedSince(before)],
    wallMs: nativeNow() - wallStart,
    notices: [...stage.notices],
  })
}

/** The part of it in which the app lives, in a world of its own where it is in this process. */
async function live({ ground, parts, options, env }: GoThroughOptions, programs: Programs): Promise<End> {
  const { stage, journal, wire, providers, written, catalogue, trust } = ground
  const { workload, halted, agenda, counts, up } = parts
  const integration = clientOf(options, { programs, env, halted, stage })
  const tap = doorFetch({
    ...{ doors: wire.doors, responder: stage.responder, providers, native: nativeFetch },
    faultOf: door => wire.faultOf(door),
    onRefused: host => stage.hostRefused(host),
  })
  const inProcess = clientEnv(providers.map(provider => reached(provider, wire.baseUrls)))
  const own = { ...ownAddresses(wire), ...trust?.env }
  using _trust = trust?.inProcess()
  using _globals = takeOver({
    env: { ...inProcess, set: { ...inProcess.set, ...own } },
    fetch: fetchOfRun(tap),
    chance: () => stage.chance(),
    note: (kind, says) => stage.note(kind, says),
  })
  using _tap = activateTap(tap)
  using instances = new Instances({
    stage,
    integrations: [integration],
    env: { ...inProcess.set, ...own },
  })
  const since = parts.before > 0 ? sinceOf(journal.events) : undefined
  const goes = since && options.resume ? goingOn(parts, options.resume, workload?.instances ?? 1) : undefined
  if (goes) goes.breakOff()
  else writeStart(parts, { written, catalogue }, options)
  const end = await playOut({
    ...{ stage, instances, integration, halted, workload, since },
    instancesAtFirst: workload?.instances ?? 1,
    // Somebody in a hurry does not wait a quarter of an hour for what hangs.
    patienceMs: options.healedMs,
    onUp: traffic => {
      up.targets = { instances, traffic }
      goes?.goOn(up.targets)
      agenda.proceed()
    },
    warmUpAttempts: () => counts.warmUp,
  })
  agenda[Symbol.dispose]()
  stage.close()
  await wire.heal()
  // Who asked for the end waits for it: then the app is ended, and not asked to stop.
  if (end.reason !== 'interrupted' && end.reason !== 'start-failed') await instances.stop()
  return end
}

/** The journal's first line: what a later process needs to judge it, and to go on with it. */
function writeStart(
  { stage, journal, wire, client, workload }: DrillParts,
  { written, catalogue }: Pick<Ground, 'written' | 'catalogue'>,
  { scenarioText, speed, healedMs }: DrillOptions,
): void {
  journal.write({
    ...{ type: 'run-started', t: -written.warmUpMs, version: 1, blackstart: version, seed: stage.seed },
    scenario: journalText(written.scenario, scenarioText ?? printScenario(written.scenario, catalogue), catalogue),
    ...{ scenarioId: written.scenario.id, engine: wire.engine, client },
    versions: { node: process.versions.node },
    workload: { ...workload, ...(speed !== 1 && { speed }), ...(healedMs !== undefined && { healedMs }) },
  })
}
