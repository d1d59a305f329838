import type { Json } from '../../model/scenario.ts'

/** A fault as a scenario spells it, from its name and options such as `retry_after: 30s, with_date: 50%`. */
export function faultOf(id: string, options: string): string | Record<string, Json> {
  const pairs = options
    .split(',')
    .map(pair => pair.trim())
    .filter(pair => pair !== '')
    .map((pair): [string, Json] => {
      const [name = '', ...rest] = pair.split(':')
      return [name.trim(), optionOf(rest.join(':').trim())]
    })
  return pairs.length === 0 ? id : { [id]: Object.fromEntries(pairs) }
}

function optionOf(text: string): Json {
  if (text === 'true' || text === '') return true
  if (text === 'false') return false
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text
}
