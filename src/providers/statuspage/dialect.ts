import { randomStream } from '../../lib/draw.ts'
import type { ErrorKind } from '../../model/effect.ts'
import type { StatusView } from '../../model/status.ts'
import { contentHeaders } from '../body.ts'
import { edgeAnswer } from '../edge.ts'
import type { Recognised, RenderContext, Respond } from '../provider.ts'
import type { Dialect, GoodAnswer, Manner } from '../render.ts'
import type { Shown } from './components.ts'
import { overall, statusDocument } from './documents.ts'
import { atom, rss } from './feeds.ts'
import type { Site } from './site.ts'

/** What a page that is slow takes before it says anything, ms of the scenario. */
export const slowMs = 20_000

/** The wire of a status page: documents and feeds to read, and an edge that says no. */
export function statusDialect(site: Site): Dialect {
  return {
    goodAnswer: (request, context, manner) => goodAnswer(site, request, context, manner),
    errorAnswer: (kind, options, _, context) =>
      edgeAnswer(
        {
          zone: new URL(site.url).hostname,
          status: options.status ?? statuses[kind],
          body: options.body === undefined || options.body === 'json' ? 'html' : options.body,
          branded: kind === 'origin-error',
        },
        options,
        context,
      ),
    plainError: (_error, _request, context) => sorry(site, 500, context),
    errorFrame: () => '',
    oddFrame: () => '',
    ping: () => undefined,
  }
}

/** A page on which nothing has ever happened. */
const green: StatusView = { page: 'up', updatedMs: undefined, components: new Map(), incidents: [] }

/** The page as the scenario has it now. */
export function viewOf({ statusPage }: RenderContext): StatusView {
  return statusPage?.().view ?? green
}

function goodAnswer(site: Site, request: Recognised, context: RenderContext, { kind }: Manner): GoodAnswer | Respond {
  const random = randomStream(Math.floor(context.draw('answer') * 2 ** 52))
  const originMs = context.statusPage?.().originMs ?? context.nowMs
  const view = viewOf(context)
  const shown = { site, view, instant: (t: number) => new Date(originMs + t / (context.speed ?? 1)).toISOString() }
  const found = kind === 'good' ? documentAt(request.route ?? '', shown) : { type: html, text: '' }
  if (found === undefined) return sorry(site, 404, context)
  const { type, text } = found
  return {
    answer: {
      status: 200,
      headers: { ...contentHeaders(type, text), 'cache-control': 'max-age=0, private, must-revalidate' },
      firstByteMs: Math.round(60 * (0.7 + random() * 0.6)) + (view.page === 'slow' ? slowMs : 0),
      pieces: [{ afterMs: 0, data: text }],
      streamed: false,
      generatingMs: 60,
      frames: 10,
    },
    turn: undefined,
  }
}

const html = 'text/html; charset=utf-8'

interface Text {
  readonly type: string
  readonly text: string
}

function documentAt(route: string, shown: Shown): Text | undefined {
  const path = route.replace(/^\w+ /, '').replace(/\/+$/, '')
  const data = dataAt(path, shown)
  if (data !== undefined) return data
  return /^\/api\/|^\/incidents\/\w+\.json$/.test(path) ? undefined : { type: html, text: frontPage(shown) }
}

/** What programs read at a path, feeds and documents, with its media type; `undefined` when there is none. */
export function dataAt(path: string, shown: Shown): Text | undefined {
  if (path === '/history.atom') return { type: 'application/atom+xml; charset=utf-8', text: atom(shown) }
  if (path === '/history.rss') return { type: 'application/rss+xml; charset=utf-8', text: rss(shown) }
  const name = /^\/api\/v2\/(.+)\.json$/.exec(path)?.[1] ?? /^\/(incidents\/\w+)\.json$/.exec(path)?.[1]
  const document = name === undefined ? undefined : statusDocument(name, shown)
  return document && { type: 'application/json; charset=utf-8', text: JSON.stringify(document) }
}

function frontPage(shown: Shown): string {
  const { description } = overall(shown)
  return (
    `<!DOCTYPE html>\n<html lang="en"><head><title>${shown.site.name} Status</title></head>` +
    `<body>${description}</body></html>\n`
  )
}

function sorry(site: Site, status: number, context: RenderContext): Respond {
  return edgeAnswer({ zone: new URL(site.url).hostname, status, body: 'html', branded: false }, {}, context)
}

const statuses: Readonly<Record<ErrorKind, number>> = {
  overloaded: 503,
  'rate-limited': 429,
  unavailable: 503,
  'internal-error': 500,
  'bad-gateway': 502,
  'gateway-timeout': 504,
  unauthorized: 401,
  forbidden: 403,
  'model-missing': 404,
  'bad-request': 400,
  'too-large': 413,
  'origin-error': 522,
  quota: 429,
}
