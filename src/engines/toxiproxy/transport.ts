import { request } from 'node:http'
import type { Clock } from '../../clock/clock.ts'
import { ToxiproxyTrouble } from './trouble.ts'

const graceMs = 20

export interface TransportOptions {
  readonly clock: Clock
  /** How long an answer may take, ms. */
  readonly timeoutMs: number
}

/**
 * What carries the calls of `toxiproxy-node-client`, in place of its own `fetch`: that one knows no timeout, drops the
 * server's words, and leaves names unencoded. A connection for each call: none is left open when the server is to end.
 */
export class Transport {
  private readonly options: TransportOptions

  constructor(options: TransportOptions) {
    this.options = options
  }

  async get<T>(url: string): Promise<{ data: T }> {
    return { data: parsed(await this.ask('GET', url), url) }
  }

  async post<T>(url: string, body?: unknown): Promise<{ data: T }> {
    const text = await this.ask('POST', url, body === undefined ? undefined : JSON.stringify(body))
    return { data: parsed(text, url) }
  }

  async delete(url: string): Promise<void> {
    await this.ask('DELETE', url)
  }

  getText(url: string): Promise<string> {
    return this.ask('GET', url)
  }

  private ask(method: string, url: string, body?: string): Promise<string> {
    const { clock, timeoutMs } = this.options
    const what = `${method} ${new URL(encoded(url)).pathname}`
    return new Promise((resolve, reject) => {
      const asked = request(encoded(url), {
        method,
        // Neither a pooled connection nor a proxy from the environment.
        agent: false,
        headers: { ...(body !== undefined && { 'content-type': 'application/json' }) },
      })
      const late = () => {
        asked.destroy(new ToxiproxyTrouble('timeout', `Toxiproxy did not answer ${what} within ${timeoutMs} ms.`))
      }
      // Where we were too busy to look, the answer lies there already: it is read before the second timer comes.
      let cancel = clock.after(timeoutMs, () => {
        cancel = clock.after(graceMs, late)
      })
      const fail = (error: Error) => {
        cancel()
        reject(error instanceof ToxiproxyTrouble ? error : unreachable(what, error))
      }
      asked.once('error', fail)
      asked.once('response', response => {
        let text = ''
        response.setEncoding('utf8').on('data', part => {
          text += part
        })
        response.once('error', fail)
        response.once('end', () => {
          cancel()
          const status = response.statusCode ?? 0
          if (status >= 200 && status < 300) resolve(text)
          else
            reject(new ToxiproxyTrouble('refusal', `Toxiproxy answered ${what} with ${status}: ${said(text)}`, status))
        })
      })
      asked.end(body)
    })
  }
}

function unreachable(what: string, error: Error): ToxiproxyTrouble {
  return new ToxiproxyTrouble('unreachable', `Toxiproxy could not be asked ${what}: ${error.message || error.name}.`)
}

/** The client puts names into paths as they are; none of ours has a slash. */
function encoded(url: string): string {
  const [, origin = '', path = ''] = /^(\w+:\/\/[^/]+)(.*)$/s.exec(url) ?? []
  return origin + path.split('/').map(encodeURIComponent).join('/')
}

/** `{"error":"toxic not found","status":404}`, or whatever it said. */
function said(text: string): string {
  try {
    const document: unknown = JSON.parse(text)
    if (typeof document === 'object' && document && 'error' in document) return String(document.error)
  } catch {}
  return text.trim() || 'nothing'
}

/** Whatever a server says that is none of Toxiproxy's is told as it is. */
function parsed<T>(text: string, url: string): T {
  try {
    return JSON.parse(text)
  } catch {
    throw new ToxiproxyTrouble('refusal', `What answers at ${new URL(url).origin} is no Toxiproxy: ${said(text)}`)
  }
}
