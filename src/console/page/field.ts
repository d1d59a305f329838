import { useState } from 'preact/hooks'

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement

export interface Field {
  readonly value: string
  set(value: string): void
  /** For the control. */
  readonly props: {
    readonly id: string
    readonly name: string
    readonly value: string
    onInput(event: { readonly currentTarget: Control }): void
  }
}

/** A text that somebody types or chooses. `stored` keeps it in this browser under that name. */
export function useField(id: string, initial: string, stored?: string): Field {
  const [value, setValue] = useState(() => (stored === undefined ? null : localStorage.getItem(stored)) ?? initial)
  const set = (next: string) => {
    setValue(next)
    if (stored !== undefined) localStorage.setItem(stored, next)
  }
  return { value, set, props: { id, name: id, value, onInput: event => set(event.currentTarget.value) } }
}
