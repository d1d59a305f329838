import type { PlannedAnswer } from './answers.ts'
import { shortHash } from './hash.ts'
import type { JsonRecord } from './json.ts'
import { ownAnswer, ownParts } from './own-answer.ts'
import { markedProse, prose } from './prose.ts'
import type { Recognised, RenderContext } from './provider.ts'
import { schemaValue } from './schema-value.ts'

/** What a request asks of a model, in no provider's words. */
export interface Ask {
  /** The question's id: its mark, or a name made of the text where there is none. */
  readonly question: string
  /** The app's own tools; those that the provider runs itself are not ours to call. */
  readonly tools: readonly OfferedTool[]
  /** `any`: some tool must be called. */
  readonly toolChoice: 'auto' | 'any' | 'none' | { readonly name: string }
  /** Tools called since the user last spoke, as the transcript tells. */
  readonly toolsInTranscript: ReadonlySet<string>
  /** JSON schema that the answer must satisfy. */
  readonly outputSchema: unknown
  readonly thinks: boolean
}

export interface OfferedTool {
  readonly name: string
  /** JSON schema of its arguments. */
  readonly schema: unknown
}

/** A part of what a model says. */
export type Part =
  | { readonly type: 'thinking'; readonly thinking: string }
  | { readonly type: 'text'; readonly text: string }
  /** `id`: 22 characters, to which a provider adds its own prefix. */
  | { readonly type: 'tool-call'; readonly id: string; readonly name: string; readonly input: unknown }

/** What the model says in one turn. */
export interface Turn {
  readonly model: string
  readonly parts: readonly Part[]
  readonly stopReason: 'end-turn' | 'tool-use'
  readonly inputTokens: number
  readonly outputTokens: number
  readonly thinkingTokens: number
  /** The tool that it calls. */
  readonly toolCalled: string | undefined
  /** Of the user's own answers, the one that it gives. */
  readonly place?: number
}

export type TurnKind = 'good' | 'wrong' | 'empty'

/**
 * The model's turn: one tool call while there are tools it has not called in this task, then the answer between its
 * marks. `wrong` answers a question that nobody asked; `empty` says nothing.
 */
export function speak(
  ask: Ask,
  request: Recognised,
  context: RenderContext,
  kind: TurnKind,
  random: () => number,
): Turn {
  const own = kind === 'good' ? ownAnswer(request, context, ask) : undefined
  const parts = kind === 'empty' ? [] : say(ask, request, context, kind, random, own)
  const called = parts.find(part => part.type === 'tool-call')
  const said = parts.reduce((sum, part) => sum + partTokens(part), 0)
  return {
    model: request.model ?? '',
    parts,
    stopReason: called === undefined ? 'end-turn' : 'tool-use',
    inputTokens: request.inputTokens,
    outputTokens: Math.max(1, Math.min(said, request.maxOutputTokens)),
    thinkingTokens: tokens(parts.find(part => part.type === 'thinking')?.thinking ?? ''),
    toolCalled: called?.name,
    ...(own && { place: own.place }),
  }
}

function say(
  ask: Ask,
  request: Recognised,
  context: RenderContext,
  kind: TurnKind,
  random: () => number,
  own: PlannedAnswer | undefined,
): Part[] {
  const thoughts: Part[] = ask.thinks
    ? [{ type: 'thinking', thinking: prose(12 + Math.floor(random() * 14), random) }]
    : []
  const tool = kind === 'good' ? nextTool(ask, context) : undefined
  const words = () => prose(3, random)
  if (own !== undefined) return [...thoughts, ...ownParts(own, ask, context.attemptId, words)]
  if (tool !== undefined) {
    const id = shortHash(`${context.attemptId} tool`, 22)
    return [...thoughts, { type: 'tool-call', id, name: tool.name, input: schemaValue(tool.schema, words) }]
  }
  if (ask.outputSchema !== undefined)
    return [...thoughts, { type: 'text', text: JSON.stringify(schemaValue(ask.outputSchema, words)) }]
  const id = kind === 'wrong' ? `x${shortHash(`${ask.question} ${context.attemptId}`, 8)}` : ask.question
  // About six characters a word, marks apart; a small limit makes a short answer, never one without its marks.
  const room = Math.floor((request.maxOutputTokens * 4 - 2 * id.length - 12) / 8)
  const count = Math.max(1, Math.min(20 + Math.floor(random() * 41), room))
  return [...thoughts, { type: 'text', text: markedProse(id, count, random) }]
}

/** The tool to call now: the forced one, or the first that this task has not called. */
function nextTool({ tools, toolChoice, toolsInTranscript }: Ask, { toolsCalled }: RenderContext) {
  if (toolChoice === 'none') return undefined
  if (typeof toolChoice === 'object') return tools.find(({ name }) => name === toolChoice.name)
  const fresh = tools.find(({ name }) => !toolsCalled.has(name) && !toolsInTranscript.has(name))
  return fresh ?? (toolChoice === 'any' ? tools[0] : undefined)
}

/** A name for text without a mark: `x` and eight hex digits. */
export function unmarked(text: string): string {
  return `x${shortHash(text, 8)}`
}

/** JSON schemas of tools as they come, those without a name left out. */
export function offeredTools(tools: readonly JsonRecord[], schemaOf: (tool: JsonRecord) => unknown): OfferedTool[] {
  return tools.flatMap(tool => {
    const name = tool['name']
    return typeof name === 'string' ? [{ name, schema: schemaOf(tool) ?? {} }] : []
  })
}

function partTokens(part: Part): number {
  switch (part.type) {
    case 'thinking':
      return tokens(part.thinking)
    case 'text':
      return tokens(part.text)
    case 'tool-call':
      return tokens(JSON.stringify(part.input)) + tokens(part.name) + 8
  }
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}
