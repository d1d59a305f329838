import type { AnswerOptions } from '../../model/effect.ts'
import { contentHeaders } from '../body.ts'
import { errorMs } from '../pace.ts'
import type { RenderContext, Respond } from '../provider.ts'
import { retryHeaders } from '../retry-after.ts'

const words: Readonly<Record<number, readonly [title: string, text: string]>> = {
  404: ['Not Found', 'The requested URL was not found on this server.'],
  413: ['Request Entity Too Large', 'Your client issued a request that was too large.'],
  500: ['Server Error', 'The server encountered an error and could not complete your request.'],
  502: ['Server Error', 'The server encountered a temporary error and could not complete your request.'],
  503: ['Service Unavailable', 'The service you requested is not available at this time.'],
  504: ['Gateway Timeout', 'The server did not respond in time.'],
}

/** What Google's own front end says in place of the API behind it: a page of its well-known look, or less. */
export function frontEndAnswer(
  asked: number,
  body: 'html' | 'edge-json' | 'text' | 'empty',
  options: AnswerOptions,
  context: RenderContext,
): Respond {
  const status = ownStatus(asked)
  const [title, says] = words[status] ?? ['Server Error', 'The server could not complete your request.']
  // It has no JSON of its own.
  const text = body === 'empty' ? '' : body === 'text' ? (options.message ?? title) : page(status, title, says)
  const afterMs = options.afterMs ?? errorMs('edge', context.draw('error-pace'))
  const type = body === 'text' ? 'text/plain; charset=UTF-8' : 'text/html; charset=UTF-8'
  const headers = {
    ...(text === '' ? { 'content-length': '0' } : contentHeaders(type, text)),
    'referrer-policy': 'no-referrer',
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  const chunks = text === '' ? [] : [{ afterMs: 0, data: text }]
  return { type: 'respond', afterMs, status, headers, chunks, end: { type: 'finish' }, good: false }
}

/** The statuses from 520 on, but for 529, are Cloudflare's, which does not stand before Google. */
export function ownStatus(status: number): number {
  if (status < 520 || status > 530 || status === 529) return status
  return status === 522 || status === 524 ? 504 : 502
}

function page(status: number, title: string, says: string): string {
  return (
    '<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n' +
    '  <meta name=viewport content="initial-scale=1, minimum-scale=1, width=device-width">\n' +
    `  <title>Error ${status} (${title})!!1</title>\n` +
    '  <a href=//www.google.com/><span id=logo aria-label=Google></span></a>\n' +
    `  <p><b>${status}.</b> <ins>That’s an error.</ins>\n` +
    `  <p>${says}${status === 502 ? '<p>Please try again in 30 seconds.' : ''}  <ins>That’s all we know.</ins>\n`
  )
}
