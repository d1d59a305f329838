import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import type { Recognised } from '../provider.ts'
import { type Ask, type OfferedTool, offeredTools, unmarked } from '../turn.ts'
import { calledSince, contentsOf, newestText } from './contents.ts'
import { jsonSchemaOf } from './schema.ts'

/** What a generateContent request asks of the model. */
export function asked({ json: body, question }: Recognised): Ask {
  const json = isRecord(body) ? body : {}
  const contents = contentsOf(json)
  const { tools, toolChoice } = choice(json)
  return {
    question: question ?? unmarked(newestText(contents)),
    tools,
    toolChoice,
    toolsInTranscript: calledSince(contents),
    outputSchema: outputSchema(configOf(json)),
    thinks: includesThoughts(configOf(json)),
  }
}

export function configOf(json: JsonRecord): JsonRecord {
  return isRecord(json['generationConfig']) ? json['generationConfig'] : {}
}

/** The app's own functions; searching and running code is the provider's. */
function declared(json: JsonRecord): readonly OfferedTool[] {
  const declarations = asArray(json['tools'])
    .filter(isRecord)
    .flatMap(tool => asArray(tool['functionDeclarations']).filter(isRecord))
  return offeredTools(
    declarations,
    ({ parametersJsonSchema, parameters }) => parametersJsonSchema ?? jsonSchemaOf(parameters),
  )
}

/** Mode and names of `toolConfig`: names narrow down what may be called, and one name forces it. */
function choice(json: JsonRecord): Pick<Ask, 'tools' | 'toolChoice'> {
  const config = isRecord(json['toolConfig']) ? json['toolConfig'] : {}
  const calling = isRecord(config['functionCallingConfig']) ? config['functionCallingConfig'] : {}
  const names = asArray(calling['allowedFunctionNames']).filter(name => typeof name === 'string')
  const all = declared(json)
  const tools = names.length === 0 ? all : all.filter(({ name }) => names.includes(name))
  const mode = asText(calling['mode'])?.toUpperCase()
  if (mode === 'NONE') return { tools, toolChoice: 'none' }
  if (mode !== 'ANY') return { tools, toolChoice: 'auto' }
  const [only, ...others] = tools
  return { tools, toolChoice: only !== undefined && others.length === 0 ? { name: only.name } : 'any' }
}

/** JSON that is asked for without a schema is an object. */
function outputSchema(config: JsonRecord): unknown {
  const { responseMimeType, responseSchema, responseJsonSchema, _responseJsonSchema } = config
  if (responseMimeType !== 'application/json') return undefined
  return (
    responseJsonSchema ??
    _responseJsonSchema ??
    (responseSchema === undefined ? anyObject : jsonSchemaOf(responseSchema))
  )
}

const anyObject = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] }

function includesThoughts(config: JsonRecord): boolean {
  return isRecord(config['thinkingConfig']) && config['thinkingConfig']['includeThoughts'] === true
}
