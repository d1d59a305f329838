import { toolsInTranscript, unmarkedQuestion } from '../anthropic/conversation.ts'
import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import { type Ask, offeredTools } from '../turn.ts'

/** The messages of a Converse request in Anthropic's words, as far as anything here reads them. */
export function asMessages(json: JsonRecord): readonly unknown[] {
  return asArray(json['messages']).map(message =>
    isRecord(message) ? { role: message['role'], content: asArray(message['content']).map(asBlock) } : message,
  )
}

function asBlock(block: unknown): unknown {
  if (!isRecord(block)) return block
  const { text, toolUse, toolResult } = block
  if (typeof text === 'string') return { type: 'text', text }
  if (isRecord(toolUse))
    return { type: 'tool_use', id: toolUse['toolUseId'], name: toolUse['name'], input: toolUse['input'] }
  if (isRecord(toolResult)) {
    const content = asArray(toolResult['content']).map(part =>
      isRecord(part) && part['json'] !== undefined
        ? { type: 'text', text: JSON.stringify(part['json']) }
        : asBlock(part),
    )
    return { type: 'tool_result', tool_use_id: toolResult['toolUseId'], content }
  }
  return block
}

/** Converse leaves the limit to the model where none is given. */
export function maxTokensOf(json: JsonRecord): number {
  const limit = isRecord(json['inferenceConfig']) ? json['inferenceConfig']['maxTokens'] : undefined
  return typeof limit === 'number' ? limit : 4_096
}

/** What a Converse request asks of the model. */
export function askedInConverse(json: JsonRecord, question: string | undefined): Ask {
  const messages = asMessages(json)
  const config = isRecord(json['toolConfig']) ? json['toolConfig'] : {}
  const specs = asArray(config['tools']).flatMap(tool =>
    isRecord(tool) && isRecord(tool['toolSpec']) ? [tool['toolSpec']] : [],
  )
  return {
    question: question ?? unmarkedQuestion(messages),
    tools: offeredTools(specs, spec => (isRecord(spec['inputSchema']) ? spec['inputSchema']['json'] : undefined)),
    toolChoice: toolChoice(config['toolChoice']),
    toolsInTranscript: toolsInTranscript(messages),
    outputSchema: outputSchema(json),
    thinks: thinks(json),
  }
}

function toolChoice(choice: unknown): Ask['toolChoice'] {
  if (!isRecord(choice)) return 'auto'
  if (isRecord(choice['tool'])) return { name: asText(choice['tool']['name']) ?? '' }
  return choice['any'] === undefined ? 'auto' : 'any'
}

/**
 * `outputConfig.textFormat.structure.jsonSchema.schema`: a schema, as text. Or, in the fields that are handed on to the
 * model as they are, Claude's own `output_config.format`, as the AI SDK sends it.
 */
function outputSchema(json: JsonRecord): unknown {
  return toldSchema(json) ?? handedSchema(json)
}

function handedSchema(json: JsonRecord): unknown {
  const fields = isRecord(json['additionalModelRequestFields']) ? json['additionalModelRequestFields'] : {}
  const config = isRecord(fields['output_config']) ? fields['output_config'] : {}
  const format = isRecord(config['format']) ? config['format'] : {}
  return format['type'] === 'json_schema' ? format['schema'] : undefined
}

function toldSchema(json: JsonRecord): unknown {
  let at: unknown = json
  for (const name of ['outputConfig', 'textFormat', 'structure', 'jsonSchema', 'schema'])
    at = isRecord(at) ? at[name] : undefined
  if (typeof at !== 'string') return undefined
  try {
    return JSON.parse(at)
  } catch {
    return undefined
  }
}

function thinks(json: JsonRecord): boolean {
  const fields = isRecord(json['additionalModelRequestFields']) ? json['additionalModelRequestFields'] : {}
  const type = isRecord(fields['thinking']) ? fields['thinking']['type'] : undefined
  return type === 'enabled' || type === 'adaptive'
}
