import type { IncomingMessage, ServerResponse } from 'node:http'
import { ambientClock } from '../clock/clock.ts'
import { readBody } from '../drill/control/asked.ts'
import { problemsOf } from '../drill/control/check.ts'
import { act } from './act.ts'
import { actSchemas, anyAction } from './act-schemas.ts'
import type { Assets } from './assets.ts'
import { guardSite, roleOf, safeHeaders } from './guard.ts'
import { type Action, type Role, roles, type View } from './protocol.ts'
import { Reader, type Spelled } from './reader.ts'
import { conflict, Refused, refusalOf } from './refused.ts'
import type { ConsoleShow } from './show.ts'

export interface DeskOptions {
  readonly show: ConsoleShow
  readonly tokens: Readonly<Record<Role, string>>
  readonly assets: Assets
  readonly warmUpMs: number
  /** Something could not be shown. It must not cost the show. */
  failed(error: unknown): void
  mask(text: string): string
}

/** Views go out at most so often, real ms. */
const viewEveryMs = 250
/** Once the show has ended, the console goes when nobody has been connected for so long, real ms. */
const aloneMs = 5_000

const pages: ReadonlySet<string> = new Set(roles.map(role => `/${role}`))
const paperTypes: Readonly<Record<string, string>> = { html: 'text/html', md: 'text/markdown' }

/** Answers one request after the other, and keeps the streams going. */
export class Desk {
  port = 0
  /** Resolves when the console is no longer needed. */
  readonly left: Promise<void>
  private readonly options: DeskOptions
  private readonly readers = new Set<Reader>()
  private readonly leaving = Promise.withResolvers<void>()
  private hadReaders = false
  private cancelTick: (() => void) | undefined
  private cancelLeaving = () => {}
  private isClosed = false

