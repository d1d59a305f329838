import { succeeded } from './attempts.ts'
import { byPhase, evidenceOf, sayCount, tally } from './finding.ts'
import { defineOracle } from './oracle.ts'
import type { AttemptRecord, JournalView, TaskRecord } from './view.ts'

/** Judged by ground truth: what the text really was, and whether any attempt could have given it. */
export const failureIsNotSuccess = defineOracle({
  id: 'failure-is-not-success',
  code: 'F9',
  says: 'Where nothing worked the app says so, instead of returning something that looks like an answer.',
  kind: 'safety',
  byDefault: true,
  params: {},
  notes: {
    needs: 'the wire; `settle` says more',
    judges:
      'Tasks that settle as `ok` (or without a word of their own) with an empty text, a text that no model wrote ' +
      'for them, or another question’s answer. An app that rewrites every answer is excused where it could have ' +
      'had one.',
    vacuous: 'no task met trouble',
    source: 'No tolerance. What the provider itself mixed up is a warning.',
    change:
      'Let the error through. If the app has honest substitutes, export `settle` and call them `degraded` or ' +
      '`queued`, with their `source`.',
  },
  judge(view) {
    const facts: Facts = {
      couldAnswer: answeredQuestions(view),
      marksSurvive: view.tasks.some(({ settled }) => settled?.answer === 'complete'),
    }
    const lies = view.tasks.flatMap(task => {
      const lie = lieOf(task, facts)
      if (!lie) return []
      return [{ id: task.id, phase: task.phase, weight: task.settled?.claimed ? 1 : 0, lie }]
    })
    const suspects = new Set(lies.map(({ id }) => id))
    const examined = view.tasks.filter(task => suspects.has(task.id) || sawTrouble(task)).length
    const own = lies.filter(({ lie }) => lie !== swapped)
    const handedOn = lies.filter(({ lie }) => lie === swapped)
    return {
      examined,
      ...(examined === 0 && { vacuous: 'no task met trouble' }),
      findings: [
        ...byPhase(own).map(group => ({
          severity: 'fail' as const,
          phase: group[0].phase,
          message: `${sayCount(group.length, 'failed task')} passed for a success: ${tally(group.map(({ lie }) => lie))}`,
          evidence: evidenceOf(group),
          advice:
            'Callers store it, show it and charge for it, and your error rate stays at zero during the outage. Let the error ' +
            'through: throw, or return a state that says so. A `catch` that returns an empty string or a friendly sentence is ' +
            'the usual cause; an unchecked `content[0]?.text` is the other. If the app has honest substitutes (a cache, a ' +
            'fallback, a queue, a labelled apology), export `settle` from the client module and call them `degraded` or ' +
            '`queued`, with their `source`.',
        })),
        ...byPhase(handedOn).map(group => ({
          severity: 'warn' as const,
          phase: group[0].phase,
          message: `${sayCount(group.length, 'task')} passed on an answer that the provider gave to another question`,
          evidence: evidenceOf(group),
          advice:
            'The provider mixed them up and the app could hardly know. Where a wrong answer is dear, ask for something that ' +
            'ties it to its question (an id to be echoed in a schema) and check it.',
        })),
      ],
    }
  },
})

const swapped = "another question's answer, as the provider gave it"

/** What a task passed off as an answer, or `undefined` when it was honest. */
function lieOf(task: TaskRecord, { couldAnswer, marksSurvive }: Facts): string | undefined {
  const { settled } = task
  if (!settled) return undefined
  const { outcome, claimed, answer } = settled
  if (outcome !== 'not-an-answer' && !(claimed && outcome === 'ok')) return undefined
  switch (answer) {
    case 'foreign':
      return task.attempts.at(-1)?.ended?.outcome === 'wrong' ? swapped : "another question's answer"
    case 'empty':
      return 'an empty answer'
    case 'unmarked':
      // An app that makes something else of every answer (a summary, fields of a form) strips the marks from all.
      if (outcome === 'ok' && !marksSurvive && couldAnswer(task)) return undefined
      return 'a text that no model wrote for it'
    case 'none':
      if (outcome === 'not-an-answer') return 'nothing at all'
      return hasSource(task) || couldAnswer(task) ? undefined : 'a success with no answer behind it'
    default:
      return outcome === 'not-an-answer' ? 'something that is no answer' : undefined
  }
}

function hasSource({ settled }: TaskRecord): boolean {
  return settled?.source === 'cache' || settled?.source === 'fallback' || settled?.source === 'queue'
}

function sawTrouble(task: TaskRecord): boolean {
  return task.attempts.length === 0 || !task.attempts.every(succeeded)
}

interface Facts {
  couldAnswer(task: TaskRecord): boolean
  /** Whether any answer of the run still had its marks. */
  readonly marksSurvive: boolean
}

/**
 * Whether a task could have an answer: an attempt of its own ended well, or, while it was open, one for the same
 * question did (shared between tasks) or one that belongs to nobody known (a batch).
 */
function answeredQuestions(view: JournalView): Facts['couldAnswer'] {
  const shared = new Map<string, number[]>()
  for (const attempt of view.attempts) {
    if (!succeeded(attempt) || attempt.endMs === undefined) continue
    const key = questionOf(attempt)
    const times = shared.get(key)
    if (times) times.push(attempt.endMs)
    else shared.set(key, [attempt.endMs])
  }
  const isWhile = (task: TaskRecord, key: string) =>
    (shared.get(key) ?? []).some(t => t >= task.startMs && t <= (task.settledMs ?? view.endMs))
  return task => task.attempts.some(succeeded) || isWhile(task, task.started.question) || isWhile(task, '')
}

const questionOf = ({ task }: AttemptRecord) => task?.started.question ?? ''
