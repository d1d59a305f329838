import type { RunPart } from '../../reports/report.ts'
import type { Message, Refusal, Texts } from './messages.ts'

/** What has been heard of a request so far. */
export class Collected {
  readonly parts: Finished[] = []
  refusal: Refusal | undefined
  crash: Crash | undefined
  /** Exit code of the signal that ended it early. */
  interrupted: 130 | 143 | undefined

  take(message: Message): void {
    if (message.type === 'part') {
      const { index, document, texts } = message
      this.parts.push({ index, document, texts })
    }
    if (message.type === 'refused') this.refusal = message
    if (message.type === 'crashed') this.crash = message
  }
}

export interface Finished {
  /** Which of the targets it was. */
  readonly index: number
  readonly document: RunPart['document']
  readonly texts: Texts
}

export interface Crash {
  readonly message: string
  readonly stack: string | undefined
  /** The process said so itself before it died. */
  readonly isTold?: boolean
}
