import type { JournalView } from '../../oracles/view.ts'
import { type Story, type StoryLine, storyOf } from '../story.ts'
import type { NumberedFinding } from './document.ts'

/** Of each finding the worst pieces of evidence are told. */
const ofAFinding = 4
const storiesTold = 24
/** Of a long story its beginning and its end are. */
const linesAtFirst = 24
const linesAtLast = 8

/** Where the story of a piece of evidence is told: at the attempt it names, or at its beginning. */
export type Place = { readonly type: 'attempt'; readonly id: string } | { readonly type: 'story'; readonly id: string }

/** The stories of the evidence that is told, and where each piece of it leads. */
export interface Evidence {
  readonly stories: readonly Story[]
  /** `undefined` where its story is not told. */
  placeOf(id: string): Place | undefined
}

/** Chooses whose stories are told: the worst of every finding first, so that none goes without. */
export function evidenceOf(view: JournalView, findings: readonly NumberedFinding[]): Evidence {
  const stories = new Map<string, Story>()
  const places = new Map<string, Place>()
  for (let rank = 0; rank < ofAFinding; rank++)
    for (const { finding } of findings) {
      const id = finding.evidence[rank]
      if (id === undefined || places.has(id)) continue
      const story = storyOf(view, id)
      if (!story || (!stories.has(story.id) && stories.size >= storiesTold)) continue
      stories.set(story.id, story)
      const isShown = shownLines(story).some(line => line?.attempt === id)
      places.set(id, isShown ? { type: 'attempt', id } : { type: 'story', id: story.id })
    }
  return { stories: [...stories.values()], placeOf: id => places.get(id) }
}

/** The lines of a story, bounded; `undefined` stands for those that are left out. */
export function shownLines({ lines }: Story): readonly (StoryLine | undefined)[] {
  if (lines.length <= linesAtFirst + linesAtLast + 1) return lines
  return [...lines.slice(0, linesAtFirst), undefined, ...lines.slice(-linesAtLast)]
}

export function linesLeftOut({ lines }: Story): string {
  return `… ${lines.length - linesAtFirst - linesAtLast} more lines …`
}
