import { createParser, type EventSourceMessage } from 'eventsource-parser'

export interface StreamOptions {
  readonly token: string
  /** Of the newest entry that is known. */
  readonly lastId?: string
  readonly signal: AbortSignal
  onOpen(): void
  onMessage(message: EventSourceMessage): void
  /** Anything came, though it be no message. */
  onBytes(): void
}

/** The server knows no such token, or not for this. */
export class Refused extends Error {
  override name = 'Refused'
}

/**
 * Reads the event stream until it ends, by `fetch`: an `EventSource` takes no headers, and a token in an address would be
 * seen by logs.
 */
export async function readStream(options: StreamOptions): Promise<void> {
  const { token, lastId, signal, onOpen, onMessage, onBytes } = options
  const response = await fetch('/api/stream', {
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(lastId !== undefined && { 'last-event-id': lastId }),
    },
    cache: 'no-store',
    signal,
  })
  if (response.status === 401 || response.status === 403) throw new Refused()
  if (!response.ok || response.body === null) throw new Error(`The stream was answered with ${response.status}.`)
  onOpen()
  const parser = createParser({ onEvent: onMessage })
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    onBytes()
    parser.feed(part.value)
  }
}
