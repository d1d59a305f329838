import { memo } from './memo.ts'

const steering = { controls: 'Controls', inject: 'Inject', say: 'Tell' } as const
const writing = { notes: 'Notes', log: 'Log' } as const

/**
 * What is used in a hurry, from wherever one is: on a phone the page is long, and these stay at its head. They are no links,
 * for the fragment of the address is the token.
 */
export const Jumps = memo(({ steers }: { readonly steers: boolean }) => (
  <nav class="jumps" aria-label="On this page">
    {Object.entries({ ...(steers && steering), ...writing }).map(([id, name]) => (
      <button type="button" key={id} onClick={() => jump(id)}>
        {name}
      </button>
    ))}
  </nav>
))

/** To the part itself and not to a field of it, which would bring up the keyboard of a phone. */
function jump(id: string): void {
  const part = document.querySelector<HTMLElement>(`#${id}`)
  if (!part) return
  part.tabIndex = -1
  part.focus({ preventScroll: true })
  part.scrollIntoView({ block: 'start' })
}
