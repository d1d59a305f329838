import { succeeded } from './attempts.ts'
import type { JournalView } from './view.ts'
import type { JobRecord } from './view-jobs.ts'

/** Whether a good answer to a job's question came between its being taken in and its leaving the queue. */
export function answeredJobs(view: JournalView): (job: JobRecord) => boolean {
  const answers = view.attempts.filter(succeeded)
  return ({ task, submittedMs, goneMs = 0 }) =>
    task.attempts.some(succeeded) ||
    answers.some(
      ({ task: by, endMs = 0 }) =>
        // One that belongs to nobody known may be this one's.
        (by === undefined || by.started.question === task.started.question) && endMs >= submittedMs && endMs <= goneMs,
    )
}
