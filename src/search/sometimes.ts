import type { AppReport } from '../journal/event.ts'
import { plannedFaults } from '../model/timeline.ts'
import { asksModel, obeyedRetryAfter, surfaceOf, wasPatient } from '../oracles/attempts.ts'
import { brokeOff } from '../oracles/breaks.ts'
import type { AttemptRecord, CallRecord, TaskRecord } from '../oracles/view.ts'
import { detailOf } from './report-detail.ts'
import type { Seen } from './seen.ts'

/** Something that ought to happen in some run of a search, or its checks look at nothing. */
export interface Sometimes {
  readonly id: string
  readonly says: string
  /** What to do where it never did. */
  readonly todo: string
  /** Whether it happened in this run. */
  seen(run: Seen): boolean
}

const noFeature = 'right, if the app is not meant to'

/** All of them, in the order of reports. */
export const sometimes: readonly Sometimes[] = [
  {
    id: 'retried',
    says: 'a request was tried again',
    todo: 'right, if the app leaves that to others',
    seen: ({ view }) => view.attempts.some(({ started }) => started.n > 1),
  },
  {
    id: 'retry-after-obeyed',
    says: 'a retry waited as long as the provider asked',
    todo: 'no retry came after an answer with `retry-after`, or none waited for it',
    seen: ({ view }) => view.calls.some(call => successive(call).some(([a, b]) => obeyedRetryAfter(a, b))),
  },
  {
    id: 'waited-long',
    says: 'a retry came 30 s or more after the last attempt',
    todo: noFeature,
    seen: ({ view }) => view.calls.some(call => successive(call).some(([a, b]) => wasPatient(a, b))),
  },
  {
    id: 'gave-up',
    says: 'a task failed honestly',
    todo: 'every task was answered somehow; see that those answers are what they claim',
    seen: ({ view }) => view.tasks.some(({ settled }) => settled?.outcome === 'failed'),
  },
  {
    id: 'timed-out',
    says: 'the client ended an attempt itself',
    todo: 'nothing was ever slower than the client allows, or it allows anything',
    seen: ({ view }) => view.attempts.some(({ ended }) => ended?.outcome === 'aborted'),
  },
  {
    id: 'rate-limited',
    says: 'the provider answered 429',
    todo: 'give the search more --time: limits are drawn at random',
    seen: ({ view }) => view.attempts.some(({ headers }) => headers?.status === 429),
  },
  {
    id: 'breaker-opened',
    says: 'requests were kept back after failures, as the app told or the wire shows',
    todo: noFeature,
    seen: ({ reports, lives }) => told(reports, 'breaker', 'open') || has(lives.values(), 'probe'),
  },
  {
    id: 'breaker-probed',
    says: 'a request was let through to see whether all is well again',
    todo: 'no breaker was seen half open',
    seen: ({ lives }) => has(lives.values(), 'probe'),
  },
  {
    id: 'fallback-used',
    says: 'another model or provider answered in place of the first',
    todo: noFeature,
    seen: ({ view }) => view.tasks.some(task => task.settled?.source === 'fallback' || fellOver(task)),
  },
  {
    id: 'cache-answered',
    says: 'an answer came from a store',
    todo: noFeature,
    seen: ({ view, reports }) =>
      view.tasks.some(({ settled }) => settled?.source === 'cache') || told(reports, 'cache', 'hit'),
  },
  {
    id: 'degraded',
    says: 'a user got less, and was told so',
    todo: noFeature,
    seen: ({ view }) => view.tasks.some(({ settled }) => settled?.outcome === 'degraded'),
  },
  {
    id: 'queued',
    says: 'work was put off',
    todo: 'say `workload: { jobs: … }` in the client module’s `assumes` if the app has a queue',
    seen: ({ view, reports }) =>
      view.jobs.length > 0 ||
      view.tasks.some(({ settled }) => settled?.outcome === 'queued') ||
      told(reports, 'queue', 'accepted'),
  },
  {
    id: 'job-outlived-process',
    says: 'a job was taken in before a restart or a crash and done after it',
    todo: 'no job was open when a process ended; a base scenario with jobs and a `crash` makes it likely',
    seen: ({ view }) =>
      view.jobs.some(({ submittedMs, doneMs = Number.NEGATIVE_INFINITY }) =>
        endings(view).some(({ t }) => submittedMs < t && t < doneMs),
      ),
  },
  {
    id: 'stream-broke-off',
    says: 'a stream ended before its end',
    todo: 'the client never streamed while streams were cut; set `workload: { streaming: … }` in `assumes`',
    seen: ({ view }) => view.attempts.some(attempt => attempt.started.streaming && brokeOff(attempt)),
  },
  {
    id: 'tool-json-cut',
    says: 'a stream broke off inside the arguments of a tool call',
    todo: 'the model never called a tool in a stream; set `workload: { sessions: { tools: true } }` if the app has tools',
    seen: run => run.view.attempts.some(attempt => brokeOff(attempt) && cutsToolJson(run, attempt)),
  },
  {
    id: 'response-lost',
    says: 'work was done and its answer lost',
    todo: 'give the search more --time',
    seen: ({ view }) => view.attempts.some(({ started }) => started.processed === 'lost'),
  },
  {
    id: 'ended-under-way',
    says: 'a process ended while a request of it was under way',
    todo: 'no `restart` or `crash` met a request; long answers make it likelier',
    seen: ({ view }) =>
      view.attempts.some(({ ended }) => ended?.outcome === 'process-gone') ||
      view.tasks.some(({ settled }) => settled?.lostTo === 'crash' || settled?.lostTo === 'restart'),
  },
  {
    id: 'restarted',
    says: 'a process began anew in the outage',
    todo: 'give the search more --time, or a base scenario with a `restart`',
    seen: ({ view }) => view.clientEvents.some(({ event }) => event === 'started'),
  },
  {
    id: 'recovered',
    says: 'good answers came again after a row of failures',
    todo: 'no row of three failures was followed by a good answer',
    seen: ({ lives }) => has(lives.values(), 'restored'),
  },
  {
    id: 'second-outage-met',
    says: 'a fault struck a client that had just recovered',
    todo: 'give the search more --time: relapses are drawn at random',
    seen: ({ view, lives }) =>
      view.attempts.some(({ id, started }) => started.fault !== undefined && lives.get(id) === 'restored'),
  },
]

