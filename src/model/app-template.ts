import type { TaskInput } from './integration.ts'
import type { Json } from './scenario.ts'

/** What a request of an app may say of its task; `{env.NAME}` besides. */
export const placeholders = [
  'prompt',
  'id',
  'tenant',
  'session',
  'user',
  'class',
  'question',
  'stream',
  'turn',
  'turns',
  'history',
  'tools',
] as const satisfies readonly (keyof TaskInput)[]

/** `{{word}}` is the text `{word}`. */
const pattern = /\{\{([A-Za-z][\w.-]*)\}\}|\{([A-Za-z][\w.-]*)\}/g
const whole = /^\{([A-Za-z][\w.-]*)\}$/

/** The names in a text that look like placeholders; `doubled` with two braces on each side. */
export function namesIn(text: string): readonly { readonly name: string; readonly doubled: boolean }[] {
  return [...text.matchAll(pattern)].map(([, doubled, name]) => ({
    name: doubled ?? name ?? '',
    doubled: doubled !== undefined,
  }))
}

/** What a placeholder stands for; `undefined` when this task has no such thing. */
export type Lookup = (name: string) => Json | undefined

/** The text with what its placeholders stand for, each written as `write` says; nothing for what is not there. */
export function fillText(text: string, look: Lookup, write: (value: string) => string = value => value): string {
  return text.replace(pattern, (_, doubled: string | undefined, name: string) =>
    doubled === undefined ? write(asText(look(name))) : `{${doubled}}`,
  )
}

function asText(value: Json | undefined): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** The value with every text in it filled; a text that is one placeholder becomes its value, or goes with its key. */
export function fillJson(value: Json, look: Lookup): Json | undefined {
  if (typeof value === 'string') {
    const name = whole.exec(value)?.[1]
    return name === undefined ? fillText(value, look) : look(name)
  }
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(item => fillJson(item, look) ?? null)
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const filled = fillJson(item, look)
      return filled === undefined ? [] : [[key, filled]]
    }),
  )
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** Looks placeholders up in a task and in an environment. */
export function lookIn(task: TaskInput, env: Readonly<Record<string, string>>): Lookup {
  return name => {
    if (name.startsWith('env.')) return env[name.slice('env.'.length)]
    const known = placeholders.find(one => one === name)
    const value = known && task[known]
    return Array.isArray(value) ? value.map(({ prompt, answer }) => ({ prompt, answer })) : (value as Json | undefined) // a scalar: the only list is handled
  }
}
