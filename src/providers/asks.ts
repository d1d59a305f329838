import { asArray, isRecord, type JsonRecord } from './json.ts'

/** What a request asks of the model besides words. */
export interface Asked {
  /** How many tools it offers. */
  readonly tools?: number
  /** Whether the answer shall be JSON of a schema. */
  readonly schema?: true
}

/** Told by the body alone, in the spelling of any provider; `undefined` where it asks for words only. */
export function asksOf(json: unknown): Asked | undefined {
  if (!isRecord(json)) return undefined
  const tools = toolsIn(json)
  const schema = wantsSchema(json)
  return tools === 0 && !schema ? undefined : { ...(tools > 0 && { tools }), ...(schema && { schema: true }) }
}

function toolsIn(json: JsonRecord): number {
  const config = isRecord(json['toolConfig']) ? json['toolConfig'] : {}
  const all = [...asArray(json['tools']), ...asArray(config['tools'])]
  return all.reduce<number>((sum, tool) => {
    const declared = isRecord(tool) ? tool['functionDeclarations'] : undefined
    return sum + (declared === undefined ? 1 : asArray(declared).length)
  }, 0)
}

/** Where each API has its format of the answer. */
const places: readonly (readonly [string, ...string[]])[] = [
  ['output_format'],
  ['output_config', 'format'],
  ['response_format'],
  ['text', 'format'],
  ['generationConfig', 'responseSchema'],
  ['generationConfig', 'responseJsonSchema'],
  ['outputConfig', 'textFormat'],
]

function wantsSchema(json: JsonRecord): boolean {
  return places.some(place => {
    if (json[place[0]] === undefined) return false
    const format = place.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), json)
    if (!isRecord(format)) return false
    // Gemini's place holds the schema itself.
    return place[0] === 'generationConfig' || format['type'] === 'json_schema' || format['type'] === 'json_object'
  })
}
