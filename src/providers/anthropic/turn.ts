import { shortHash } from '../hash.ts'
import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import { markedProse, prose } from '../prose.ts'
import type { Recognised, RenderContext } from '../provider.ts'
import { schemaValue } from '../schema-value.ts'
import { blocksOf, toolsInTranscript, unmarkedQuestion } from './conversation.ts'

export type Block =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: unknown }

/** What the model says in one turn. */
export interface Turn {
  readonly model: string
  readonly blocks: readonly Block[]
  readonly stopReason: 'end_turn' | 'tool_use'
  readonly inputTokens: number
  readonly outputTokens: number
  readonly thinkingTokens: number
  /** The tool that it calls. */
  readonly toolCalled: string | undefined
}

export type TurnKind = 'good' | 'wrong' | 'empty'

/**
 * The model's turn: one tool call while there are tools it has not called in this task, then the answer between its
 * marks. `wrong` answers a question that nobody asked; `empty` says nothing.
 */
export function speak(request: Recognised, context: RenderContext, kind: TurnKind, random: () => number): Turn {
  const json = isRecord(request.json) ? request.json : {}
  const blocks = kind === 'empty' ? [] : say(json, request, context, kind, random)
  const called = blocks.find(block => block.type === 'tool_use')
  const thinkingTokens = tokens(blocks.find(block => block.type === 'thinking')?.thinking ?? '')
  const said = blocks.reduce((sum, block) => sum + blockTokens(block), 0)
  return {
    model: asText(json['model']) ?? '',
    blocks,
    stopReason: called === undefined ? 'end_turn' : 'tool_use',
    inputTokens: request.inputTokens,
    outputTokens: Math.max(1, Math.min(said, request.maxOutputTokens)),
    thinkingTokens,
    toolCalled: called?.name,
  }
}

function say(
  json: JsonRecord,
  request: Recognised,
  context: RenderContext,
  kind: TurnKind,
  random: () => number,
): Block[] {
  const thoughts = thinks(json) ? [thought(json, context, random)] : []
  const tool = kind === 'good' ? nextTool(json, context) : undefined
  const words = () => prose(3, random)
  if (tool !== undefined) {
    const id = `toolu_01${shortHash(`${context.attemptId} tool`, 22)}`
    const input = schemaValue(tool['input_schema'] ?? {}, words)
    return [...thoughts, { type: 'tool_use', id, name: asText(tool['name']) ?? '', input }]
  }
  const schema = outputSchema(json)
  if (schema !== undefined) return [...thoughts, { type: 'text', text: JSON.stringify(schemaValue(schema, words)) }]
  const asked = request.question ?? unmarkedQuestion(asArray(json['messages']))
  const id = kind === 'wrong' ? `x${shortHash(`${asked} ${context.attemptId}`, 8)}` : asked
  // About six characters a word, marks apart; a small max_tokens makes a short answer, never one without its marks.
  const room = Math.floor((request.maxOutputTokens * 4 - 2 * id.length - 12) / 8)
  const count = Math.max(1, Math.min(20 + Math.floor(random() * 41), room))
  return [...thoughts, { type: 'text', text: markedProse(id, count, random) }]
}

function thinks(json: JsonRecord): boolean {
  const type = isRecord(json['thinking']) ? json['thinking']['type'] : undefined
  if (type === 'between_tools') return blocksOf(asArray(json['messages']).at(-1), 'tool_result').length > 0
  return type === 'enabled' || type === 'adaptive'
}

function thought(json: JsonRecord, { attemptId }: RenderContext, random: () => number): Block {
  const omitted = isRecord(json['thinking']) && json['thinking']['display'] === 'omitted'
  const thinking = prose(12 + Math.floor(random() * 14), random)
  const signature = Buffer.from(shortHash(`${attemptId} thought`, 60)).toString('base64')
  return { type: 'thinking', thinking: omitted ? '' : thinking, signature }
}

/** The tool to call now: the forced one, or the first that this task has not called. Server tools are not ours to call. */
function nextTool(json: JsonRecord, { toolsCalled }: RenderContext): JsonRecord | undefined {
  const offered = asArray(json['tools']).filter(isRecord)
  const choice = isRecord(json['tool_choice']) ? json['tool_choice'] : {}
  if (choice['type'] === 'none') return undefined
  if (choice['type'] === 'tool') return offered.find(tool => tool['name'] === choice['name'])
  const custom = offered.filter(tool => isRecord(tool['input_schema']) && typeof tool['name'] === 'string')
  const inTranscript = toolsInTranscript(asArray(json['messages']))
  const fresh = custom.find(({ name }) => typeof name === 'string' && !toolsCalled.has(name) && !inTranscript.has(name))
  return fresh ?? (choice['type'] === 'any' ? custom[0] : undefined)
}

/** The schema of `output_config.format`, or of the older `output_format`. */
function outputSchema(json: JsonRecord): unknown {
  const config = isRecord(json['output_config']) ? json['output_config'] : {}
  const format = [config['format'], json['output_format']].find(isRecord)
  return format?.['type'] === 'json_schema' ? format['schema'] : undefined
}

function blockTokens(block: Block): number {
  switch (block.type) {
    case 'thinking':
      return tokens(block.thinking)
    case 'text':
      return tokens(block.text)
    case 'tool_use':
      return tokens(JSON.stringify(block.input)) + tokens(block.name) + 8
  }
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}
