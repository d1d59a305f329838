import { isForeign } from '../credential.ts'
import { asArray, isRecord, type JsonRecord } from '../json.ts'
import type { Recognised } from '../provider.ts'
import type { ApiError } from './api-error.ts'
import { formatOf } from './asked.ts'
import { chatTranscriptFault } from './chat-transcript.ts'
import { inputsOf, sizeOfModel } from './embeddings.ts'
import { type Fault, fault, missing } from './fault.ts'
import { inputFault } from './response-input.ts'

/** Why the API turns a request down before any model sees it: the first rule that it breaks. */
export function refusal(request: Recognised): ApiError | undefined {
  const keyed = keyFault(request.key)
  if (keyed !== undefined) return { ...keyed, status: 401 }
  const found = requestFault(request)
  return found === undefined ? undefined : { ...found, status: 400 }
}

function keyFault(key: string): Fault | undefined {
  if (key === 'none')
    return fault(
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. " +
        'Authorization: Bearer YOUR_KEY). You can obtain an API key from https://platform.openai.com/account/api-keys.',
    )
  // Another provider's key opens nothing here.
  if (!isForeign(key)) return undefined
  const message =
    'Incorrect API key provided: ********. You can find your API key at https://platform.openai.com/account/api-keys.'
  return fault(message, null, 'invalid_api_key')
}

function requestFault({ surface, route = '', json, model }: Recognised): Fault | undefined {
  if (surface === 'api' || surface === 'api.models' || !/^POST .*(?:completions|responses|embeddings)\/*$/.test(route))
    return undefined
  if (!isRecord(json))
    return fault(
      'We could not parse the JSON body of your request. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.',
    )
  switch (surface) {
    case 'api.chat-completions':
      return chatFault(json, model) ?? chatTranscriptFault(asArray(json['messages']))
    case 'api.responses':
      return responseFault(json, model) ?? inputFault(json)
    default:
      return embeddingFault(json, model)
  }
}

function chatFault(json: JsonRecord, model: string | undefined): Fault | undefined {
  const { messages } = json
  if (model === undefined) return fault('you must provide a model parameter')
  if (messages === undefined) return missing('messages')
  if (!Array.isArray(messages))
    return fault("Invalid type for 'messages': expected an array of objects.", 'messages', 'invalid_type')
  if (messages.length === 0)
    return fault(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      'messages',
      'empty_array',
    )
  if (/^(?:o\d|gpt-5)/.test(model) && json['max_tokens'] !== undefined && json['max_tokens'] !== null)
    return fault(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      'max_tokens',
      'unsupported_parameter',
    )
  if (json['tools'] === undefined)
    for (const name of ['tool_choice', 'parallel_tool_calls'])
      if (json[name] !== undefined && json[name] !== null)
        return fault(`Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`, name)
  if (isRecord(json['stream_options']) && json['stream'] !== true)
    return fault("The 'stream_options' parameter is only allowed when 'stream' is enabled.", 'stream_options')
  if (formatOf(json)?.['type'] === 'json_object' && !saysJson(messages))
    return fault(
      "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
      'messages',
    )
  return undefined
}

function responseFault(json: JsonRecord, model: string | undefined): Fault | undefined {
  const limit = json['max_output_tokens']
  if (model === undefined) return missing('model')
  if (['input', 'previous_response_id', 'prompt', 'conversation'].every(name => json[name] === undefined))
    return fault(
      'One of "input" or "previous_response_id" or \'prompt\' or \'conversation_id\' must be provided.',
      'input',
      'missing_required_parameter',
    )
  if (typeof limit === 'number' && limit < 16)
    return fault(
      `Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${limit} instead.`,
      'max_output_tokens',
      'integer_below_min_value',
    )
  if (formatOf(json)?.['type'] === 'json_object' && !saysJson([json['input'], json['instructions']]))
    return fault(
      "Response input messages must contain the word 'json' in some form to use 'text.format' of type 'json_object'.",
      'input',
    )
  return undefined
}

function embeddingFault(json: JsonRecord, model: string | undefined): Fault | undefined {
  if (model === undefined) return fault('you must provide a model parameter')
  const { dimensions } = json
  const inputs = inputsOf(json)
  if (inputs.length === 0 || inputs.length > 2_048 || inputs.includes(''))
    return fault(
      "'$.input' is invalid. Please check the API reference: https://platform.openai.com/docs/api-reference.",
    )
  if (dimensions === undefined || dimensions === null) return undefined
  if (model === 'text-embedding-ada-002') return fault('This model does not support specifying dimensions.')
  const most = sizeOfModel(model)
  if (typeof dimensions !== 'number' || !Number.isInteger(dimensions) || dimensions < 1 || dimensions > most)
    return fault(`Invalid value for 'dimensions': expected a whole number from 1 to ${most}.`, 'dimensions')
  return undefined
}

function saysJson(said: unknown): boolean {
  return /json/i.test(JSON.stringify(said))
}
