import type { AttemptOutcome, JournalEvent, Outcome } from '../../journal/event.ts'
import type { Accepted } from '../../model/accepted.ts'
import type { EntryLanding, LandingStatus } from '../../model/landing.ts'
import type { Finding, Severity } from '../../oracles/oracle.ts'
import type { Injection } from '../../run/injections.ts'
import type { Verdict } from '../../run/result.ts'
import type { DrillStage, DrillState, DrillVerdict } from '../controls.ts'
import type { AlertStatus, AlertsTaken } from './alerts.ts'
import type { Problem } from './problem.ts'
import { bodyOf, counts, flag, list, objectOf, oneOf, optional, type Schema, text, time, whole } from './schema.ts'

/** A reference to one of the schemas below. */
export function named(name: keyof typeof schemas): Schema {
  return { $ref: `${schemaPath}${name}` }
}

export const schemaPath = '#/components/schemas/'

export const duration: Schema = {
  title: 'a duration such as 90s, 5m or 1h30m, or a number of ms',
  anyOf: [
    { type: 'string', pattern: '^(?:\\d+(?:\\.\\d+)?(?:ms|[dhms]))+$', examples: ['90s', '5m', '1h30m'] },
    { type: 'integer', minimum: 0 },
  ],
}

const share: Schema = {
  title: 'a share such as 30% or 0.3',
  anyOf: [
    { type: 'number', minimum: 0, maximum: 1 },
    { type: 'string', pattern: '^\\d+(?:\\.\\d+)?%$', examples: ['30%'] },
  ],
}

const fault: Schema = {
  title: 'the id of a fault, or { id: its parameters }',
  anyOf: [
    { type: 'string', minLength: 1, examples: ['overloaded'] },
    { type: 'object', minProperties: 1, maxProperties: 1, examples: [{ 'slow-first-byte': { by: '15s' } }] },
  ],
}

const outcomes: Readonly<Record<Outcome, true>> = {
  ok: true,
  degraded: true,
  queued: true,
  failed: true,
  truncated: true,
  'not-an-answer': true,
}

const alertStatus = oneOf<AlertStatus>('Whether it begins or is over.', { firing: true, resolved: true })

const attemptOutcomes: Readonly<Record<AttemptOutcome, true>> = {
  ok: true,
  error: true,
  refused: true,
  dns: true,
  tls: true,
  reset: true,
  'connect-timeout': true,
  'headers-timeout': true,
  'body-timeout': true,
  cut: true,
  'stream-error': true,
  garbled: true,
  empty: true,
  wrong: true,
  aborted: true,
  'process-gone': true,
  open: true,
}

const eventTypes: Readonly<Record<JournalEvent['type'], true>> = {
  'run-started': true,
  'phase-entered': true,
  'task-started': true,
  'task-settled': true,
  'call-started': true,
  'attempt-started': true,
  'attempt-headers': true,
  'attempt-ended': true,
  'side-effect': true,
  'job-submitted': true,
  'job-started': true,
  'job-done': true,
  'job-dead': true,
  'job-listed': true,
  'app-report': true,
  'status-changed': true,
  'client-event': true,
  note: true,
  mark: true,
  'run-ended': true,
}

