import type { AnswerOptions } from '../model/effect.ts'
import { contentHeaders } from './body.ts'
import { shortHash } from './hash.ts'
import { errorMs } from './pace.ts'
import type { RenderContext, Respond } from './provider.ts'
import { retryHeaders } from './retry-after.ts'

export interface EdgeAnswer {
  /** The site that the edge speaks for. */
  readonly zone: string
  readonly status: number
  readonly body: 'html' | 'edge-json' | 'text' | 'empty'
  /** Its own page about an origin that it cannot reach, instead of the small one. */
  readonly branded: boolean
  /** What this zone's edge says in JSON, where its owner has set words of its own. */
  readonly json?: unknown
}

/** What Cloudflare says in place of the API behind it. */
export function edgeAnswer(answer: EdgeAnswer, options: AnswerOptions, context: RenderContext): Respond {
  const { type, text } = edgeBody(answer, options, context)
  const afterMs = options.afterMs ?? errorMs('edge', context.draw('error-pace'))
  const headers = {
    ...(type === undefined ? { 'content-length': '0' } : contentHeaders(type, text)),
    'cache-control': 'private, max-age=0, no-store, no-cache, must-revalidate',
    server: 'cloudflare',
    'cf-ray': `${rayId(context.attemptId)}-FRA`,
    ...retryHeaders(options, context.nowMs + afterMs),
  }
  const chunks = text === '' ? [] : [{ afterMs: 0, data: text }]
  return { type: 'respond', afterMs, status: answer.status, headers, chunks, end: { type: 'finish' }, good: false }
}

interface EdgeBody {
  readonly type: string | undefined
  readonly text: string
}

function edgeBody(answer: EdgeAnswer, { message }: AnswerOptions, context: RenderContext): EdgeBody {
  const { zone, status, body, branded } = answer
  switch (body) {
    case 'empty':
      return { type: undefined, text: '' }
    case 'text':
      return { type: 'text/plain; charset=utf-8', text: message ?? plainText(status) }
    case 'edge-json': {
      const own = answer.json === undefined ? undefined : JSON.stringify(answer.json)
      return { type: 'application/json', text: own ?? problemJson(status, zone, context, message) }
    }
    case 'html':
      return { type: 'text/html', text: branded ? brandedPage(status, zone, context) : smallPage(status) }
  }
}

/** The ray id of Cloudflare, which is all that an answer of the edge can be traced by. */
function rayId(attemptId: string): string {
  return shortHash(`${attemptId} ray`, 16)
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
  529: 'Site Overloaded',
}

interface OriginError {
  readonly title: string
  readonly name: string
  readonly detail: string
}

// Only the words for 522 were seen as JSON; the others follow the titles of the branded pages.
const originErrors: Readonly<Record<number, OriginError>> = {
  500: { title: 'Internal server error', name: 'internal_server_error', detail: 'The origin server failed.' },
  502: { title: 'Bad gateway', name: 'bad_gateway', detail: 'The origin server sent an invalid answer.' },
  503: {
    title: 'Service temporarily unavailable',
    name: 'service_unavailable',
    detail: 'The origin server is not ready.',
  },
  504: { title: 'Gateway time-out', name: 'gateway_timeout', detail: 'The origin server did not answer in time.' },
  520: {
    title: 'Web server is returning an unknown error',
    name: 'unknown_error',
    detail: 'The origin server returned an empty, unknown or unexpected response to Cloudflare.',
  },
  521: { title: 'Web server is down', name: 'web_server_down', detail: 'The origin server refused the connection.' },
  522: {
    title: 'Connection timed out',
    name: 'connection_timeout',
    detail: 'Cloudflare could not establish a TCP connection to the origin server.',
  },
  523: {
    title: 'Origin is unreachable',
    name: 'origin_unreachable',
    detail: 'Cloudflare could not reach the origin server.',
  },
  524: { title: 'A timeout occurred', name: 'origin_timeout', detail: 'The origin server did not answer in time.' },
}

/** The small page of the edge's nginx, as seen with 502. */
function smallPage(status: number): string {
  const title = `${status} ${reasons[status] ?? 'Error'}`
  return (
    `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n` +
    '<hr><center>cloudflare</center>\n</body>\n</html>\n'
  )
}

/** Cloudflare's own page about an origin it cannot reach. */
function brandedPage(status: number, zone: string, { attemptId, nowMs }: RenderContext): string {
  const { title } = originError(status)
  return (
    `<!DOCTYPE html>\n<html lang="en-US">\n<head>\n<title>${zone} | ${status}: ${title}</title>\n` +
    '<meta charset="UTF-8" />\n<meta name="robots" content="noindex, nofollow" />\n</head>\n<body>\n' +
    `<div id="cf-wrapper">\n<h1><span>${title}</span> <span class="code-label">Error code ${status}</span></h1>\n` +
    `<p>${new Date(nowMs).toISOString()}</p>\n<p>Cloudflare Ray ID: <strong>${rayId(attemptId)}</strong></p>\n` +
    '</div>\n</body>\n</html>\n'
  )
}

/** What Cloudflare sends since 2026 to clients that accept JSON: RFC 9457, and not the envelope of any provider. */
function problemJson(status: number, zone: string, { attemptId, nowMs }: RenderContext, message?: string): string {
  const { title, name, detail } = originError(status)
  const ray = rayId(attemptId)
  const base = 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors'
  return JSON.stringify({
    type: `${base}/error-${status}/`,
    title: `Error ${status}: ${title}`,
    status,
    detail: message ?? detail,
    instance: ray,
    error_code: status,
    error_name: name,
    error_category: 'origin',
    ray_id: ray,
    timestamp: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    zone,
    cloudflare_error: true,
    retryable: status >= 500,
    retry_after: 120,
    owner_action_required: true,
    what_you_should_do: '**Wait and retry.** If it lasts, tell the owner of the site.',
    footer: 'This error was generated by Cloudflare on behalf of the website owner.',
  })
}

/** The edge's one line of plain text. */
function plainText(status: number): string {
  return `Cloudflare encountered an error processing this request: ${reasons[status] ?? originError(status).title}`
}

function originError(status: number): OriginError {
  return (
    originErrors[status] ?? {
      title: reasons[status] ?? 'Unknown error',
      name: `error_${status}`,
      detail: 'The request could not be completed.',
    }
  )
}
