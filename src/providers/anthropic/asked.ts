import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import type { Recognised } from '../provider.ts'
import { type Ask, offeredTools } from '../turn.ts'
import { blocksOf, toolsInTranscript, unmarkedQuestion } from './conversation.ts'

/** What a message request asks of the model. */
export function asked({ json: body, question }: Recognised): Ask {
  const json = isRecord(body) ? body : {}
  const messages = asArray(json['messages'])
  return {
    question: question ?? unmarkedQuestion(messages),
    tools: toolsOf(json),
    toolChoice: toolChoice(json),
    toolsInTranscript: toolsInTranscript(messages),
    outputSchema: outputSchema(json),
    thinks: thinks(json),
  }
}

/** Whether what the model thought is kept to itself. */
export function omitsThinking({ json }: Recognised): boolean {
  const thinking = isRecord(json) && isRecord(json['thinking']) ? json['thinking'] : {}
  return thinking['display'] === 'omitted'
}

function thinks(json: JsonRecord): boolean {
  const type = isRecord(json['thinking']) ? json['thinking']['type'] : undefined
  if (type === 'between_tools') return blocksOf(asArray(json['messages']).at(-1), 'tool_result').length > 0
  return type === 'enabled' || type === 'adaptive'
}

/** Server tools have no schema of their own, and are called by name only where the app insists. */
function toolsOf(json: JsonRecord) {
  const forced = toolChoice(json)
  const offered = asArray(json['tools'])
    .filter(isRecord)
    .filter(tool => isRecord(tool['input_schema']) || (typeof forced === 'object' && tool['name'] === forced.name))
  return offeredTools(offered, tool => tool['input_schema'])
}

function toolChoice(json: JsonRecord): Ask['toolChoice'] {
  const choice = isRecord(json['tool_choice']) ? json['tool_choice'] : {}
  switch (choice['type']) {
    case 'none':
    case 'any':
      return choice['type']
    case 'tool':
      return { name: asText(choice['name']) ?? '' }
    default:
      return 'auto'
  }
}

/** The schema of `output_config.format`, or of the older `output_format`. */
function outputSchema(json: JsonRecord): unknown {
  const config = isRecord(json['output_config']) ? json['output_config'] : {}
  const format = [config['format'], json['output_format']].find(isRecord)
  return format?.['type'] === 'json_schema' ? format['schema'] : undefined
}
