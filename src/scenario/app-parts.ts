import { splitCommand } from '../lib/command-line.ts'
import { isLoopback } from '../lib/loopback.ts'
import { suggest } from '../lib/suggest.ts'
import type { Ready, RequestLine } from '../model/app.ts'
import { pathPattern } from '../model/app-path.ts'
import { namesIn, placeholders } from '../model/app-template.ts'
import type { Json } from '../model/scenario.ts'
import { json, list } from './lists.ts'
import { object, optional } from './object.ts'
import type { Reading } from './reading.ts'
import { number, text } from './scalars.ts'
import { type Shape, written } from './shape.ts'
import { describe, type Node, quote } from './tree.ts'
import { duration } from './units.ts'

type Read<T> = (value: string, node: Node, reading: Reading) => T | undefined

/** A text that is read further. It is part of configs alone, which are never printed and have no schema. */
function textThat<T>(name: string, read: Read<T>): Shape<T> {
  const plain = text(name)
  return {
    name,
    read(node, path, reading) {
      const value = plain.read(node, path, reading)
      return value === undefined ? undefined : read(value, node, reading)
    },
    write: value => written(String(value)),
    schema: () => ({ type: 'string' }),
  }
}

/** Reports, and is `undefined`. */
function refused(reading: Reading, node: Node, message: string, hint?: string): undefined {
  reading.report('bad-name', node, message, hint)
  return undefined
}

const words = list(text('a word of the command'), { min: 1 })

/** `python app.py`, or its words as a list. */
export const command: Shape<readonly string[]> = {
  name: 'a command, or a list of its words',
  read(node, path, reading) {
    if (node.type === 'list') return words.read(node, path, reading)
    const one = text(this.name).read(node, path, reading)
    if (one === undefined) return undefined
    const split = splitCommand(one)
    return 'argv' in split ? split.argv : refused(reading, node, split.problem, split.hint)
  },
  write: argv => words.write(argv),
  schema: () => ({}),
}

/** A text with placeholders. */
export const template: Shape<string> = textThat('a text', (value, node, reading) =>
  checkPlaceholders(value, node, reading) ? value : undefined,
)

/** Any value, with placeholders in its texts. */
export const jsonTemplate: Shape<Json> = {
  ...json,
  read(node, path, reading) {
    const isSound = checkAll(node, reading)
    const value = json.read(node, path, reading)
    return isSound ? value : undefined
  },
}

function checkAll(node: Node, reading: Reading): boolean {
  if (node.type === 'list') return node.items.map(item => checkAll(item, reading)).every(Boolean)
  if (node.type === 'map') return node.entries.map(({ value }) => checkAll(value, reading)).every(Boolean)
  return typeof node.value !== 'string' || checkPlaceholders(node.value, node, reading)
}

function checkPlaceholders(value: string, node: Node, reading: Reading): boolean {
  let isSound = true
  for (const { name, doubled } of namesIn(value)) {
    const isKnown = placeholders.some(one => one === name) || /^env\.\w+$/.test(name)
    if (isKnown !== doubled) continue
    isSound = false
    if (doubled) refused(reading, node, `{{${name}}} is the text {${name}}.`, `One pair of braces: {${name}}`)
    else refused(reading, node, `There is no placeholder {${name}}.`, placeholderHint(name))
  }
  return isSound
}

function placeholderHint(name: string): string {
  const meant = suggest(name, placeholders)
  if (meant !== undefined) return `Did you mean {${meant}}?`
  const known = [...placeholders, 'env.NAME'].map(one => `{${one}}`).join(' ')
  return `There are ${known}. If it is text, double its braces: {{${name}}}`
}

/** A path into JSON. */
export const answerPath: Shape<string> = text('a path such as answer.text or items[0].id', { pattern: pathPattern })

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** `POST http://127.0.0.1:8000/ask`, or `POST /ask` where `base` says where the app is. */
export function requestLine(base: string | undefined): Shape<RequestLine> {
  return textThat('a method and an address such as POST http://127.0.0.1:8000/ask', (value, node, reading) => {
    const [, word = '', rest = ''] = /^(\S+)\s+(\S.*)$/.exec(value.trim()) ?? []
    const method = word.toUpperCase()
    if (rest === '')
      return refused(
        reading,
        node,
        `Expected a method and an address, found ${describe(node)}.`,
        `Write: POST ${value}`,
      )
    if (!methods.includes(method)) {
      const meant = suggest(method, methods)
      const hint = meant === undefined ? `Methods are ${methods.join(', ')}.` : `Did you mean ${meant}?`
      return refused(reading, node, `There is no method ${quote(word)}.`, hint)
    }
    if (!checkPlaceholders(rest, node, reading)) return undefined
    const url = addressIn(rest, base, node, reading)
    return url === undefined ? undefined : { method, url }
  })
}

