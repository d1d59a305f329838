import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'

export interface DialogProps {
  readonly id: string
  readonly title: string
  readonly isOpen: boolean
  onClose(): void
  /** Keys of its own, while nobody writes in it. */
  onKey?(key: string): void
  readonly children: ComponentChildren
}

/** The browser's own modal dialog: it keeps the focus inside, closes by Escape, and gives the focus back. */
export function Dialog({ id, title, isOpen, onClose, onKey, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const headingId = useId()
  useLayoutEffect(() => {
    const dialog = ref.current
    if (isOpen && !dialog?.open) {
      dialog?.showModal()
      dialog?.querySelector<HTMLElement>('[data-first]')?.focus()
    } else if (!isOpen) dialog?.close()
  }, [isOpen])
  const onKeyDown = (event: KeyboardEvent) => {
    const isWriting = event.target instanceof HTMLInputElement && event.target.type === 'text'
    if (!isWriting && !event.ctrlKey && !event.metaKey && !event.altKey) onKey?.(event.key)
  }
  return (
    <dialog id={id} ref={ref} aria-labelledby={headingId} onClose={onClose} onKeyDown={onKeyDown}>
      {isOpen && (
        <>
          <h2 id={headingId}>{title}</h2>
          {children}
        </>
      )}
    </dialog>
  )
}
