import type { Problem } from '../protocol.ts'

/** What was refused, and what to do; stays until it is read. */
export function Problems({ problem, onClose }: { readonly problem: Problem | undefined; onClose(): void }) {
  return (
    <div id="problem" class="problem" role="alert">
      {problem && (
        <>
          <p>
            <b>{problem.message}</b>
            {problem.hint && <> {problem.hint}</>}
          </p>
          <button type="button" onClick={onClose}>
            Dismiss
          </button>
        </>
      )}
    </div>
  )
}
