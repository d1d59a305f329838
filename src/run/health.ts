import { inContext } from '../attribution/attribution.ts'
import type { Json } from '../model/scenario.ts'
import { nameOf } from '../workload/perform-task.ts'
import type { Running } from './instance.ts'
import type { Instances } from './instances.ts'
import type { Stage } from './stage.ts'
import { untilEnd } from './until-end.ts'

/** How often an orchestrator looks, and how long it waits for an answer. */
const lookEveryMs = 10_000
const answerPatienceMs = 5_000

/** What a health check said last, and the most requests that one made. */
interface Shown {
  readonly life: unknown
  readonly word: string
  readonly asks: number
}

/**
 * Asks each instance how it is, as an orchestrator does, while the run lasts: every ten seconds, whatever the last
 * answer was. Only what has changed is written. A check that throws, or that is not back within five seconds, has failed:
 * neither ready nor live.
 */
export async function watchHealth(stage: Stage, instances: Instances): Promise<void> {
  const shown = new Map<number, Shown>()
  while (!stage.over) {
    await stage.clock.sleep(lookEveryMs, stage.stopper.signal)
    if (stage.over) return
    await Promise.all(instances.running.map(running => look(stage, running, shown)))
  }
}

async function look(stage: Stage, running: Running, shown: Map<number, Shown>): Promise<void> {
  const { instance, life, integration, app } = running
  if (!integration.health) return
  const check = { asks: 0 }
  const asking = inContext({ instance, task: undefined, life, check }, async () => integration.health?.(app))
  const detail = await answerOf(stage, untilEnd(life, asking))
  if (!detail || life.isOver || stage.over) return
  const word = JSON.stringify(detail)
  const before = shown.get(instance)
  const asks = Math.max(check.asks, before?.life === life ? before.asks : 0)
  if (before?.life === life && before.word === word && before.asks === asks) return
  shown.set(instance, { life, word, asks })
  stage.journal.write({
    type: 'app-report',
    t: stage.t(),
    hook: 'health',
    instance,
    detail: { ...detail, ...(asks > 0 && { asks }) },
  })
}

/** What the orchestrator makes of it; nothing when the app answered something that is no word on its health. */
async function answerOf(stage: Stage, asking: Promise<unknown>): Promise<Record<string, Json> | undefined> {
  const answered = new AbortController()
  const late = stage.clock.sleep(stage.appMs(answerPatienceMs), answered.signal).then(() => timeout)
  try {
    const said = await Promise.race([asking, late])
    if (said === timeout) return { ready: false, live: false, problem: 'timeout' }
    return readWord(stage, said)
  } catch (error) {
    return { ready: false, live: false, problem: nameOf(error) }
  } finally {
    answered.abort()
    // A check that fails when nobody waits for it any more must not become an unhandled rejection.
    asking.catch(() => {})
  }
}

const timeout = Symbol('timeout')

function readWord(stage: Stage, said: unknown): Record<string, Json> | undefined {
  if (typeof said === 'object' && said !== null) {
    const ready: unknown = Reflect.get(said, 'ready')
    const live: unknown = Reflect.get(said, 'live')
    if (typeof ready === 'boolean' && typeof live === 'boolean') return { ready, live }
    // Its process ended meanwhile.
    if ('lostTo' in said) return undefined
  }
  stage.notices.add('health returned something else than { ready: boolean, live: boolean }; it is left out.')
  return undefined
}
