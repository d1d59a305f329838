import type { JournalEvent } from '../journal/event.ts'
import { surfaceName } from '../model/arrival.ts'
import type { AppPart } from './app-part.ts'

/** What an app touches: the room in which outages of it are made. */
export interface Frame {
  readonly app: AppPart
  /** In the order of their use: those of a healthy life first, then those it turns to when others fail. */
  readonly surfaces: readonly UsedSurface[]
  /** Requests that a task makes when all is well; 1 where nothing is known. */
  readonly attemptsPerTask: number
  /** Whether it takes in background jobs. */
  readonly jobs: boolean
  /** Whether its tasks are turns of conversations. */
  readonly sessions: boolean
}

export interface UsedSurface {
  /** In full: `anthropic.api.messages`. */
  readonly name: string
  readonly provider: string
  readonly kind: 'model' | 'own' | 'status' | 'other'
  readonly models: readonly string[]
  /** Whether it is asked for streams. */
  readonly streams: boolean
  /** Whether it is asked for whole answers. */
  readonly plain: boolean
  /** Asked in a healthy life. */
  readonly everyday: boolean
}

type Mutable = { -readonly [K in keyof UsedSurface]: UsedSurface[K] } & { models: string[] }

/** The frame of an app, from journals of it: of a healthy run first, then of runs in which what it used was down. */
export function frameFrom(app: AppPart, journals: readonly (readonly JournalEvent[])[]): Frame {
  const found = new Map<string, Mutable>()
  let [attempts, tasks] = [0, 0]
  journals.forEach((journal, i) => {
    for (const event of journal) {
      if (i === 0 && event.type === 'task-started') tasks++
      if (event.type !== 'attempt-started') continue
      if (i === 0) attempts++
      const { provider, model, streaming } = event
      const name = surfaceName(provider, event.surface)
      const used = found.get(name) ?? {
        ...{ name, provider, kind: kindOf(event), models: [], streams: false, plain: false, everyday: i === 0 },
      }
      found.set(name, used)
      if (model !== undefined && !used.models.includes(model)) used.models.push(model)
      if (streaming) used.streams = true
      else used.plain = true
    }
  })
  return {
    app,
    surfaces: [...found.values()],
    attemptsPerTask: tasks === 0 ? 1 : Math.max(1, attempts / tasks),
    jobs: app.workload?.jobs !== undefined,
    sessions: app.workload?.sessions !== undefined,
  }
}

export function kindOf({
  provider,
  surface,
  model,
}: {
  readonly provider: string
  readonly surface: string
  readonly model?: string
}): UsedSurface['kind'] {
  if (provider === 'http') return 'own'
  if (surface === 'status' || surface.startsWith('status.')) return 'status'
  return model === undefined ? 'other' : 'model'
}
