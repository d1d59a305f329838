import type { Note, NoteKind } from '../journal/event.ts'
import { sayCount } from './finding.ts'
import type { Finding, OracleResult, Severity } from './oracle.ts'
import type { JournalView } from './view.ts'

/** What the app did to its own process and its keys. Needs no scenario: any of it is wrong at any time. */
export function judgeConduct(view: JournalView): OracleResult {
  const findings = rules.flatMap(rule => findingOf(view, rule))
  const isFail = findings.some(({ severity }) => severity === 'fail')
  const examined = Math.max(view.tasks.length, view.notes.length)
  return {
    id: 'conduct',
    status: isFail ? 'fail' : findings.length > 0 ? 'warn' : examined === 0 ? 'vacuous' : 'pass',
    examined,
    ...(examined === 0 && { reason: 'no task was started' }),
    named: false,
    findings,
  }
}

interface Rule {
  readonly kind: NoteKind
  readonly severity: Severity
  readonly what: readonly [one: string, many: string]
  readonly advice: string
}

const rules: readonly Rule[] = [
  {
    kind: 'key-leak',
    severity: 'fail',
    what: ['request carried the key of another provider', 'requests carried the key of another provider'],
    advice:
      'Whoever runs that host can now spend on your account. Set credentials on the client of each provider, not on a shared ' +
      '`fetch` or axios instance, and check what a changed `baseURL` does to headers already set.',
  },
  {
    kind: 'deadlock',
    severity: 'fail',
    what: [
      'deadlock: tasks were open and nothing could ever wake them',
      'deadlocks: tasks were open and nothing could ever wake them',
    ],
    advice:
      'In production these requests would stay until the process is restarted. Look for a promise that only a success resolves, ' +
      'a queue or semaphore whose slot is not given back in `finally`, or a stream read without a timeout.',
  },
  {
    kind: 'livelock',
    severity: 'fail',
    what: [
      'livelock: timers kept firing and nothing came of it',
      'livelocks: timers kept firing and nothing came of it',
    ],
    advice:
      'A loop polls or retries without waiting or without ever giving up, which burns a processor in production. Give every ' +
      'loop a delay that grows, a cap and an end.',
  },
  {
    kind: 'blocked',
    severity: 'fail',
    what: ['stretch in which the event loop was blocked', 'stretches in which the event loop was blocked'],
    advice:
      'While it is blocked no other user is served and no timeout fires. Look for a synchronous loop, a `while` that waits for ' +
      'a flag, or a regular expression on a large answer.',
  },
  {
    kind: 'process-exit',
    severity: 'fail',
    what: ['call of `process.exit`', 'calls of `process.exit`'],
    advice:
      'A failing provider must not take down the process with all its other requests. Throw instead, and leave the decision ' +
      'to the entry point.',
  },
  {
    kind: 'uncaught-exception',
    severity: 'fail',
    what: ['exception nobody caught', 'exceptions nobody caught'],
    advice:
      'Node ends the process on this, with every request in it. It was thrown from a timer, an event listener or a stream ' +
      'callback: catch it there, and give emitters and streams an `error` listener.',
  },
  {
    kind: 'unhandled-rejection',
    severity: 'fail',
    what: ['promise rejected with nobody listening', 'promises rejected with nobody listening'],
    advice:
      'Node ends the process on this by default. Await the promise or give it a `catch`; frequent causes are a hedge that lost ' +
      'the race, a background refresh of a cache, and a `finalMessage()` never awaited on a stream that failed.',
  },
  {
    kind: 'host-refused',
    severity: 'warn',
    what: ['request to a host outside the scenario was refused', 'requests to hosts outside the scenario were refused'],
    advice:
      'Nothing real is called during a run, so the app saw ECONNREFUSED. If it needs this host, declare it under `surfaces:` ' +
      'in the scenario, or, where it is a gateway in front of a provider, name it with `--address PROVIDER=URL`. HTTP/2 is ' +
      'not carried to any host: give such a client a handler for HTTP/1.1.',
  },
  {
    kind: 'stop-failed',
    severity: 'warn',
    what: ['`stop` of the client module that failed', '`stop`s of the client module that failed'],
    advice:
      'An app that cannot shut down cleanly loses what it holds at every deploy. Make `stop` safe to call at any time.',
  },
  {
    kind: 'start-failed',
    severity: 'warn',
    what: ['`start` that failed after a restart or a crash', '`start`s that failed after a restart or a crash'],
    advice:
      'An app that needs its provider in order to start cannot be restarted, deployed or scaled while that is down. Check ' +
      'keys and models in the background, and come up without the answer.',
  },
]

function findingOf(view: JournalView, rule: Rule): readonly Finding[] {
  const notes = view.notes.filter(({ kind }) => kind === rule.kind)
  const [first] = notes
  if (!first) return []
  const named = new Set(notes.flatMap(({ task }) => (task === undefined ? [] : [task])))
  // A run that got stuck is nobody's alone: those show it that were left open.
  const ids = stuck.has(rule.kind) && named.size === 0 ? openTasks(view) : [...named]
  return [
    {
      oracle: 'conduct',
      severity: rule.severity,
      phase: view.phaseAt(first.t),
      message: `${sayCount(notes.length, ...rule.what)}: ${sayOnce(notes)}`,
      evidence: ids.slice(0, 10),
      advice: rule.advice,
    },
  ]
}

const stuck: ReadonlySet<NoteKind> = new Set<NoteKind>(['deadlock', 'livelock'])

function openTasks({ tasks }: JournalView): readonly string[] {
  return tasks.filter(({ settled }) => !settled).map(({ id }) => id)
}

/** What the notes say, each text once, three at most. */
function sayOnce(notes: readonly Note[]): string {
  const texts = [...new Set(notes.map(({ says }) => says))]
  const rest = texts.length > 3 ? `; and ${texts.length - 3} more` : ''
  return texts.slice(0, 3).join('; ') + rest
}
