import { useEffect, useRef } from 'preact/hooks'
import type { Role } from '../protocol.ts'

export interface Key {
  readonly key: string
  readonly does: string
}

const help: Key = { key: '?', does: 'this list of keys' }
const note: Key = { key: 'n', does: 'write a note' }

/** What the keys do, by role: as the help lists them. */
export const keysOf: Readonly<Record<Role, readonly Key[]>> = {
  facilitator: [
    { key: 'h', does: 'hold the phase, or release it' },
    { key: 's', does: 'skip to the next phase' },
    { key: 'e', does: 'extend the phase' },
    { key: 'i', does: 'inject a fault' },
    { key: 't', does: 'tell people something' },
    { key: 'x', does: 'abort, which y confirms' },
    note,
    help,
  ],
  responder: [
    { key: 'd', does: 'mark detected' },
    { key: 'c', does: 'mark declared' },
    { key: 'm', does: 'mark mitigated' },
    { key: 'r', does: 'mark recovered' },
    note,
    help,
  ],
  observer: [{ key: '1 to 6', does: 'begin a note of that category' }, note, help],
}

const setting = 'blackstart.keys'

export function areKeysOn(): boolean {
  return localStorage.getItem(setting) !== 'off'
}

/** Single keys get in the way of who speaks to their computer, so they can be turned off. */
export function turnKeys(on: boolean): void {
  if (on) localStorage.removeItem(setting)
  else localStorage.setItem(setting, 'off')
}

/** Deeds by key. They never fire while somebody writes, chooses in a list, or answers a dialog. */
export function useKeys(deeds: Readonly<Record<string, () => void>>): void {
  const current = useRef(deeds)
  current.current = deeds
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      const deed = current.current[event.key]
      if (!deed || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !areKeysOn()) return
      if (isWriting(event.target) || document.querySelector('dialog[open]')) return
      event.preventDefault()
      deed()
    }
    document.addEventListener('keydown', listener)
    return () => document.removeEventListener('keydown', listener)
  }, [])
}

function isWriting(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type)
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('textarea, select'))
}
