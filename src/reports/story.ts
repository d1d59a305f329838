import type { JournalEvent, TaskSettled } from '../journal/event.ts'
import { type AttemptRecord, type CallRecord, type JournalView, type TaskRecord, viewJournal } from '../oracles/view.ts'
import type { RunResult } from '../run/result.ts'
import type { Paint } from './paint.ts'
import { instant, spell } from './text.ts'

/** A client may come back this much before the time it was given and still count as having waited: clocks round. */
const obeyedSlackMs = 50

/**
 * One task told attempt by attempt, with its waits; `undefined` when the run has no such task. `task` is a task's id,
 * or the id of a call or an attempt of it.
 */
export function story(result: RunResult, id: string, paint: Paint): string | undefined {
  const view = viewJournal(result.journal)
  const task = findTask(view, id)
  return (
    task &&
    `${[...opening(task), ...task.calls.flatMap(call => callLines(call, task, view, paint)), ...closing(task, view, paint)].join('\n')}\n`
  )
}

/** Ids of the run's judged tasks, for a did-you-mean and a range. */
export function taskIds(events: readonly JournalEvent[]): readonly string[] {
  return viewJournal(events).tasks.map(task => task.id)
}

function findTask(view: JournalView, id: string): TaskRecord | undefined {
  return (
    view.tasks.find(task => task.id === id) ??
    view.attempts.find(attempt => attempt.id === id)?.task ??
    view.calls.find(call => call.id === id)?.task
  )
}

function opening(task: TaskRecord): string[] {
  const { started } = task
  const how = started.streaming ? 'streamed' : 'not streamed'
  return [
    `${task.id}: question ${started.question}, asked by ${named('user', started.user)} of ${named('tenant', started.tenant)} on ${named('instance', started.instance)}, class ${started.class}, ${how}`,
    line(task, task.startMs, `asked, in ${task.phase}`),
  ]
}

function callLines(call: CallRecord, task: TaskRecord, view: JournalView, paint: Paint): string[] {
  const { provider, surface, model, streaming } = call.started
  const what = [`${provider}.${surface}`, model, streaming ? 'streamed' : undefined].filter(Boolean).join(', ')
  return [
    line(task, call.startMs, `call ${call.id}: ${what}`),
    ...call.attempts.flatMap((attempt, i) => {
      const next = call.attempts[i + 1]
      return [...attemptLines(attempt, task, view, paint), ...(next ? waitLines(attempt, next, task, paint) : [])]
    }),
  ]
}

function attemptLines(attempt: AttemptRecord, task: TaskRecord, view: JournalView, paint: Paint): string[] {
  const { started, headers, ended } = attempt
  const done = started.fault ? `${started.fault} (${started.entry ?? started.effect})` : decided(started.effect)
  const slot = started.waitMs === undefined ? '' : `, a slot in ${spell(started.waitMs)}`
  const lines = [
    line(task, attempt.startMs, `  attempt ${attempt.id}, no. ${started.n}, in ${started.phase}: ${done}${slot}`),
  ]
  if (headers && attempt.headersMs !== undefined) {
    const after = headers.retryAfterMs === undefined ? '' : `, retry-after ${spell(headers.retryAfterMs)}`
    const should = headers.shouldRetry === undefined ? '' : `, x-should-retry ${headers.shouldRetry}`
    lines.push(line(task, attempt.headersMs, `    status ${headers.status}${after}${should}`))
  }
  const endMs = attempt.endMs ?? view.endMs
  const outcome = ended?.outcome ?? 'open'
  const text = `    ${outcomes[outcome] ?? outcome} after ${spell(endMs - attempt.startMs)}`
  return [...lines, line(task, endMs, paint(outcome === 'ok' ? 'green' : 'red', text))]
}

const lostTo: Readonly<Record<NonNullable<TaskSettled['lostTo']>, string>> = {
  crash: 'its process crashed',
  restart: 'its process was restarted',
  scale: 'its instance was taken away',
  down: 'no instance of the app was up',
}

const outcomes: Readonly<Record<string, string>> = {
  ok: 'answered whole',
  error: 'refused with an error',
  refused: 'connection refused',
  dns: 'name not found',
  tls: 'handshake failed',
  reset: 'connection reset',
  'connect-timeout': 'never connected',
  'headers-timeout': 'no answer began',
  'body-timeout': 'the answer stopped moving',
  cut: 'the answer was cut short',
  'stream-error': 'an error inside the stream',
  garbled: 'the answer was garbled',
  empty: 'the answer was empty',
  wrong: 'an answer to another question',
  aborted: 'given up by the client',
  'process-gone': 'the process of the app was gone',
  open: 'still open at the end of the run,',
}

function decided(effect: string): string {
  if (effect === 'pass') return 'the provider is well'
  if (effect === 'rejected') return 'the provider is full'
  if (effect === 'offline') return 'the app has no network'
  return effect === 'limited' ? 'over the rate limit' : effect
}

function waitLines(attempt: AttemptRecord, next: AttemptRecord, task: TaskRecord, paint: Paint): string[] {
  const fromMs = attempt.endMs ?? attempt.startMs
  const waited = next.startMs - fromMs
  const asked = attempt.headers?.retryAfterMs
  if (waited < 0) return [line(task, next.startMs, '    (the next attempt began before this one had ended)')]
  if (asked === undefined) return [line(task, next.startMs, `    waited ${spell(waited)}`)]
  const since = next.startMs - (attempt.headersMs ?? fromMs)
  return since + obeyedSlackMs >= asked
    ? [line(task, next.startMs, `    waited ${spell(since)}, as asked (${spell(asked)})`)]
    : [line(task, next.startMs, paint('yellow', `    waited ${spell(since)}, although ${spell(asked)} was asked for`))]
}

function closing(task: TaskRecord, view: JournalView, paint: Paint): string[] {
  const { settled } = task
  if (!settled || task.settledMs === undefined)
    return [
      line(
        task,
        view.endMs,
        paint(
          'red',
          `never settled: still open ${spell(view.endMs - task.startMs)} after it was asked, when the run ended`,
        ),
      ),
    ]
  const facts = [
    settled.source && `from ${settled.source}`,
    settled.lostTo && lostTo[settled.lostTo],
    settled.error && settled.error !== 'AppDown' && `threw ${settled.error}`,
    settled.error === 'AppDown' && !settled.lostTo && 'no instance of the app was up',
    settled.answer !== 'none' && `answer ${settled.answer}`,
    settled.ageMs !== undefined && `${spell(settled.ageMs)} old`,
    settled.claimed ? 'by its own word' : undefined,
  ].filter(Boolean)
  const good = settled.outcome === 'ok' && settled.answer === 'complete'
  const text = `settled ${settled.outcome} in ${view.phaseAt(task.settledMs)}, ${spell(task.settledMs - task.startMs)} after it was asked`
  return [
    line(task, task.settledMs, paint(good ? 'green' : 'yellow', text + (facts.length ? ` (${facts.join(', ')})` : ''))),
  ]
}

/** `user 3`, and `user u3` where the id has a letter of its own. */
function named(noun: string, id: string | number): string {
  return `${noun} ${id}`
}

function line(task: TaskRecord, t: number, text: string): string {
  return `${instant(t).padStart(9)}  ${`+${spell(t - task.startMs)}`.padEnd(10)} ${text}`
}
