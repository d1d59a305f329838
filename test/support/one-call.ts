import { Anthropic } from '@anthropic-ai/sdk'
import { parseScenario } from '../../src/index.ts'
import { errorChain } from '../../tools/fault-reference/error-chain.ts'
import { type Attempt, type CallTask, type Outcome, runCalls } from '../../tools/fault-reference/run-calls.ts'

/** What an app on the Anthropic SDK saw of one call, its only attempt under a fault. */
export interface Seen {
  readonly settled: 'returned' | 'threw' | 'pending'
  /** The error and its causes: `APIConnectionError < TypeError < Error ECONNREFUSED`; empty when none was thrown. */
  readonly error: string
  /** Message of what was thrown. */
  readonly message: string
  readonly thrown: unknown
  /** What `create` resolved to, when nothing was streamed. */
  readonly returned: unknown
  /** Text that the app had in hand, at the end or when it broke. */
  readonly text: string
  /** Types of the events that the SDK handed out. */
  readonly events: readonly string[]
  readonly stopReason: string | null | undefined
  /** Of the response, as the SDK's `fetch` got it; undefined when there was none. */
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, string>>
  /** The body as far as it came. */
  readonly body: string
  readonly bytes: number
  /** What the journal has of it; undefined when the fault does not concern such a call. */
  readonly attempt: Attempt | undefined
  readonly tookMs: number
  readonly question: string
}

export interface OneCallOptions {
  readonly stream?: boolean
  /** Offers a tool, which the model calls. */
  readonly tool?: boolean
  readonly seed?: number
  readonly surface?: string
  readonly patienceMs?: number
}

/** One call of the real SDK under `fault` (as a scenario spells it), without retries, in a simulated run. */
export async function oneCall(fault: string, options: OneCallOptions = {}): Promise<Seen> {
  const watched = new Watched()
  const { seed, surface, patienceMs } = options
  const call = { fault, call: (task: CallTask) => watched.ask(task, options), onSettled: () => watched.close() }
  const [outcome] = await runCalls([{ ...call, ...(surface !== undefined && { surface }) }], {
    ...(seed !== undefined && { seed }),
    ...(patienceMs !== undefined && { patienceMs }),
  })
  if (!outcome) throw new Error('no call was made')
  if (outcome.attempts.length > 1) throw new Error('one call made more than one attempt')
  return watched.seen(outcome)
}

/** The same call, not streamed and streamed. */
export async function bothWays(fault: string, options: OneCallOptions = {}): Promise<readonly [Seen, Seen]> {
  return [await oneCall(fault, options), await oneCall(fault, { ...options, stream: true })]
}

/**
 * What `check` says of a scenario whose fault has these parameters as a file spells them, the first of them on line 10:
 * `10: Expected a duration …`.
 */
export function problemsOf(fault: string, params: Readonly<Record<string, string>>): readonly string[] {
  const head = `blackstart: 1\nid: x\nphases:\n  - name: p\n    for: 1m\n    faults:\n      - surface: api\n        fault:\n`
  const lines = Object.entries(params).map(([name, value]) => `            ${name}: ${value}\n`)
  const { diagnostics } = parseScenario(`${head}          ${fault}:\n${lines.join('')}`)
  return diagnostics.map(({ line, message }) => `${line}: ${message}`)
}

/** The tool that is offered, whose call is longer than one event. */
const tool = {
  name: 'look_up',
  description: 'Looks an order up.',
  input_schema: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
} satisfies Anthropic.Tool

/** Records what one call gets, event by event and byte by byte. */
class Watched {
  private question = ''
  private text = ''
  private readonly events: string[] = []
  private stopReason: string | null | undefined
  private response: Response | undefined
  private readonly pieces: Uint8Array[] = []
  private closed = false

  async ask({ prompt, question, headers }: CallTask, { stream = false, tool: withTool }: OneCallOptions) {
    this.question = question
    const client = new Anthropic({ maxRetries: 0, logLevel: 'off', defaultHeaders: headers, fetch: this.fetch })
    const body = {
      model: 'claude-sonnet-5-5',
      max_tokens: 512,
      messages: [{ role: 'user' as const, content: prompt }],
      ...(withTool && { tools: [tool] }),
    }
    if (!stream) {
      const message = await client.messages.create(body)
      // A spoilt answer is not always what the types say.
      this.stopReason = message?.stop_reason
      this.text = message?.content?.map(block => (block.type === 'text' ? block.text : '')).join('') ?? ''
      return message
    }
    for await (const event of await client.messages.create({ ...body, stream: true })) {
      this.events.push(event.type)
      if (event.type === 'message_delta') this.stopReason = event.delta.stop_reason
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') this.text += event.delta.text
    }
    return undefined
  }

  /** What comes later is not seen any more. */
  close(): void {
    this.closed = true
  }

  seen({ settled, error, value, tookMs, attempts }: Outcome<unknown>): Seen {
    const body = Buffer.concat(this.pieces)
    const chain = errorChain(error)
    return {
      settled,
      error: chain.map(({ type, code }) => (code === undefined ? type : `${type} ${code}`)).join(' < '),
      message: chain[0]?.message ?? '',
      thrown: error,
      returned: value,
      text: this.text,
      events: this.events,
      stopReason: this.stopReason,
      status: this.response?.status,
      headers: Object.fromEntries(this.response?.headers ?? []),
      body: body.toString(),
      bytes: body.length,
      attempt: attempts[0],
      tookMs,
      question: this.question,
    }
  }

  /** The run's own `fetch`, its body watched as it is read. */
  private readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const response = await globalThis.fetch(input, init)
    this.response = response
    if (!response.body) return response
    const reader = response.body.getReader()
    const body = new ReadableStream<Uint8Array>(
      {
        pull: async controller => {
          const { done, value } = await reader.read()
          if (done) return controller.close()
          if (!this.closed) this.pieces.push(value)
          controller.enqueue(value)
        },
        cancel: reason => reader.cancel(reason),
      },
      { highWaterMark: 0 },
    )
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers })
  }
}
