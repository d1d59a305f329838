import { surfaceName } from '../model/arrival.ts'
import type { AttemptRecord, JournalView } from './view.ts'
import type { Answered } from './view-warm-up.ts'

/** Who gives most of the answers while all is well. */
export interface Primary {
  /** As {@link nameOf} says it. */
  readonly name: string
  readonly provider: string
  /** Full name of what it is asked through. */
  readonly surface: string
  /** Its share of the answers. */
  readonly share: number
}

/** A model and who runs it, or a surface that has none. */
export function nameOf({ started }: AttemptRecord): string {
  return named(started.provider, started.surface, started.model)
}

/** Whom the app asks first, told by its warm-up; `undefined` when nothing was answered in it. */
export function primaryOf(view: JournalView): Primary | undefined {
  const answers = view.warmUp.filter(({ provider }) => provider !== 'http')
  const counts = new Map<string, { readonly provider: string; readonly surface: string; count: number }>()
  for (const answer of answers) {
    const name = nameOfWarm(answer)
    const known = counts.get(name)
    if (known) known.count++
    else
      counts.set(name, { provider: answer.provider, surface: surfaceName(answer.provider, answer.surface), count: 1 })
  }
  const [most] = [...counts].sort((a, b) => b[1].count - a[1].count)
  if (!most) return undefined
  const [name, { count, ...where }] = most
  return { name, ...where, share: count / answers.length }
}

const named = (provider: string, surface: string, model: string | undefined) =>
  model === undefined ? `${provider}.${surface}` : `${model} at ${provider}`

const nameOfWarm = ({ provider, surface, model }: Answered) => named(provider, surface, model)
