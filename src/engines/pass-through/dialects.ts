import { dialect as anthropic } from '../../providers/anthropic/dialect.ts'
import { dialect as bedrock } from '../../providers/bedrock/dialect.ts'
import { dialect as gemini } from '../../providers/gemini/dialect.ts'
import { dialect as openai } from '../../providers/openai/dialect.ts'
import type { Recognised, RenderContext, Respond } from '../../providers/provider.ts'
import type { Dialect } from '../../providers/render.ts'
import { dialect as vertex } from '../../providers/vertex/dialect.ts'

const dialects: ReadonlyMap<string, Dialect> = new Map(Object.entries({ anthropic, openai, gemini, bedrock, vertex }))

/** How the API of a provider speaks: what is put into its real answers must be in its own words. */
export function dialectOf(provider: string): Dialect | undefined {
  return dialects.get(provider)
}

/** What a client is told when the upstream did not answer: a 502 in the API's own envelope that says why. */
export function unreachableAnswer(why: string, request: Recognised, context: RenderContext): Respond {
  return inOwnWords('bad-gateway', 502, `The upstream did not answer: ${why}.`, request, context)
}

/** What a client is told when no more requests may be let through: a 503 that asks it not to try again. */
export function cappedAnswer(request: Recognised, context: RenderContext): Respond {
  const why = 'This drill has let as many requests through as it may (--max-requests).'
  return inOwnWords('unavailable', 503, why, request, context)
}

function inOwnWords(
  kind: 'bad-gateway' | 'unavailable',
  status: number,
  message: string,
  request: Recognised,
  context: RenderContext,
): Respond {
  const options = { status, message, body: 'json', shouldRetry: kind === 'bad-gateway', afterMs: 0 } as const
  const dialect = dialectOf(request.provider)
  if (dialect) return dialect.errorAnswer(kind, options, request, context)
  const chunks = [{ afterMs: 0, data: message }]
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  return { type: 'respond', afterMs: 0, status, headers, chunks, end: { type: 'finish' }, good: false }
}
