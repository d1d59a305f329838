import { useState } from 'preact/hooks'
import { type Role, roles } from '../protocol.ts'
import { Panel } from './panel.tsx'

/** Addresses for the others. A token is a key to the show: they are not shown until they are asked for. */
export function Links({
  links,
  isLobby,
}: {
  readonly links: Readonly<Record<Role, string>>
  readonly isLobby: boolean
}) {
  const [copied, setCopied] = useState('')
  return (
    <Panel id="links" title="Addresses for the others">
      <details open={isLobby}>
        <summary>Show them</summary>
        <p class="soft small">
          Whoever has one of these may do what its role may. Hand them to people, not to a channel.
        </p>
        {roles
          .filter(role => role !== 'facilitator')
          .map(role => {
            const url = new URL(links[role], location.origin).href
            return (
              <div class="link" key={role}>
                <label for={`link-${role}`}>{role}</label>
                <input id={`link-${role}`} readOnly value={url} onFocus={event => event.currentTarget.select()} />
                <button
                  type="button"
                  id={`copy-${role}`}
                  onClick={() => {
                    void copy(url, role).then(isDone =>
                      setCopied(isDone ? `Copied for the ${role}.` : 'Not copied: press Ctrl+C or Cmd+C.'),
                    )
                  }}
                >
                  Copy<span class="unseen"> the address for the {role}</span>
                </button>
              </div>
            )
          })}
      </details>
      <p role="status" class="soft small">
        {copied}
      </p>
    </Panel>
  )
}

async function copy(text: string, role: Role): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    document.querySelector<HTMLInputElement>(`#link-${role}`)?.select()
    return false
  }
}
