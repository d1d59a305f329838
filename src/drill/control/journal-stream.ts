import type { ServerResponse } from 'node:http'
import type { JournalEvent } from '../../journal/event.ts'
import type { DrillControls, DrillVerdict } from '../controls.ts'

export type JournalForm = 'lines' | 'messages'

export interface JournalOrder {
  readonly since: number
  /** Goes on until `end`. */
  readonly follow: boolean
  /** JSON lines, or the messages of an event stream. */
  readonly form: JournalForm
}

const spelled: Readonly<Record<JournalForm, (event: JournalEvent, place: number) => string>> = {
  lines: event => `${JSON.stringify(event)}\n`,
  messages: (event, place) => `id: ${place}\ndata: ${JSON.stringify(event)}\n\n`,
}

/**
 * A journal on its way to one reader. It takes events when the reader can have them, so that a slow one costs no memory
 * and misses nothing.
 */
export class JournalStream {
  private readonly response: ServerResponse
  private readonly controls: DrillControls
  private readonly order: JournalOrder
  private readonly unsubscribe: () => void
  /** Read from the journal, and the place of the next of them to be sent. */
  private batch: readonly JournalEvent[]
  private sent = 0
  private since: number
  private isFull = false
  private ending: { readonly verdict: DrillVerdict | undefined } | undefined

  constructor(response: ServerResponse, controls: DrillControls, order: JournalOrder) {
    this.response = response
    this.controls = controls
    this.order = order
    this.since = order.since
    this.batch = controls.journal(order.since)
    response.on('drain', () => {
      this.isFull = false
      this.pump()
    })
    this.unsubscribe = order.follow ? controls.subscribe(() => this.pump()) : () => {}
    response.once('close', this.unsubscribe)
    // A follower sees at once that it is connected.
    response.flushHeaders()
    this.pump()
  }

  /** Sends what is left and ends. */
  end(verdict: DrillVerdict | undefined): void {
    this.ending ??= { verdict }
    this.pump()
  }

  private pump(): void {
    const { follow, form } = this.order
    while (!this.isFull && !this.response.writableEnded && !this.response.destroyed) {
      const event = this.batch[this.sent]
      if (event) {
        this.isFull = !this.response.write(spelled[form](event, this.since + this.sent))
        this.sent++
        continue
      }
      this.since += this.batch.length
      this.sent = 0
      this.batch = follow ? this.controls.journal(this.since) : []
      if (this.batch.length > 0) continue
      if (!follow || this.ending) this.finish()
      return
    }
  }

  private finish(): void {
    this.unsubscribe()
    const verdict = this.ending?.verdict
    this.response.end(
      this.order.form === 'messages' && verdict ? `event: ended\ndata: ${JSON.stringify(verdict)}\n\n` : undefined,
    )
  }
}
