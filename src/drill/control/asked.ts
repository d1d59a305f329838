import type { IncomingMessage } from 'node:http'
import { problemsOf } from './check.ts'
import { Refused } from './problem.ts'
import { type Query, type Route, type RouteId, routes } from './routes.ts'
import type { Schema } from './schema.ts'

const bytesAtMost = 64 * 1024
/** So much of what is too large is read all the same: who is cut off while it sends does not hear why. */
const bytesDropped = 1024 * 1024

/** The route that a path and a method mean. */
export function findRoute(method: string, path: string): RouteId {
  const all = Object.entries<Route>(routes) as readonly (readonly [RouteId, Route])[] // its keys are no others
  const there = all.filter(([, route]) => route.path === path)
  const found = there.find(([, route]) => route.method === method)
  if (found) return found[0]
  if (there.length === 0)
    throw new Refused('not-found', {
      message: `There is no ${JSON.stringify(path)} here.`,
      hint: `There are ${all.map(([, route]) => route.path).join(', ')}.`,
    })
  const allow = there.map(([, route]) => route.method).join(', ')
  throw new Refused('method-not-allowed', {
    message: `${path} does not take ${method}.`,
    hint: `Use ${allow}.`,
    headers: { allow },
  })
}

/** What was asked in the URL, as the route declares it. */
export function readQuery({ query = {} }: Route, params: URLSearchParams): Partial<Query> {
  const values = Object.fromEntries([...params].map(([key, value]) => [key, parsed(query[key as keyof Query], value)])) // unknown ones are refused below
  refuseProblems('query', problemsOf({ type: 'object', properties: query, additionalProperties: false }, values))
  return values
}

function parsed(schema: Schema | undefined, value: string): unknown {
  if (schema?.type === 'integer') return /^\d{1,15}$/.test(value) ? Number(value) : value
  return schema?.type === 'boolean' && /^(?:true|false)$/.test(value) ? value === 'true' : value
}

/** The body, as the route declares it; nothing, or `{}`, where it declares none. */
export async function readBody({ body: schema }: Route, request: IncomingMessage): Promise<unknown> {
  const text = await readText(request)
  if (text === '' && schema === undefined) return undefined
  if (text !== '' && !/^application\/json *(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new Refused('unsupported-media-type', {
      message: `A body must be JSON, not ${JSON.stringify(request.headers['content-type'] ?? '')}.`,
      hint: 'Send the header "content-type: application/json".',
    })
  const value = text === '' ? {} : parseJson(text)
  refuseProblems('body', problemsOf(schema ?? { type: 'object', additionalProperties: false }, value))
  return value
}

function readText(request: IncomingMessage): Promise<string> {
  const tooLarge = () =>
    new Refused('too-large', {
      message: `A body may have ${bytesAtMost / 1024} KB at most.`,
      headers: { connection: 'close' },
    })
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > bytesDropped) return reject(tooLarge())
    const parts: Buffer[] = []
    let bytes = 0
    request.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes <= bytesAtMost) parts.push(part)
      else parts.length = 0
      if (bytes > bytesDropped) reject(tooLarge())
    })
    request.once('end', () =>
      bytes > bytesAtMost ? reject(tooLarge()) : resolve(Buffer.concat(parts).toString('utf8')),
    )
    request.once('error', reject)
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Refused('bad-request', {
      message: `The body is no JSON: ${error instanceof Error ? error.message : error}.`,
    })
  }
}

function refuseProblems(where: 'query' | 'body', problems: readonly string[]): void {
  if (problems.length === 0) return
  throw new Refused('bad-request', {
    message: `Failed to read the ${where}: ${problems.join(' ')}`,
    hint: 'GET /v1/openapi.json says what is taken; it needs no token.',
  })
}