/** Everything the control API tells or takes, by its name in the OpenAPI document. */
export const schemas = {
  State: objectOf<DrillState>('A drill as it stands. Times are ms of the scenario since t = 0, whatever the speed.', {
    scenario: text('The id of the scenario.'),
    title: optional(text('What the scenario is called.')),
    client: text('The app under test.'),
    seed: { type: 'integer', description: 'The seed of all chance.' },
    engine: text('What carries the faults: loopback, toxiproxy.'),
    speed: {
      type: 'number',
      exclusiveMinimum: 0,
      description: 'How many times faster than real time the scenario goes.',
    },
    stage: oneOf<DrillStage>('Where the drill is.', {
      starting: true,
      'steady-state': true,
      outage: true,
      healed: true,
      ended: true,
    }),
    t: time('Now; negative before the first phase.'),
    phase: text('steady-state, a phase (up#2 for its second lap), then healed.'),
    phaseEndsAt: optional(time('When the phase ends; absent while it is held, and in the last stretch.')),
    nextPhase: optional(text('What comes after it.')),
    lengthMs: time('When the last phase ends.'),
    endMs: time('When the healthy stretch after it does.'),
    held: flag('The phase goes on, with its faults, until it is released.'),
    tasks: objectOf<DrillState['tasks']>('What the app was asked to do.', {
      open: whole('Begun and not over.'),
      settled: counts<Outcome>('The others, by what became of them.', outcomes),
    }),
    attempts: objectOf<DrillState['attempts']>('HTTP requests to providers.', {
      total: whole('All so far.'),
      open: whole('Begun and not over.'),
      retries: whole('Those that were not the first of their call.'),
      ended: counts<AttemptOutcome>('How the others ended.', attemptOutcomes),
    }),
    faults: list('What the scenario injects, and whether it was felt.', { $ref: `${schemaPath}Fault` }),
    findings: list('What safety oracles have found so far, worst first.', { $ref: `${schemaPath}Finding` }),
    notices: list('Things worth a line: hosts that were refused, what could not be judged.', { type: 'string' }),
  }),
  Fault: objectOf<EntryLanding>('A fault, limit or capacity of the scenario, or one that was injected.', {
    id: text('Fault id, a|b for a mix, limit, or capacity.'),
    entry: text('Path in the scenario, such as phases[0].faults[1].'),
    phase: text('Where it is in force.'),
    surface: list('What it fails.', { type: 'string' }),
    line: optional(whole('Line in the scenario’s file.')),
    status: oneOf<LandingStatus>('Whether it was felt.', {
      landed: true,
      unused: true,
      withheld: true,
      thin: true,
      missed: true,
    }),
    eligible: whole('Attempts it could have hit.'),
    hits: whole('Attempts it did hit.'),
    hint: optional(text('What would make it land.')),
    reached: optional(flag('False where the drill ended before it was to begin; then its status says nothing.')),
  }),
  Finding: objectOf<Finding>('Something the app did wrong.', {
    oracle: text('The id of the check that says so.'),
    severity: oneOf<Severity>('Only fail changes the verdict.', { fail: true, warn: true }),
    phase: text('Where it happened.'),
    message: text('What happened, with numbers.'),
    evidence: list('Ids of tasks, calls or attempts that show it.', { type: 'string' }),
    advice: text('Why it matters, and what to change.'),
    accepted: optional(
      objectOf<Accepted>('Known and lived with for now.', {
        oracle: text('Its check.'),
        scenario: optional(text('Only in this scenario.')),
        phase: optional(text('Only in this phase.')),
        reason: text('Why.'),
        owner: optional(text('Who answers for it.')),
        until: optional(text('The last day on which it holds.')),
      }),
    ),
  }),
  Verdict: objectOf<DrillVerdict>('How a drill ended.', {
    verdict: oneOf<Verdict>('Whether every expectation held.', { pass: true, fail: true, inconclusive: true }),
    exitCode: { type: 'integer', description: 'What the command exits with.' },
    reason: text('Why the verdict is what it is, in one sentence.'),
    findings: list('All findings, worst first.', { $ref: `${schemaPath}Finding` }),
  }),
  JournalEvent: {
    type: 'object',
    description: 'One line of the journal. What else it holds depends on its type; nothing secret does it hold.',
    properties: {
      type: oneOf<JournalEvent['type']>('What happened.', eventTypes),
      t: { type: 'integer', description: 'Ms of the scenario since t = 0; negative in the warm-up.' },
    },
    required: ['type', 't'],
    additionalProperties: true,
  },
  Injection: bodyOf<Injection>('A fault from now on, spelled as in a scenario: fault, or mix.', {
    surface: {
      title: 'the name of a surface, or a list of them',
      description: 'What fails.',
      anyOf: [
        { type: 'string', minLength: 1, examples: ['api'] },
        { type: 'array', minItems: 1, items: { type: 'string' } },
      ],
    },
    fault: optional({ ...fault, description: 'What goes wrong.' }),
    mix: optional(
      list(
        'Several faults, each with its share.',
        bodyOf<NonNullable<Injection['mix']>[number]>('One of them.', { fault, share }),
      ),
    ),
    share: optional({ ...share, description: 'Of the attempts it could hit; all when absent.' }),
    sticky: optional(
      oneOf<NonNullable<Injection['sticky']>>('Who shares one draw; each attempt has its own when absent.', {
        call: true,
        user: true,
        key: true,
        session: true,
      }),
    ),
    when: optional({
      type: 'object',
      description: 'Only such attempts.',
      examples: [{ streaming: true }, { first: 2 }, { model: 'claude-*' }],
    }),
    for: optional({ ...duration, description: 'How long; to the end of the scenario when absent.' }),
  }),
  Alerts: {
    title:
      'what Alertmanager sends (an object with a list "alerts", each with its status), or { "title": …, "status": "firing" }',
    description: 'Alerts of a team’s own monitoring. Whatever else Alertmanager sends is passed over.',
    anyOf: [
      {
        type: 'object',
        description: 'Alertmanager’s webhook, version 4.',
        properties: {
          alerts: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                status: alertStatus,
                labels: { type: 'object', description: 'The title is the label alertname.' },
                annotations: { type: 'object', description: 'The title is the summary, where there is no such label.' },
                fingerprint: { type: 'string' },
              },
              required: ['status'],
              additionalProperties: true,
            },
          },
        },
        required: ['alerts'],
        additionalProperties: true,
      },
      {
        type: 'object',
        description: 'Anything else that can send a few words.',
        properties: { title: text('What it is called.', { minLength: 1, maxLength: 1_000 }), status: alertStatus },
        required: ['title', 'status'],
        additionalProperties: true,
      },
    ],
  },
  AlertsTaken: objectOf<AlertsTaken>('What came of alerts.', {
    alerts: whole('Those that were news: new, or in another state than before.'),
    detected: flag('One of them set the mark `detected`: the first that fires while the outage lasts.'),
  }),
  Injected: objectOf<{ entry: string }>('A fault that was injected.', {
    entry: text('The path under which it is counted; what ends it.', { examples: ['faults[0]'] }),
  }),
  Problem: objectOf<Problem>('Why something was not done. It changed nothing.', {
    error: objectOf<Problem['error']>('What is wrong.', {
      code: oneOf<Problem['error']['code']>('The kind of problem.', {
        'bad-request': true,
        unauthorized: true,
        'host-refused': true,
        'origin-refused': true,
        'not-found': true,
        'method-not-allowed': true,
        conflict: true,
        'too-large': true,
        'unsupported-media-type': true,
        internal: true,
      }),
      message: text('What is wrong, in words.'),
      hint: optional(text('What to do about it.')),
    }),
  }),
} as const satisfies Readonly<Record<string, Schema>>
