import { asArray, asText, isRecord, type JsonRecord } from '../json.ts'
import { closingMark, openingMark } from '../marks.ts'
import type { Recognised } from '../provider.ts'
import { type Ask, type OfferedTool, offeredTools, unmarked } from '../turn.ts'
import { newestText, said, sinceUser } from './conversation.ts'
import { toolBehind } from './ids.ts'
import type { Surface } from './surfaces.ts'

/**
 * What a chat or a response request asks of the model. `other`: the question to answer in place of the one asked.
 * `before`: tools called in the turns that the request only refers to.
 */
export function asked(request: Recognised, other?: string, before: Iterable<string> = []): Ask {
  const { surface, json: body, question, model } = request
  const json = isRecord(body) ? body : {}
  const about = question ?? unmarked(newestText(surfaceNamed(surface), json))
  const tools = toolsOf(json)
  return {
    question: about,
    tools: allowed(json, tools),
    toolChoice: toolChoice(json),
    toolsInTranscript: new Set([...before, ...calledTools(sinceUser(said(surfaceNamed(surface), json)), tools)]),
    outputSchema: outputSchema(json, other ?? about),
    thinks: thinks(json, model ?? ''),
  }
}

/** Whether the tools are offered in the way of before 2023-11, as `functions`. */
export function isLegacy(json: unknown): boolean {
  return isRecord(json) && Array.isArray(json['functions']) && json['tools'] === undefined
}

function surfaceNamed(surface: string): Surface {
  return surface === 'api.responses' ? 'api.responses' : 'api.chat-completions'
}

/** The app's own functions: in a chat they are nested, in a response flat. Tools that OpenAI runs itself are left out. */
function toolsOf(json: JsonRecord): readonly OfferedTool[] {
  const tools = asArray(json['tools'])
    .filter(isRecord)
    .filter(tool => tool['type'] === 'function')
    .map(tool => (isRecord(tool['function']) ? tool['function'] : tool))
  const all = isLegacy(json) ? asArray(json['functions']).filter(isRecord) : tools
  return offeredTools(all, tool => tool['parameters'])
}

/** `allowed_tools` narrows the choice without another list of tools. */
function allowed(json: JsonRecord, tools: readonly OfferedTool[]): readonly OfferedTool[] {
  const choice = allowedTools(json)
  if (choice === undefined) return tools
  const names = new Set(asArray(choice['tools']).filter(isRecord).map(nameIn))
  return tools.filter(({ name }) => names.has(name))
}

function allowedTools(json: JsonRecord): JsonRecord | undefined {
  const choice = isRecord(json['tool_choice']) ? json['tool_choice'] : undefined
  if (choice?.['type'] !== 'allowed_tools') return undefined
  return isRecord(choice['allowed_tools']) ? choice['allowed_tools'] : choice
}

function toolChoice(json: JsonRecord): Ask['toolChoice'] {
  const choice = json['tool_choice'] ?? json['function_call']
  const mode = allowedTools(json)?.['mode'] ?? choice
  if (mode === 'required') return 'any'
  if (mode === 'none') return 'none'
  const name = isRecord(choice) && allowedTools(json) === undefined ? nameIn(choice) : undefined
  return name === undefined ? 'auto' : { name }
}

function nameIn(choice: JsonRecord): string | undefined {
  return asText((isRecord(choice['function']) ? choice['function'] : choice)['name'])
}

/** Tools called since the user last spoke. Where the transcript only refers to a call, its id tells the tool. */
function calledTools(items: readonly JsonRecord[], tools: readonly OfferedTool[]): ReadonlySet<string> {
  const called = new Set<string>()
  const add = (name: string | undefined) => name !== undefined && called.add(name)
  for (const item of items) {
    for (const call of asArray(item['tool_calls'])) add(isRecord(call) ? nameIn(call) : undefined)
    if (isRecord(item['function_call'])) add(asText(item['function_call']['name']))
    if (item['type'] === 'function_call') add(asText(item['name']))
    if (item['type'] === 'function_call_output') add(toolBehind(asText(item['call_id']) ?? '', tools))
    if (item['type'] === 'item_reference') add(toolBehind(asText(item['id']) ?? '', tools))
  }
  return called
}

function outputSchema(json: JsonRecord, question: string): unknown {
  const format = formatOf(json)
  if (format?.['type'] === 'json_schema')
    return isRecord(format['json_schema']) ? format['json_schema']['schema'] : format['schema']
  // No schema tells what is wanted, so the JSON is just an answer.
  if (format?.['type'] === 'json_object')
    return { const: { answer: `${openingMark(question)} Done. ${closingMark(question)}` } }
  return undefined
}

/** `response_format` of a chat, `text.format` of a response. */
export function formatOf(json: JsonRecord): JsonRecord | undefined {
  const text = isRecord(json['text']) ? json['text'] : {}
  return [json['response_format'], text['format']].find(isRecord)
}

/** How hard the model is to think; the models that reason unless told not to. */
export function effortOf(json: JsonRecord, model: string): string | undefined {
  const reasoning = isRecord(json['reasoning']) ? json['reasoning'] : {}
  const effort = asText(json['reasoning_effort']) ?? asText(reasoning['effort'])
  return effort ?? (/^(?:o\d|gpt-5(?:-|$))/.test(model) ? 'medium' : undefined)
}

function thinks(json: JsonRecord, model: string): boolean {
  const effort = effortOf(json, model)
  return effort !== undefined && effort !== 'none' && effort !== 'minimal'
}