  constructor(options: DeskOptions) {
    this.options = options
    this.left = this.leaving.promise
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.reply(request, response)
    } catch (error) {
      if (response.destroyed || response.headersSent) return
      const { status, problem, headers } = refusalOf(error)
      send(response, { status, type: 'application/json', body: `${JSON.stringify(problem)}\n`, headers })
    }
  }

  /** Something was added to the log. */
  tellLog(): void {
    try {
      for (const reader of this.readers) reader.tellLog()
    } catch (error) {
      this.options.failed(error)
    }
  }

  ended(): void {
    this.tick()
    if (this.readers.size === 0) this.leaveSoon()
  }

  close(): void {
    this.isClosed = true
    this.cancelTick?.()
    this.cancelLeaving()
    this.leaving.resolve()
    for (const reader of this.readers) reader.close()
  }

  private async reply(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request
    const path = /^[^?#]*/.exec(url)?.[0] ?? ''
    const { assets, tokens } = this.options
    const isPage = pages.has(path)
    guardSite(headers, { port: this.port, isPage })
    const asset = isPage ? assets.page : assets.files.get(path)
    if (asset) {
      allow(method, 'GET')
      send(response, { status: 200, type: asset.type, body: asset.body })
      return
    }
    const role = roleOf(headers, tokens)
    const paper = /^\/api\/papers\/([\w.-]+)$/.exec(path)?.[1]
    if (path === '/api/stream') {
      allow(method, 'GET')
      this.follow(response, role, lastOf(headers['last-event-id']))
    } else if (path === '/api/act') {
      allow(method, 'POST')
      act(await readAction(request), { ...this.options, role, close: () => this.leaving.resolve() })
      this.look()
      response.writeHead(204, safeHeaders).end()
    } else if (paper !== undefined) {
      allow(method, 'GET')
      this.sendPaper(response, role, paper)
    } else throw new Refused({ status: 404, message: `There is no ${JSON.stringify(path)} here.` })
  }

  private follow(response: ServerResponse, role: Role, last: number): void {
    if (this.isClosed) throw conflict('The console is about to end.')
    response.writeHead(200, { ...safeHeaders, 'content-type': 'text/event-stream' })
    response.flushHeaders()
    const { show, warmUpMs, mask } = this.options
    const reader = new Reader(response, { ...{ role, show, warmUpMs, last }, mask })
    this.hadReaders = true
    this.cancelLeaving()
    this.readers.add(reader)
    response.once('close', () => {
      this.readers.delete(reader)
      if (this.readers.size === 0 && show.hasEnded) this.leaveSoon()
    })
    this.look()
  }

  private sendPaper(response: ServerResponse, role: Role, name: string): void {
    if (role === 'responder') throw new Refused({ status: 403, message: 'Papers are for facilitators and observers.' })
    const { show, mask } = this.options
    if (!show.hasEnded) throw conflict('The show goes on: its papers come with its end.')
    const paper = Object.hasOwn(show.papers, name) ? show.papers[name] : undefined
    if (!paper) throw new Refused({ status: 404, message: `There is no paper ${JSON.stringify(name)}.` })
    const type = paperTypes[name.split('.').at(-1) ?? ''] ?? 'text/plain'
    send(response, {
      ...{ status: 200, type: `${type}; charset=utf-8`, body: mask(paper()) },
      headers: { 'content-disposition': `attachment; filename="${name}"` },
    })
  }

  private tick(): void {
    this.cancelTick?.()
    this.cancelTick = undefined
    this.look(true)
  }

  /**
   * Tells every reader what has changed, now and then again for as long as there is one. Only on the beat is anybody told the
   * time alone: by when that comes, responders would know when somebody does something that they are not to see.
   */
  private look(isBeat = false): void {
    if (this.isClosed || this.readers.size === 0) return
    try {
      this.show(isBeat)
    } catch (error) {
      this.options.failed(error)
    }
    this.cancelTick ??= ambientClock.after(viewEveryMs, () => this.tick())
  }

  private show(isBeat: boolean): void {
    const { show } = this.options
    show.advance()
    const people = this.people()
    const views = new Map<Role, { readonly spelled: Spelled; readonly isRunning: boolean }>()
    for (const reader of this.readers) {
      const known = views.get(reader.role) ?? spelled(show.view(reader.role, people))
      views.set(reader.role, known)
      reader.tick(known.spelled, known.isRunning && isBeat)
    }
  }

  private people(): Readonly<Record<Role, number>> {
    const of = (role: Role) => [...this.readers].filter(reader => reader.role === role).length
    return { facilitator: of('facilitator'), responder: of('responder'), observer: of('observer') }
  }

  /** At once where nobody has ever looked. */
  private leaveSoon(): void {
    this.cancelLeaving()
    if (!this.hadReaders) this.leaving.resolve()
    else this.cancelLeaving = ambientClock.after(aloneMs, () => this.leaving.resolve())
  }
}

function spelled(view: View): { readonly spelled: Spelled; readonly isRunning: boolean } {
  const isRunning = view.stage !== 'lobby' && view.stage !== 'starting' && view.stage !== 'ended'
  return { spelled: { key: JSON.stringify({ ...view, t: 0 }), text: JSON.stringify(view) }, isRunning }
}

async function readAction(request: IncomingMessage): Promise<Action> {
  const route = { method: 'POST', path: '/api/act', summary: '', body: anyAction, answers: {} } as const
  const action = (await readBody(route, request)) as Action // its `do` is one of ours; the rest is looked at next
  const problems = problemsOf(actSchemas[action.do], action)
  if (problems.length > 0) throw new Refused({ status: 400, message: problems.join(' ') })
  return action
}

function allow(method: string, only: 'GET' | 'POST'): void {
  if (method === only) return
  throw new Refused({ status: 405, message: `This does not take ${method}.`, headers: { allow: only } })
}

/** Everything where it says nothing of use. */
function lastOf(header: string | readonly string[] | undefined): number {
  const text = String(header ?? '')
  return /^\d{1,15}$/.test(text) ? Number(text) : -1
}

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

function send(response: ServerResponse, { status, type, body, headers = {} }: Answer): void {
  response.writeHead(status, {
    ...safeHeaders,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...headers,
  })
  response.end(body)
}
