import { resolve } from 'node:path'
import bareSdk from '../../src/clients/bare-sdk.ts'
import { Agenda } from '../../src/drill/agenda.ts'
import { type Ground, layGround } from '../../src/drill/ground.ts'
import { LiveCounts } from '../../src/drill/live-counts.ts'
import { LiveTimeline } from '../../src/drill/live-timeline.ts'
import { DrillSession } from '../../src/drill/session.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { Injections } from '../../src/run/injections.ts'
import { Instances } from '../../src/run/instances.ts'
import type { RunResult } from '../../src/run/result.ts'
import type { End } from '../../src/run/script.ts'
import { readScenarioFile } from '../../src/scenario/index.ts'
import { Traffic } from '../../src/workload/traffic.ts'

/** A real drill, whose journal is written by who has it: nobody asks. */
export interface StillApp {
  readonly session: DrillSession
  readonly ground: Ground
}

const file = resolve(import.meta.dirname, '../../examples/game-day/claude-2026-03-02.yaml')

/** Opens the two-hour game day so that its last phase ends in `leftMs`, real ms. */
export async function openStillApp({ speed, leftMs }: { readonly speed: number; readonly leftMs: number }) {
  const { scenario } = readScenarioFile(file, { catalogue })
  if (!scenario) throw new Error(`${file} is no scenario.`)
  const ground = await layGround({ scenario, engine: 'loopback', speed, seed: 1 })
  const { stage, journal, written, tracks, wire } = ground
  stage.originMs = stage.clock.now() - (written.lengthMs - leftMs * speed)
  const counts = new LiveCounts()
  journal.subscribe(event => counts.take(event))
  const timeline = new LiveTimeline(written)
  // It is up, and does nothing.
  const targets = {
    instances: new Instances({ stage, integrations: [bareSdk], env: {} }),
    traffic: new Traffic(stage.clock, stage.stopper.signal),
  }
  const parts = {
    ...{ stage, journal, counts, timeline, wire, catalogue: ground.catalogue },
    agenda: new Agenda([], { clock: stage.clock, t: () => stage.t(), live: s => timeline.live(s) }),
    halted: Promise.withResolvers<End>(),
    injections: new Injections(stage, tracks, ground.catalogue),
    ...{ thresholds: undefined, positions: undefined, file, client: 'bench', workload: undefined },
    up: { targets },
    ...{ users: 50, ownTracks: written.tracks.length, before: 0 },
    apply: () => {},
    untimed: () => undefined,
  }
  return { session: new DrillSession(parts, Promise.withResolvers<RunResult>().promise), ground } satisfies StillApp
}