function successive({ attempts }: CallRecord): readonly (readonly [AttemptRecord, AttemptRecord])[] {
  return attempts.flatMap((attempt, i) => {
    const before = attempts[i - 1]
    return before ? [[before, attempt] as const] : []
  })
}

function has<T>(values: Iterable<T>, wanted: T): boolean {
  for (const value of values) if (value === wanted) return true
  return false
}

function told(reports: readonly AppReport[], hook: AppReport['hook'], what: string): boolean {
  return reports.some(
    report => report.hook === hook && (detailOf(report, 'state') === what || detailOf(report, 'op') === what),
  )
}

/** Whether one model failed the task and another answered it. */
function fellOver({ attempts, settled }: TaskRecord): boolean {
  if (settled?.outcome !== 'ok' && settled?.outcome !== 'degraded') return false
  const models = attempts.filter(asksModel)
  const name = (attempt: AttemptRecord) => `${surfaceOf(attempt)} ${attempt.started.model ?? ''}`
  const last = models.findLast(({ ended }) => ended?.outcome === 'ok')
  return last !== undefined && models.some(one => one.ended?.outcome !== 'ok' && name(one) !== name(last))
}

function endings({ clientEvents }: Seen['view']) {
  return clientEvents.filter(({ event }) => event === 'restart' || event === 'crash' || event === 'stopped')
}

/** Whether what hit it was told to strike there. */
function cutsToolJson({ plan }: Seen, { started }: AttemptRecord): boolean {
  return plannedFaults(plan).some(
    ({ path, options }) =>
      path === started.entry &&
      options.some(({ fault, params }) => {
        if (fault.id !== started.fault || fault.params['after']?.kind !== 'cut-point') return false
        const after = params.cutPoint('after')
        return 'inside' in after && after.inside === 'tool-json'
      }),
  )
}
