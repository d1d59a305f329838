/** A way in which clients of model providers fail in outages, as seen in public issues of many projects. */
export interface FailureClass {
  /** Its place when ordered by how often it was seen and how much it harms. */
  readonly number: number
  readonly id: string
  readonly says: string
}

export const failureClasses: readonly FailureClass[] = [
  ['stream-error-in-200', 'An error that comes inside a stream of status 200 goes unnoticed.'],
  ['truncated-is-success', 'A stream that breaks off passes for a whole answer.'],
  ['dup-side-effects', 'A retry does again what had been done: a tool, a ticket, a charge.'],
  ['hang-forever', 'Nothing limits how long an answer may be waited for.'],
  ['retry-multiplication', 'Layers that each retry multiply the requests of one question.'],
  ['runaway-retry', 'A loop of retries has no end or no delay.'],
  ['failure-as-success', 'What is returned after a failure looks like an answer.'],
  ['sticky-fallback', 'The substitute stays in use when the first choice is back.'],
  ['fallback-never-fires', 'There is a substitute, and the kind of failure at hand does not lead to it.'],
  ['creds-destroyed', 'A passing failure costs the app its key or its session.'],
  ['creds-to-wrong-host', 'One provider is sent the key of another.'],
  ['poisoned-history', 'A turn that broke off leaves a conversation that every later request is rejected for.'],
  ['herd-at-recovery', 'All who waited come back in the same second.'],
  ['retry-after-misuse', 'The time to wait that the provider names is ignored or misread.'],
  ['wrong-retry-class', 'What cannot succeed is tried again, or what can is not.'],
  ['cache-poison', 'A broken answer is stored, and served to the next who asks.'],
  ['breaker-bugs', 'The circuit breaker opens for the wrong reason, never, for ever, or lets everybody through.'],
  ['model-vanishes', 'One passing error takes a model off the list of those in use.'],
  ['lost-queue', 'Jobs that were taken in get lost, overtaken, or held up by one that cannot be done.'],
  ['fallback-incompatible', 'The second provider rejects, or cannot keep, what was made for the first.'],
  ['stale-socket', 'A kept-alive connection that had been closed is shown to the user as a failure.'],
  ['false-health', 'Health checks tell of the provider what they should tell of the app, or the other way round.'],
  ['retry-state-leak', 'Pieces of a failed attempt end up in the answer of the next.'],
  ['watchdog-false-positive', 'A healthy answer that is slow is cut off and asked for again.'],
  ['unparseable-error', 'An error that is not in the expected form breaks the code that reads it.'],
  ['invisible-retry', 'Nobody can see that, and why, the app is trying again.'],
  ['status-page-trust', 'Decisions wait for a status page, which is late or wrong.'],
].map(([id = '', says = ''], i) => ({ number: i + 1, id, says }))

/** A mistake that a harness has to tell from good practice, with the oracles of which one at the least must see it. */
export interface MatrixRow {
  readonly id: string
  readonly oracles: readonly string[]
}

export const matrixRows: readonly MatrixRow[] = [
  { id: 'p-retry around the SDK', oracles: ['bounded-attempts', 'retry-amplification', 'jitter-present'] },
  { id: 'SDK retries in a loop of fixed 30 s', oracles: ['herd-at-restore', 'synchronisation', 'backoff-growth'] },
  { id: 'ignores retry-after', oracles: ['retry-after-honoured'] },
  { id: 'old SDK takes retry-after 0 for now', oracles: ['no-hot-loop'] },
  { id: 'all sleep until the same reset', oracles: ['herd-at-restore', 'synchronisation'] },
  { id: 'retries 400', oracles: ['no-retry-on-permanent-errors'] },
  {
    id: 'raw stream without a look for its end',
    oracles: ['truncated-is-not-success', 'partial-tool-call-not-executed'],
  },
  { id: 'no idle timeout', oracles: ['idle-timeout', 'settles'] },
  { id: 'repairs JSON and runs the tool', oracles: ['partial-tool-call-not-executed'] },
  { id: 'retry appends to the old buffer', oracles: ['no-stitching'] },
  { id: 'new key for each attempt', oracles: ['side-effects-once', 'key-discipline', 'none-duplicated'] },
  { id: 'queue in memory', oracles: ['none-lost', 'queue-survives-restart'] },
  { id: 'queue without a bound', oracles: ['bounded-backlog'] },
  { id: 'requeues at the tail', oracles: ['order'] },
  { id: 'one breaker, health check on the chat', oracles: ['right-blast-radius'] },
  { id: 'breaker for each request', oracles: ['breaker-opens', 'quiet-while-down'] },
  { id: 'breaker counts 400s', oracles: ['breaker-spares-others'] },
  { id: 'half-open lets everybody through', oracles: ['bounded-half-open-probes', 'herd-at-restore'] },
  { id: 'sticky fallback', oracles: ['returns-to-primary'] },
  { id: 'cache keyed on the prompt alone', oracles: ['tenant-isolation'] },
  { id: 'cache without age or label', oracles: ['cache-freshness'] },
  { id: 'one key for every host', oracles: ['credential-isolation', 'conduct'] },
  { id: 'waits for the status page', oracles: ['status-page-independence', 'time-to-detect'] },
  { id: 'six attempts, no budget, a provider that reacts', oracles: ['not-metastable', 'goodput-ratio'] },
  { id: 'deadlines on the wall clock', oracles: ['clock-robust'] },
]
