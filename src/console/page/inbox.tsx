import { useEffect, useState } from 'preact/hooks'
import type { Entry } from '../protocol.ts'
import { memo } from './memo.ts'
import { Panel } from './panel.tsx'
import { countText, intoText, sentence } from './text.ts'

export interface InboxProps {
  readonly entries: readonly Entry[]
  /** The page's own, beside which the number of unread stands. */
  readonly title: string
  /** Its id: another show in the same tab begins with nothing read. */
  readonly show: string
}

/** What reached the room, newest first. */
export function Inbox({ entries, title, show }: InboxProps) {
  const kept = `blackstart.read.${show}`
  const [read, setRead] = useState(() => Number(sessionStorage.getItem(kept) ?? -1))
  const mails = entries.filter(({ kind }) => kind === 'inject' || kind === 'alert')
  const unread = mails.filter(({ id }) => id > read).length
  const newest = mails.at(-1)
  useEffect(() => {
    document.title = unread === 0 ? title : `(${unread}) ${title}`
  }, [unread, title])
  const readAll = () => {
    const id = newest?.id ?? read
    sessionStorage.setItem(kept, String(id))
    setRead(id)
  }
  return (
    <Panel
      id="inbox"
      title="Inbox"
      aside={
        <>
          <span id="unread" class={unread > 0 ? 'tag faulty' : 'soft'}>
            {unread} unread
          </span>
          {unread > 0 && (
            <button type="button" id="read-all" onClick={readAll}>
              Mark all read
            </button>
          )}
        </>
      }
    >
      <p class="unseen" aria-live="polite">
        {newest && newest.id > read ? `${countText(unread, 'new message')}. ${headText(newest)}: ${newest.text}` : ''}
      </p>
      {mails.length === 0 && <p class="soft">Nothing has come in.</p>}
      <ol class="inbox">
        {mails.toReversed().map(mail => (
          <Mail key={mail.id} mail={mail} isUnread={mail.id > read} />
        ))}
      </ol>
    </Panel>
  )
}

const Mail = memo(({ mail, isUnread }: { readonly mail: Entry; readonly isUnread: boolean }) => (
  <li class={isUnread ? 'unread' : ''} data-entry={mail.id}>
    <p class="mail-head">
      <span class="tag">{mail.inject ?? mail.kind}</span>
      <span class="time">{intoText(mail.t)}</span>
      {mail.from && <span class="soft">from {mail.from}</span>}
      {mail.to && <span class="soft">to {mail.to}</span>}
      {isUnread && <span class="tag faulty">unread</span>}
    </p>
    {mail.subject && <h3>{mail.subject}</h3>}
    <p class="mail-text">{mail.text}</p>
  </li>
))

function headText({ inject, kind, from, subject }: Entry): string {
  return `${sentence(inject ?? kind)}${from ? ` from ${from}` : ''}${subject ? `, ${subject}` : ''}`
}
