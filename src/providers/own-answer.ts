import { findAnswer, type PlannedAnswer } from './answers.ts'
import { shortHash } from './hash.ts'
import { closingMark, openingMark } from './marks.ts'
import type { Recognised, RenderContext } from './provider.ts'
import { schemaValue, type Words } from './schema-value.ts'
import type { Ask, Part } from './turn.ts'

/** The user's own answer to this request, of those that a model can say. */
export function ownAnswer(request: Recognised, context: RenderContext, ask: Ask): PlannedAnswer | undefined {
  return findAnswer(request, context, ({ response, calls }) => response === undefined && canCall(calls, ask))
}

/** Tools that are not offered cannot be called; those that were called since the user spoke are not called again. */
function canCall(calls: PlannedAnswer['calls'], { tools, toolChoice, toolsInTranscript }: Ask): boolean {
  if (calls === undefined) return true
  if (toolChoice === 'none' || calls.every(({ tool }) => toolsInTranscript.has(tool))) return false
  return calls.every(({ tool }) => tools.some(({ name }) => name === tool))
}

/** What the model says of it. */
export function ownParts(answer: PlannedAnswer, ask: Ask, attemptId: string, words: Words): Part[] {
  const { says, calls, json, marks = true } = answer
  const call = (name: string, input: unknown, i: number): Part => {
    const id = shortHash(`${attemptId} tool${i === 0 ? '' : ` ${i}`}`, 22)
    return { type: 'tool-call', id, name, input }
  }
  if (calls !== undefined)
    return calls.map(({ tool, input }, i) => {
      const schema = ask.tools.find(({ name }) => name === tool)?.schema
      return call(tool, input ?? schemaValue(schema, words), i)
    })
  if (json !== undefined) {
    const { toolChoice, tools } = ask
    const forced = typeof toolChoice === 'object' ? toolChoice.name : toolChoice === 'any' ? tools[0]?.name : undefined
    return forced === undefined ? [{ type: 'text', text: JSON.stringify(json) }] : [call(forced, json, 0)]
  }
  const text = says ?? ''
  const { question } = ask
  return [{ type: 'text', text: marks ? `${openingMark(question)} ${text} ${closingMark(question)}` : text }]
}
