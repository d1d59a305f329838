import type { JournalEvent, TaskSettled } from '../journal/event.ts'
import { type AttemptRecord, type CallRecord, type JournalView, type TaskRecord, viewJournal } from '../oracles/view.ts'
import type { RunResult } from '../run/result.ts'
import type { Paint, Style } from './paint.ts'
import { instant, spell } from './text.ts'

/** A client may come back this much before the time it was given and still count as having waited: clocks round. */
const obeyedSlackMs = 50

/** What happened to one task, or to a call that belongs to none. */
export interface Story {
  /** Of the task, else of the call. */
  readonly id: string
  /** Who asked what. */
  readonly head: string
  readonly lines: readonly StoryLine[]
}

export interface StoryLine {
  readonly t: number
  /** Since the story began. */
  readonly sinceMs: number
  /** What belongs to an attempt stands further in than the attempt, and that than its call. */
  readonly depth: 0 | 1 | 2
  readonly text: string
  readonly tone?: 'good' | 'bad' | 'odd'
  /** The attempt that begins here. */
  readonly attempt?: string
}

/**
 * One task told attempt by attempt, with its waits; `undefined` when the run has no such task. `task` is a task's id,
 * or the id of a call or an attempt of it.
 */
export function story(result: RunResult, id: string, paint: Paint): string | undefined {
  const view = viewJournal(result.journal)
  const task = findTask(view, id)
  if (!task) return undefined
  const { head, lines } = storyOfTask(view, task)
  return `${[head, ...lines.map(line => printed(line, paint))].join('\n')}\n`
}

/** The story behind a piece of evidence: of the task it belongs to, else of the call. */
export function storyOf(view: JournalView, id: string): Story | undefined {
  const task = findTask(view, id)
  if (task) return storyOfTask(view, task)
  const call = view.calls.find(one => one.id === id || one.attempts.some(attempt => attempt.id === id))
  if (!call) return undefined
  const head = `${call.id}: a call that belongs to no task`
  return { id: call.id, head, lines: callLines(call, call.startMs, view) }
}

/** Ids of the run's judged tasks, for a did-you-mean and a range. */
export function taskIds(events: readonly JournalEvent[]): readonly string[] {
  return viewJournal(events).tasks.map(task => task.id)
}

const tones: Readonly<Record<NonNullable<StoryLine['tone']>, Style>> = { good: 'green', bad: 'red', odd: 'yellow' }

function printed({ t, sinceMs, depth, text, tone }: StoryLine, paint: Paint): string {
  const indented = '  '.repeat(depth) + text
  const painted = tone ? paint(tones[tone], indented) : indented
  return `${instant(t).padStart(9)}  ${`+${spell(sinceMs)}`.padEnd(10)} ${painted}`
}

function findTask(view: JournalView, id: string): TaskRecord | undefined {
  return (
    view.tasks.find(task => task.id === id) ??
    view.attempts.find(attempt => attempt.id === id)?.task ??
    view.calls.find(call => call.id === id)?.task
  )
}

function storyOfTask(view: JournalView, task: TaskRecord): Story {
  const { started, startMs } = task
  const how = started.streaming ? 'streamed' : 'not streamed'
  return {
    id: task.id,
    head: `${task.id}: question ${started.question}, asked by ${named('user', started.user)} of ${named('tenant', started.tenant)} on ${named('instance', started.instance)}, class ${started.class}, ${how}`,
    lines: [
      { t: startMs, sinceMs: 0, depth: 0, text: `asked, in ${task.phase}` },
      ...task.calls.flatMap(call => callLines(call, startMs, view)),
      closing(task, view),
    ],
  }
}

function callLines(call: CallRecord, sinceMs: number, view: JournalView): StoryLine[] {
  const { provider, surface, model, streaming } = call.started
  const what = [`${provider}.${surface}`, model, streaming ? 'streamed' : undefined].filter(Boolean).join(', ')
  return [
    { t: call.startMs, sinceMs: call.startMs - sinceMs, depth: 0, text: `call ${call.id}: ${what}` },
    ...call.attempts.flatMap((attempt, i) => {
      const next = call.attempts[i + 1]
      return [...attemptLines(attempt, sinceMs, view), ...(next ? [waitLine(attempt, next, sinceMs)] : [])]
    }),
  ]
}

function attemptLines(attempt: AttemptRecord, fromMs: number, view: JournalView): StoryLine[] {
  const { started, headers, ended } = attempt
  const done = started.fault ? `${started.fault} (${started.entry ?? started.effect})` : decided(started.effect)
  const slot = started.waitMs === undefined ? '' : `, a slot in ${spell(started.waitMs)}`
  const at = (t: number) => ({ t, sinceMs: t - fromMs })
  const lines: StoryLine[] = [
    {
      ...at(attempt.startMs),
      depth: 1,
      text: `attempt ${attempt.id}, no. ${started.n}, in ${started.phase}: ${done}${slot}`,
      attempt: attempt.id,
    },
  ]
  if (headers && attempt.headersMs !== undefined) {
    const after = headers.retryAfterMs === undefined ? '' : `, retry-after ${spell(headers.retryAfterMs)}`
    const should = headers.shouldRetry === undefined ? '' : `, x-should-retry ${headers.shouldRetry}`
    lines.push({ ...at(attempt.headersMs), depth: 2, text: `status ${headers.status}${after}${should}` })
  }
  const endMs = attempt.endMs ?? view.endMs
  const outcome = ended?.outcome ?? 'open'
  const text = `${outcomes[outcome] ?? outcome} after ${spell(endMs - attempt.startMs)}`
  return [...lines, { ...at(endMs), depth: 2, text, tone: outcome === 'ok' ? 'good' : 'bad' }]
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

function waitLine(attempt: AttemptRecord, next: AttemptRecord, sinceMs: number): StoryLine {
  const fromMs = attempt.endMs ?? attempt.startMs
  const at = { t: next.startMs, sinceMs: next.startMs - sinceMs, depth: 2 } as const
  const waited = next.startMs - fromMs
  const asked = attempt.headers?.retryAfterMs
  if (waited < 0) return { ...at, text: '(the next attempt began before this one had ended)' }
  if (asked === undefined) return { ...at, text: `waited ${spell(waited)}` }
  const since = next.startMs - (attempt.headersMs ?? fromMs)
  return since + obeyedSlackMs >= asked
    ? { ...at, text: `waited ${spell(since)}, as asked (${spell(asked)})` }
    : { ...at, text: `waited ${spell(since)}, although ${spell(asked)} was asked for`, tone: 'odd' }
}

function closing(task: TaskRecord, view: JournalView): StoryLine {
  const { settled } = task
  const at = (t: number) => ({ t, sinceMs: t - task.startMs, depth: 0 }) as const
  if (!settled || task.settledMs === undefined)
    return {
      ...at(view.endMs),
      text: `never settled: still open ${spell(view.endMs - task.startMs)} after it was asked, when the run ended`,
      tone: 'bad',
    }
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
  return {
    ...at(task.settledMs),
    text: text + (facts.length ? ` (${facts.join(', ')})` : ''),
    tone: good ? 'good' : 'odd',
  }
}

/** `user 3`, and `user u3` where the id has a letter of its own. */
function named(noun: string, id: string | number): string {
  return `${noun} ${id}`
}
