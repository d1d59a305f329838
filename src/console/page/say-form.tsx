import { useState } from 'preact/hooks'
import { type InjectKind, injectKinds } from '../../model/game-day.ts'
import { useAct } from './act.ts'
import { useField } from './field.ts'
import { Panel } from './panel.tsx'

/** Something that people are told, by hand. */
export function SayForm() {
  const act = useAct()
  const kind = useField('say-kind', 'ticket')
  const from = useField('say-from', '')
  const to = useField('say-to', '')
  const subject = useField('say-subject', '')
  const text = useField('say-text', '')
  const [said, setSaid] = useState('')
  const say = async () => {
    const kindSaid: InjectKind = injectKinds.find(one => one === kind.value) ?? 'ticket'
    const given = Object.entries({ from: from.value, to: to.value, subject: subject.value })
      .map(([name, value]): [string, string] => [name, value.trim()])
      .filter(([, value]) => value !== '')
    const problem = await act({ do: 'say', kind: kindSaid, text: text.value.trim(), ...Object.fromEntries(given) })
    if (problem) return setSaid('')
    for (const field of [text, subject]) field.set('')
    setSaid(`Sent: ${kindSaid}.`)
  }
  return (
    <Panel id="say" title="Tell people">
      <form
        class="fields"
        onSubmit={event => {
          event.preventDefault()
          void say()
        }}
      >
        <p>
          <label for="say-kind">Kind</label>
          <select {...kind.props}>
            {injectKinds.map(one => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </p>
        <p>
          <label for="say-from">From</label>
          <input {...from.props} placeholder="a customer" autocomplete="off" />
        </p>
        <p>
          <label for="say-to">To (empty: responders)</label>
          <input {...to.props} autocomplete="off" />
        </p>
        <p>
          <label for="say-subject">Subject</label>
          <input {...subject.props} autocomplete="off" />
        </p>
        <p class="wide-field">
          <label for="say-text">Text</label>
          <textarea {...text.props} rows={2} required />
        </p>
        <p class="wide-field row">
          <button type="submit" id="say-send">
            Send
          </button>
          <span role="status" class="soft">
            {said}
          </span>
        </p>
      </form>
    </Panel>
  )
}
