import { covers, surfaceName } from '../model/arrival.ts'
import { matches } from '../model/decide.ts'
import type { AnswerEntry, Scenario } from '../model/scenario.ts'
import { fullSurface, ownSurfaces } from '../model/timeline.ts'
import { asArray, asText, isRecord } from './json.ts'
import type { Recognised, RenderContext } from './provider.ts'

/** An answer of the user's own, its surfaces in full names. */
export interface PlannedAnswer extends AnswerEntry {
  /** Its place among all of the run. */
  readonly place: number
  readonly surfaces: readonly string[] | undefined
}

/** The answers of a run, in the order in which they are tried. */
export function planAnswers(scenario: Scenario, entries: readonly AnswerEntry[]): readonly PlannedAnswer[] {
  const own = ownSurfaces(scenario)
  return entries.map((entry, place) => ({
    ...entry,
    place,
    surfaces: entry.when?.surface?.map(name => fullSurface(name, scenario.provider, own)),
  }))
}

/** The first answer that speaks of this request and has not been given as often as it may. */
export function findAnswer(
  request: Recognised,
  { answers = [], answered }: RenderContext,
  fits: (answer: PlannedAnswer) => boolean,
): PlannedAnswer | undefined {
  if (answers.length === 0) return undefined
  const surface = surfaceName(request.provider, request.surface)
  let words: string | undefined
  return answers.find(answer => {
    const { when = {}, times, surfaces, place } = answer
    if (times !== undefined && (answered?.get(place) ?? 0) >= times) return false
    if (surfaces && !surfaces.some(pattern => covers(pattern, surface))) return false
    if (!matches(when.model, request.model) || !matches(when.question, request.question)) return false
    if (when.contains !== undefined) {
      words ??= newestWords(request.json)
      if (!words.includes(when.contains)) return false
    }
    return fits(answer)
  })
}

/** What the user said last, in whatever field a provider's format keeps it. */
export function newestWords(json: unknown): string {
  if (!isRecord(json)) return ''
  const talk = json['messages'] ?? json['input'] ?? json['contents'] ?? json['prompt']
  if (typeof talk === 'string') return talk
  const said = asArray(talk).findLast(
    turn => isRecord(turn) && (turn['role'] ?? 'user') === 'user' && wordsIn(turn) !== '',
  )
  return wordsIn(said)
}

function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(wordsIn).filter(Boolean).join('\n')
  if (!isRecord(value) || value['type'] === 'tool_result') return ''
  return asText(value['text']) ?? wordsIn(value['content'] ?? value['parts'] ?? '')
}
