import { isRecord } from '../json.ts'

const counts = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']

/**
 * Gemini's `Schema`, a part of OpenAPI 3.0, as JSON Schema: its types are in capitals, its counts may be text (an int64 in
 * JSON is), and its formats `enum` and `float` bind nothing.
 */
export function jsonSchemaOf(schema: unknown): unknown {
  if (!isRecord(schema)) return schema
  const result: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'type' && typeof value === 'string') result[key] = value.toLowerCase()
    else if (key === 'properties' && isRecord(value))
      result[key] = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, jsonSchemaOf(part)]))
    else if (key === 'anyOf' && Array.isArray(value)) result[key] = value.map(jsonSchemaOf)
    else if (key === 'items') result[key] = jsonSchemaOf(value)
    else if (key === 'example') result['examples'] = [value]
    else if (counts.includes(key)) result[key] = Number(value)
    else if (key !== 'format' || value === 'date-time' || value === 'date' || value === 'time') result[key] = value
  }
  return result
}
