import type { Recognised, RenderContext } from '../provider.ts'
import { speak, type Turn, type TurnKind } from '../turn.ts'
import { asked, omitsThinking } from './asked.ts'
import { type Block, blocksIn, type IdTag } from './blocks.ts'

export interface Spoken {
  readonly turn: Turn
  readonly blocks: readonly Block[]
}

/** What the model says to a message request. */
export function spoken(
  request: Recognised,
  context: RenderContext,
  kind: TurnKind,
  random: () => number,
  tag: IdTag,
): Spoken {
  const said = speak(asked(request), request, context, kind, random)
  const omitted = omitsThinking(request)
  // What is left out is not counted either.
  const turn = omitted
    ? { ...said, outputTokens: Math.max(1, said.outputTokens - said.thinkingTokens), thinkingTokens: 0 }
    : said
  return { turn, blocks: blocksIn(turn, omitted, tag) }
}
