import { type IncomingHttpHeaders, request } from 'node:http'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { openApi } from '../../../../src/drill/control/openapi.ts'
import { type ControlServer, openControlServer } from '../../../../src/drill/control/server.ts'
import { FakeDrill } from '../../../support/fake-drill.ts'

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** Of an answer in JSON. */
  readonly json: unknown
}

export interface Sending {
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is. */
  readonly raw?: string
  /** `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** A control server of a fake drill, asked over its socket; what it answers is held against its own document. */
export class Asking implements AsyncDisposable {
  readonly drill: FakeDrill
  readonly server: ControlServer

  private constructor(drill: FakeDrill, server: ControlServer) {
    this.drill = drill
    this.server = server
  }

  static async open(): Promise<Asking> {
    const drill = new FakeDrill()
    return new Asking(drill, await openControlServer(drill))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
  }

  get = (path: string, sending: Sending = {}) => this.ask('GET', path, sending)
  post = (path: string, body?: unknown, sending: Sending = {}) =>
    this.ask('POST', path, { ...sending, ...(body !== undefined && { body }) })

  async ask(method: string, path: string, { body, raw, headers = {} }: Sending = {}): Promise<Answered> {
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const all = {
      authorization: `Bearer ${this.server.token}`,
      ...(sent !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
      ...headers,
    }
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
    const answered = await new Promise<Answered>((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port: this.server.port, method, path, headers: given, agent: false },
        response => {
          let text = ''
          response.setEncoding('utf8').on('data', part => {
            text += part
          })
          response.on('end', () => {
            const isJson = response.headers['content-type'] === 'application/json'
            const json: unknown = isJson ? JSON.parse(text) : undefined
            resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
          })
        },
      )
      asked.on('error', reject)
      asked.end(sent)
    })
    holdToDocument(method, path, answered)
    return answered
  }
}

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Told>> }>>>
  >
}

type Told = { readonly $ref: string } | { readonly content?: Readonly<Record<string, unknown>> }

const document = openApi() as unknown as Document // of which openapi.test.ts makes sure
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema({ ...closed(document), $id: 'document:' })

/** Objects with nothing in them but what the document names: what the server tells beside that fails the test. */
function closed<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  const all: T = Object.assign({}, ...Object.entries(value).map(([key, one]) => ({ [key]: closed(one) })))
  return 'properties' in value && !('additionalProperties' in value) ? { ...all, additionalProperties: false } : all
}

function holdToDocument(method: string, path: string, { status, headers, text, json }: Answered): void {
  const name = path.replace(/\?.*/, '')
  const where = `${method} ${name} answered ${status}`
  const operation = document.paths[name]?.[method.toLowerCase()]
  const told = operation?.responses[status]
  // What is no operation has no place in the document: its refusal has the form of all refusals.
  if (operation && !told) throw new Error(`${where}, which is not in the document`)
  if (!operation && status < 400) throw new Error(`${where}, and is not in the document`)
  if (status === 204) return
  const type = headers['content-type'] ?? ''
  if (told && 'content' in told && told.content?.[type] === undefined) throw new Error(`${where} as ${type}`)
  const pointer =
    told && !('$ref' in told)
      ? `#/paths/${escaped(name)}/${method.toLowerCase()}/responses/${status}/content/${escaped(type)}/schema`
      : '#/components/schemas/Problem'
  const values = type === 'application/x-ndjson' ? text.split('\n').filter(Boolean).map(parse) : [json ?? text]
  for (const value of values)
    if (!ajv.validate({ $ref: `document:${pointer}` }, value))
      throw new Error(`${where}: ${ajv.errorsText()}\n${JSON.stringify(value)}`)
}

function escaped(key: string): string {
  return encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))
}

function parse(line: string): unknown {
  return JSON.parse(line)
}
