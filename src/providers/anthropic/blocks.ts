import type { Part, Turn } from '../turn.ts'
import { signatureOf } from './signature.ts'

/** What a cloud that serves Claude puts into the ids of messages, tool calls and requests; the API itself puts nothing. */
export type IdTag = '' | 'bdrk_' | 'vrtx_'

export type Block =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }

/** What the model said, as content blocks; what it thought is signed, and may be left out. */
export function blocksIn(turn: Turn, omitThinking: boolean, tag: IdTag = ''): readonly Block[] {
  return turn.parts.map(part => blockOf(part, omitThinking, tag))
}

function blockOf(part: Part, omitThinking: boolean, tag: IdTag): Block {
  switch (part.type) {
    case 'text':
      return part
    case 'thinking': {
      const thinking = omitThinking ? '' : part.thinking
      return { type: 'thinking', thinking, signature: signatureOf(thinking) }
    }
    case 'tool-call':
      return { type: 'tool_use', id: `toolu_${tag}01${part.id}`, name: part.name, input: part.input }
  }
}
