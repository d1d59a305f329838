import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'

/** The first rule that a transcript breaks. */
export function transcriptFault(messages: readonly unknown[]): string | undefined {
  if (messages.length === 0) return 'messages: at least one message is required'
  for (const [i, message] of messages.entries()) {
    if (!isRecord(message)) return `messages.${i}: Input should be a valid dictionary`
    if (message['content'] === undefined) return `messages.${i}.content: Field required`
  }
  if (!isRecord(messages[0]) || messages[0]['role'] !== 'user')
    return 'messages: first message must use the "user" role'
  const turns = turnsOf(messages)
  return emptyFault(messages) ?? callFault(turns) ?? resultFault(turns)
}

/** Messages of one role in a row are one turn to the API. */
interface TranscriptTurn {
  readonly role: unknown
  /** With the message that each stands in, and its place there. */
  readonly blocks: { readonly block: JsonRecord; readonly message: number; readonly at: number }[]
  readonly message: number
}

function turnsOf(messages: readonly unknown[]): readonly TranscriptTurn[] {
  const turns: TranscriptTurn[] = []
  for (const [i, message] of messages.entries()) {
    const { role, content } = isRecord(message) ? message : {}
    let turn = turns.at(-1)
    if (turn === undefined || turn.role !== role) {
      turn = { role, blocks: [], message: i }
      turns.push(turn)
    }
    const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content)
    for (const [at, block] of blocks.entries()) if (isRecord(block)) turn.blocks.push({ block, message: i, at })
  }
  return turns
}

function emptyFault(messages: readonly unknown[]): string | undefined {
  for (const [i, message] of messages.entries()) {
    const content = isRecord(message) ? message['content'] : undefined
    const isEmpty = content === '' || (Array.isArray(content) && content.length === 0)
    const isLast = i === messages.length - 1 && isRecord(message) && message['role'] === 'assistant'
    if (isEmpty && !isLast)
      return `messages.${i}: all messages must have non-empty content except for the optional final assistant message`
    if (asArray(content).some(block => isRecord(block) && block['type'] === 'text' && block['text'] === ''))
      return 'messages: text content blocks must be non-empty'
  }
  return undefined
}

/** Every tool call has a name of its own and is answered at the very beginning of the next turn. */
function callFault(turns: readonly TranscriptTurn[]): string | undefined {
  const known = new Set<string>()
  for (const [i, turn] of turns.entries()) {
    if (turn.role !== 'assistant') continue
    const answered = new Set(leadingResults(turns[i + 1]))
    const open: string[] = []
    for (const { block, message, at } of turn.blocks) {
      if (block['type'] !== 'tool_use') continue
      const id = asText(block['id']) ?? ''
      if (known.has(id)) return `messages.${message}.content.${at}: \`tool_use\` ids must be unique`
      known.add(id)
      if (!answered.has(id)) open.push(id)
    }
    if (open.length > 0)
      return (
        `messages.${turn.message}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ` +
        `${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`
      )
  }
  return undefined
}

/** What is answered before anything else is said: results come first in their turn. */
function leadingResults(turn: TranscriptTurn | undefined): readonly string[] {
  if (turn?.role !== 'user') return []
  const end = turn.blocks.findIndex(({ block }) => block['type'] !== 'tool_result')
  return turn.blocks.slice(0, end < 0 ? undefined : end).map(({ block }) => asText(block['tool_use_id']) ?? '')
}

/** Every result answers a call of the turn before, and no call is answered twice. */
function resultFault(turns: readonly TranscriptTurn[]): string | undefined {
  for (const [i, turn] of turns.entries()) {
    if (turn.role !== 'user') continue
    const before = turns[i - 1]?.blocks ?? []
    const calls = new Set(before.flatMap(({ block }) => (block['type'] === 'tool_use' ? [block['id']] : [])))
    const seen = new Set<unknown>()
    for (const { block, message, at } of turn.blocks) {
      if (block['type'] !== 'tool_result') continue
      const id = block['tool_use_id']
      if (!calls.has(id))
        return (
          `messages.${message}.content.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${id}. ` +
          'Each `tool_result` block must have a corresponding `tool_use` block in the previous message.'
        )
      if (seen.has(id))
        return (
          `messages.${message}.content.${at}: each tool_use must have a single result. ` +
          `Found multiple \`tool_result\` blocks with id: ${id}`
        )
      seen.add(id)
    }
  }
  return undefined
}
