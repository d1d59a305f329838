/** A request as apps make them: some instructions, a conversation of three turns, and a question with its mark. */
const body = (streaming: boolean) =>
  JSON.stringify({
    model: 'claude-sonnet-5-5',
    max_tokens: 512,
    ...(streaming && { stream: true }),
    system: 'You answer questions of customers about their orders. '.repeat(8),
    messages: [
      { role: 'user', content: 'Where is the order that I made last week? It was two lamps and a small table.' },
      { role: 'assistant', content: 'It has left the warehouse and will be with you on Thursday, before noon.' },
      { role: 'user', content: `[q:${placeholder}] Can the table come to another address than the lamps?` },
    ],
  })

/** Stands for the number of a request, in which alone requests differ: each is a question of its own. */
export const placeholder = 'n0000000'

export interface Asked {
  readonly streaming?: boolean
  /** More of them, `name: value`. */
  readonly headers?: readonly string[]
}

/** A whole HTTP/1.1 request, but for its number. */
export function requestText(path: string, { streaming = false, headers = [] }: Asked = {}): string {
  const text = body(streaming)
  return [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'connection: keep-alive',
    'accept: application/json',
    'user-agent: bench',
    'x-api-key: sk-ant-canary-blackstart',
    'anthropic-version: 2023-06-01',
    'content-type: application/json',
    ...headers,
    `content-length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n')
}

const words = 'The lamps and the table are two parcels, so each of them can go to an address of its own. '

/** A recorded stream of so many events, each with `characters` that the model had to say. */
export function recordedStream(events: number, characters: number): string {
  const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x'.repeat(characters) } }
  return `event: content_block_delta\ndata: ${JSON.stringify(delta)}\n\n`.repeat(events)
}

/** A recorded answer to it. */
export const recordedMessage = {
  id: 'msg_01BenchBenchBenchBenchBe',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5-5',
  content: [{ type: 'text', text: words.repeat(4) }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 160, output_tokens: 90 },
}
