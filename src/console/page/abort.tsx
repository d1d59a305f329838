import { useAct } from './act.ts'
import { Dialog } from './dialog.tsx'
import { useField } from './field.ts'

/** The word to stop: one key asks, one key confirms. */
export function Abort({
  isOpen,
  onClose,
  onAborted,
}: {
  readonly isOpen: boolean
  onClose(): void
  onAborted(was: boolean): void
}) {
  const act = useAct()
  const why = useField('abort-why', '')
  const abort = () => {
    onClose()
    onAborted(true)
    void act({ do: 'abort', why: why.value.trim() || 'the facilitator aborted it' }).then(problem => {
      if (problem) onAborted(false)
    })
  }
  return (
    <Dialog
      id="abort-dialog"
      title="Abort the show?"
      isOpen={isOpen}
      onClose={onClose}
      onKey={key => {
        if (key === 'y') abort()
      }}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          abort()
        }}
      >
        <p>Every fault is healed at once, and it is seen to that none is left.</p>
        <label for="abort-why">Why (may stay empty)</label>
        <input {...why.props} type="text" autocomplete="off" />
        <div class="row">
          <button type="submit" class="danger" id="abort-confirm" data-first>
            Abort now <kbd>y</kbd>
          </button>
          <button type="button" onClick={onClose}>
            Go on with the show
          </button>
        </div>
      </form>
    </Dialog>
  )
}
