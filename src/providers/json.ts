export type JsonRecord = Readonly<Record<string, unknown>>

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The array itself, or an empty one for anything else. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The parsed text, or `undefined` when it is empty or no JSON. */
export function parseJson(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Characters of all strings in `value`; base64 data counts as `flat`, for a picture is not read as text. */
export function textLength(value: unknown, flat = 6_400): number {
  if (typeof value === 'string') return value.length
  if (Array.isArray(value)) {
    let sum = 0
    for (const item of value) sum += textLength(item, flat)
    return sum
  }
  if (!isRecord(value)) return 0
  if (value['type'] === 'base64') return flat
  let sum = 0
  for (const key in value) sum += textLength(value[key], flat)
  return sum
}
