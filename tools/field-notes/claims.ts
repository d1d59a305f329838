import type { ProfileCell } from '../../src/profile/cell.ts'
import { spell } from '../../src/reports/text.ts'

/** What one run showed of one library. The words are made from what was seen, so that they cannot say anything else. */
export interface Claim {
  readonly subject: string
  readonly kind: 'well' | 'badly'
  readonly fault: string
  readonly streamed: boolean
  /** Must be true of what is seen; the claim is not made otherwise. */
  holds(cell: ProfileCell): boolean
  says(cell: ProfileCell): string
}

const share = (cell: ProfileCell, outcome: string) => (cell.outcomes[outcome] ?? 0) / Math.max(1, cell.tasks)
const took = ({ settleMs }: ProfileCell) => spell(Math.round((settleMs?.p50 ?? 0) / 1_000) * 1_000)
const throws = ({ errors }: ProfileCell) => errors.map(name => `\`${name}\``).join(' or ')
const waits = ({ waitsMs }: ProfileCell) => waitsMs.slice(0, 3).map(spell).join(', ')

export const claims: readonly Claim[] = [
  {
    subject: 'Anthropic SDK',
    kind: 'well',
    fault: 'overloaded',
    streamed: false,
    holds: cell => cell.attempts.max === 3 && share(cell, 'failed') === 1 && cell.wellAfter === 1,
    says: cell =>
      `Overloaded, it makes ${cell.attempts.max} attempts with growing, jittered waits (${waits(cell)}), then throws ${throws(cell)}. It is back as soon as the provider is.`,
  },
  {
    subject: 'Anthropic SDK',
    kind: 'well',
    fault: 'rate-limited',
    streamed: false,
    holds: cell => cell.attempts.max <= 3 && cell.waitsMs.every(ms => ms >= 20_000),
    says: cell => `It waits as long as \`retry-after\` says (${waits(cell)}).`,
  },
  {
    subject: 'Anthropic SDK',
    kind: 'well',
    fault: 'bad-request',
    streamed: false,
    holds: cell => cell.attempts.max === 1 && share(cell, 'failed') === 1,
    says: cell => `A request that can never succeed is sent once, and throws ${throws(cell)}.`,
  },
  {
    subject: 'Anthropic SDK',
    kind: 'badly',
    fault: 'stream-stall',
    streamed: true,
    holds: cell => cell.errors.join() === 'TypeError' && cell.attempts.max === 1 && (cell.settleMs?.p50 ?? 0) > 240_000,
    says: cell =>
      `A stream that falls silent hangs for ${took(cell)}: its \`timeout\` ends with the headers, and only the transport's own limit ends the body. What is thrown is a bare ${throws(cell)}, no error of the SDK, and it is not retried.`,
  },
  {
    subject: 'Anthropic SDK',
    kind: 'badly',
    fault: 'ping-only',
    streamed: true,
    holds: cell => share(cell, 'open') > 0.9,
    says: () =>
      'A stream that sends nothing but pings never ends: they keep the transport content, and nothing else looks.',
  },
  {
    subject: 'Anthropic SDK',
    kind: 'badly',
    fault: 'stream-error',
    streamed: true,
    holds: cell => cell.attempts.max === 1 && share(cell, 'failed') === 1,
    says: cell =>
      `An overload that is told inside a stream is not retried, whatever \`maxRetries\` says: one attempt, then ${throws(cell)} with no status.`,
  },
  {
    subject: 'Anthropic SDK',
    kind: 'badly',
    fault: 'truncated-json',
    streamed: true,
    holds: cell => share(cell, 'truncated') > 0.9,
    says: () =>
      'A raw stream that ends cleanly in mid text ends normally: the loop is over, and half an answer looks like one.',
  },
  {
    subject: 'OpenAI SDK',
    kind: 'well',
    fault: 'overloaded',
    streamed: false,
    holds: cell => cell.attempts.max === 3 && share(cell, 'failed') === 1 && cell.wellAfter === 1,
    says: cell =>
      `Overloaded, it makes ${cell.attempts.max} attempts (waits ${waits(cell)}), then throws ${throws(cell)}.`,
  },
  {
    subject: 'OpenAI SDK',
    kind: 'well',
    fault: 'bad-request',
    streamed: false,
    holds: cell => cell.attempts.max === 1 && share(cell, 'failed') === 1,
    says: cell => `A request that can never succeed is sent once, and throws ${throws(cell)}.`,
  },
  {
    subject: 'OpenAI SDK',
    kind: 'badly',
    fault: 'quota',
    streamed: false,
    holds: cell => cell.attempts.max === 3,
    says: cell =>
      `A quota that is used up is retried like any 429: ${cell.attempts.max} attempts for what only a person with a card can mend.`,
  },
  {
    subject: 'OpenAI SDK',
    kind: 'badly',
    fault: 'stream-stall',
    streamed: true,
    holds: cell => cell.attempts.max === 1 && (cell.settleMs?.p50 ?? 0) > 240_000,
    says: cell => `A stream that falls silent hangs for ${took(cell)}, then throws ${throws(cell)}, once.`,
  },
  {
    subject: 'OpenAI SDK',
    kind: 'well',
    fault: 'truncated-json',
    streamed: true,
    holds: cell => share(cell, 'failed') === 1,
    says: cell => `A stream that ends inside an event is not taken for whole: it throws ${throws(cell)}.`,
  },
  {
    subject: 'Vercel AI SDK',
    kind: 'well',
    fault: 'overloaded',
    streamed: false,
    holds: cell => cell.attempts.max === 3 && share(cell, 'failed') === 1,
    says: cell => `\`generateText\` makes ${cell.attempts.max} attempts, then throws ${throws(cell)}.`,
  },
  {
    subject: 'Vercel AI SDK',
    kind: 'badly',
    fault: 'overloaded',
    streamed: false,
    holds: cell => cell.waitsMs.join() === '2000,4000',
    says: cell =>
      `Its waits have no jitter: ${waits(cell)}, for every caller alike. Callers that fail together come back together.`,
  },
  {
    subject: 'Vercel AI SDK',
    kind: 'badly',
    fault: 'overloaded',
    streamed: true,
    holds: cell => share(cell, 'not-an-answer') > 0.9 && cell.errors.length === 0,
    says: () =>
      '`textStream` never throws. When every attempt has failed it ends as if there were nothing to say; the error goes to `onError` alone, and an app that only reads the stream shows an empty answer.',
  },
  {
    subject: 'Vercel AI SDK',
    kind: 'badly',
    fault: 'stream-error',
    streamed: true,
    holds: cell => share(cell, 'not-an-answer') + share(cell, 'truncated') > 0.9 && cell.attempts.max === 1,
    says: () =>
      'An overload told inside the stream is neither retried nor thrown: `maxRetries` covers the start of a stream, not the stream.',
  },
  {
    subject: 'Vercel AI SDK',
    kind: 'badly',
    fault: 'stream-stall',
    streamed: true,
    holds: cell => (cell.settleMs?.p50 ?? 0) > 240_000,
    says: cell => `No limit on silence: a stream that stalls holds its reader for ${took(cell)}.`,
  },
  {
    subject: 'LangChain',
    kind: 'badly',
    fault: 'overloaded',
    streamed: false,
    holds: cell => cell.attempts.max === 7 && (cell.settleMs?.p50 ?? 0) > 60_000,
    says: cell =>
      `Overloaded, one call makes up to ${cell.attempts.max} attempts and takes ${took(cell)} to say so: a user at a screen has left by then.`,
  },
  {
    subject: 'LangChain',
    kind: 'badly',
    fault: 'stream-error',
    streamed: true,
    holds: cell => cell.attempts.max === 1 && share(cell, 'failed') === 1,
    says: cell =>
      `Retries cover the start of a stream only: an error inside it throws ${throws(cell)} after one attempt.`,
  },
  {
    subject: 'LangChain',
    kind: 'well',
    fault: 'bad-request',
    streamed: false,
    holds: cell => cell.attempts.max === 1 && share(cell, 'failed') === 1,
    says: cell => `A request that can never succeed is sent once, and throws ${throws(cell)}.`,
  },
  {
    subject: 'p-retry',
    kind: 'badly',
    fault: 'overloaded',
    streamed: false,
    holds: cell => cell.attempts.max > 20,
    says: cell =>
      `Its ten retries multiply with the SDK's two: up to ${cell.attempts.max} attempts for one task in a five-minute outage, and a task takes ${took(cell)} to settle.`,
  },
  {
    subject: 'p-retry',
    kind: 'badly',
    fault: 'bad-request',
    streamed: false,
    holds: cell => cell.attempts.max > 5,
    says: cell =>
      `It retries whatever is thrown: a request that can never succeed is sent ${cell.attempts.max} times in five minutes. \`shouldRetry\` is the caller's to write.`,
  },
  {
    subject: 'p-retry',
    kind: 'badly',
    fault: 'stream-cut',
    streamed: false,
    holds: cell => [1_000, 2_000, 4_000].every((ms, i) => cell.waitsMs[i] === ms),
    says: cell => `Without \`randomize\` its waits have no jitter: ${waits(cell)}.`,
  },
  {
    subject: 'cockatiel',
    kind: 'well',
    fault: 'overloaded',
    streamed: false,
    holds: cell => cell.attempts.p50 === 0 && cell.errors.includes('BrokenCircuitError'),
    says: cell => `The breaker opens, and from then on most tasks fail at once, without a request (${throws(cell)}).`,
  },
  {
    subject: 'cockatiel',
    kind: 'badly',
    fault: 'overloaded',
    streamed: false,
    holds: cell => cell.attempts.max >= 9,
    says: cell =>
      `Until it opens, retries around the SDK's own multiply: up to ${cell.attempts.max} attempts for one task.`,
  },
  {
    subject: 'cockatiel',
    kind: 'badly',
    fault: 'bad-request',
    streamed: false,
    holds: cell => cell.attempts.max > 1 && cell.errors.includes('BrokenCircuitError'),
    says: cell =>
      `\`handleAll\` takes a caller's own mistake for an outage: bad requests are sent up to ${cell.attempts.max} times, and open the breaker for everybody.`,
  },
  {
    subject: 'opossum',
    kind: 'well',
    fault: 'stream-stall',
    streamed: true,
    holds: cell => (cell.settleMs?.max ?? 0) <= 11_000,
    says: cell =>
      `Its timeout of ten seconds also ends what falls silent in mid answer: no task takes longer than ${spell(cell.settleMs?.max ?? 0)}.`,
  },
  {
    subject: 'opossum',
    kind: 'badly',
    fault: 'rate-limited',
    streamed: false,
    holds: cell => cell.attempts.max > 1 && (cell.settleMs?.max ?? 0) < 15_000 && cell.waitsMs.some(ms => ms > 15_000),
    says: cell =>
      `The timeout answers the caller and cancels nothing: the task is over after ${spell(cell.settleMs?.max ?? 0)}, and the SDK goes on to send its retries (waits ${waits(cell)}) for nobody.`,
  },
  {
    subject: 'opossum',
    kind: 'badly',
    fault: 'bad-request',
    streamed: false,
    holds: cell => cell.attempts.p50 === 0,
    says: () => 'Without an `errorFilter` bad requests open the breaker: one caller’s mistake is everybody’s outage.',
  },
]
