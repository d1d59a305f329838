import { useState } from 'preact/hooks'
import type { Role } from '../protocol.ts'
import { Dialog } from './dialog.tsx'
import { areKeysOn, keysOf, turnKeys } from './keys.ts'

/** The list of keys, which can be turned off. */
export function Help({ role, isOpen, onClose }: { readonly role: Role; readonly isOpen: boolean; onClose(): void }) {
  const [isOn, setOn] = useState(areKeysOn)
  return (
    <Dialog id="help" title="Keys" isOpen={isOpen} onClose={onClose}>
      <dl class="keys">
        {keysOf[role].map(({ key, does }) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="soft small">They do nothing while you write. Escape closes a dialog, and leaves the text of a note.</p>
      <label class="check">
        <input
          type="checkbox"
          checked={isOn}
          onChange={event => {
            turnKeys(event.currentTarget.checked)
            setOn(event.currentTarget.checked)
          }}
        />
        Single keys are on
      </label>
      <button type="button" data-first onClick={onClose}>
        Close
      </button>
    </Dialog>
  )
}
