/** A question of the pool. Its mark lets the provider's answer be told apart from all others, whatever the app does with it. */
export interface Question {
  readonly id: string
  /** Opens with the mark. */
  readonly prompt: string
}

const subjects = [
  'an invoice',
  'a refund',
  'a password',
  'a delivery',
  'a subscription',
  'an account',
  'a report',
  'a contract',
  'a booking',
  'a voucher',
]
const asks = [
  'How do I change',
  'Where can I find',
  'Why was I charged for',
  'How long does it take to close',
  'Can a colleague see',
]

/** `count` different questions, `q1` onwards; the same for every run. */
export function questionPool(count: number): readonly Question[] {
  return Array.from({ length: count }, (_, i) => {
    const subject = subjects[i % subjects.length]
    const ask = asks[Math.floor(i / subjects.length) % asks.length]
    const round = Math.floor(i / (subjects.length * asks.length))
    const id = `q${i + 1}`
    return { id, prompt: `[q:${id}] ${ask} ${subject}${round === 0 ? '' : `, case ${round + 1}`}?` }
  })
}

export const openingMark = (question: string) => `[q:${question}]`
export const closingMark = (question: string) => `[end:${question}]`
