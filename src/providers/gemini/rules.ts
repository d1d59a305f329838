import { isRecord, type JsonRecord } from '../json.ts'
import type { Recognised } from '../provider.ts'
import { contentsOf, isUsers, partsOf, partsWith } from './contents.ts'

/** What is wrong with a request to generate content, in the API's own manner. */
export function faultIn({ json }: Recognised): string | undefined {
  if (!isRecord(json)) return 'Invalid JSON payload received.'
  const contents = contentsOf(json)
  if (contents.length === 0) return '* GenerateContentRequest.contents: contents is not specified\n'
  for (const [i, content] of contents.entries()) {
    const role = content['role']
    if (role !== undefined && role !== 'user' && role !== 'model' && role !== 'function')
      return 'Please use a valid role: user, model.'
    if (partsOf(content).length === 0)
      return `* GenerateContentRequest.contents[${i}].parts: contents.parts must not be empty.\n`
  }
  // The chunks of a streamed answer may come back as turns of their own.
  const turns = Array.from(merged(contents))
  for (const [i, content] of turns.entries()) {
    if (isUsers(content)) continue
    const calls = partsWith(content, 'functionCall').length
    if (calls === 0) continue
    if (i === 0)
      return 'Please ensure that function call turn comes immediately after a user turn or after a function response turn.'
    if (partsWith(turns[i + 1], 'functionResponse').length !== calls)
      return 'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.'
  }
  return undefined
}

/** The same conversation, what one side says in a row as one turn. */
function* merged(contents: readonly JsonRecord[]): Generator<JsonRecord> {
  let open: JsonRecord | undefined
  for (const content of contents) {
    if (open !== undefined && isUsers(open) === isUsers(content))
      open = { ...open, parts: [...partsOf(open), ...partsOf(content)] }
    else {
      if (open !== undefined) yield open
      open = content
    }
  }
  if (open !== undefined) yield open
}
