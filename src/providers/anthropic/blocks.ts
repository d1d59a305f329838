import { shortHash } from '../hash.ts'
import type { Part, Turn } from '../turn.ts'

/** What a cloud that serves Claude puts into the ids of messages, tool calls and requests; the API itself puts nothing. */
export type IdTag = '' | 'bdrk_' | 'vrtx_'

export type Block =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }

/** What the model said, as content blocks; what it thought is signed, and may be left out. */
export function blocksIn(turn: Turn, attemptId: string, omitThinking: boolean, tag: IdTag = ''): readonly Block[] {
  return turn.parts.map(part => blockOf(part, attemptId, omitThinking, tag))
}

function blockOf(part: Part, attemptId: string, omitThinking: boolean, tag: IdTag): Block {
  switch (part.type) {
    case 'text':
      return part
    case 'thinking': {
      const signature = Buffer.from(shortHash(`${attemptId} thought`, 60)).toString('base64')
      return { type: 'thinking', thinking: omitThinking ? '' : part.thinking, signature }
    }
    case 'tool-call':
      return { type: 'tool_use', id: `toolu_${tag}01${part.id}`, name: part.name, input: part.input }
  }
}