/** The address of an app: on this machine, and absolute once read. */
export function appUrl(base?: string): Shape<string> {
  return textThat('an address such as http://127.0.0.1:8000', (value, node, reading) =>
    checkPlaceholders(value, node, reading) ? addressIn(value, base, node, reading) : undefined,
  )
}

function addressIn(value: string, base: string | undefined, node: Node, reading: Reading): string | undefined {
  if (value.startsWith('/')) {
    if (base !== undefined) return `${base.replace(/\/+$/, '')}${value}`
    return refused(reading, node, `Where is ${quote(value)}?`, 'Say where the app is: url: http://127.0.0.1:8000')
  }
  const [, scheme, host] = /^([a-z]+):\/\/([^/?#]*)/i.exec(value) ?? []
  // A port may come from the environment.
  const url = URL.parse(value.replace(/:\{env\.\w+\}(?=[/?#]|$)/, ':1').replace(/\{[\w.]+\}/g, 'x'))
  if (scheme === undefined || host === undefined || url === null)
    return refused(reading, node, `This is no address: ${value}`, 'Write it whole, like http://127.0.0.1:8000/ask')
  if (scheme.toLowerCase() !== 'http')
    return refused(reading, node, `The app is asked by plain HTTP, not by ${scheme}.`, 'Ask it behind its TLS proxy.')
  if (/\{/.test(host.replace(/:\{env\.\w+\}$/, '')))
    return refused(reading, node, 'The host of the app is to be written out.', 'Only its port may be a placeholder.')
  if (isLoopback(url.hostname)) return value
  return refused(reading, node, `${url.hostname} is not this machine.`, onlyHere)
}

const onlyHere = 'A drill asks the app at 127.0.0.1, localhost or [::1] alone.'

const tcpPlace: Shape<string> = textThat('an address such as 127.0.0.1:8000', (value, node, reading) => {
  const [, host = '', port] = /^(.+):(\d{1,5})$/.exec(value) ?? []
  if (port === undefined || Number(port) > 65_535)
    return refused(reading, node, `Expected a host and a port, found ${describe(node)}.`, 'Write: 127.0.0.1:8000')
  return isLoopback(host) ? value : refused(reading, node, `${host} is not this machine.`, onlyHere)
})

const pattern: Shape<string> = textThat('a regular expression', (value, node, reading) => {
  try {
    new RegExp(value)
    return value
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, '') : String(error)
    return refused(reading, node, `This is no regular expression: ${why}.`)
  }
})

interface ReadyMap {
  readonly http?: string
  readonly status?: number
  readonly tcp?: string
  readonly log?: string
  readonly after?: number
}

/** An address that answers, `{ tcp }`, `{ log }` or `{ after }`. */
export function readyShape(base: string | undefined): Shape<Ready> {
  const url = appUrl(base)
  const map = object<ReadyMap>(
    'the ready check',
    {
      http: optional('An address that answers.', url),
      status: optional('The status it answers with; any of 200 to 299 if not said.', number({ min: 100, max: 599 })),
      tcp: optional('A place that takes connections.', tcpPlace),
      log: optional('A line that it prints.', pattern),
      after: optional('A time that is enough.', duration()),
    },
    {
      exactlyOne: ['http', 'tcp', 'log', 'after'],
      check({ status, http }, node, reading) {
        const entry = node.entries.find(({ key }) => key === 'status')
        if (status !== undefined && http === undefined && entry)
          reading.report('meaningless-key', entry.keyRange, '"status" belongs to "http".', 'Remove it.')
      },
    },
  )
  return {
    name: 'an address, { tcp }, { log } or { after }',
    read(node, path, reading) {
      if (node.type !== 'map') {
        const http = url.read(node, path, reading)
        return http === undefined ? undefined : { http }
      }
      return readyOf(map.read(node, path, reading))
    },
    write: () => written(null),
    schema: () => ({}),
  }
}

function readyOf(map: ReadyMap | undefined): Ready | undefined {
  if (map?.http !== undefined) return { http: map.http, ...(map.status !== undefined && { status: map.status }) }
  if (map?.tcp !== undefined) return { tcp: map.tcp }
  if (map?.log !== undefined) return { log: map.log }
  return map?.after === undefined ? undefined : { after: map.after }
}
