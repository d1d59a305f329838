import { defineFault } from '../model/fault.ts'

// Streams alone: an answer that is not streamed has no such mark; `truncated-json` and `stream-cut` shorten that one.
export const noMessageStop = defineFault({
  id: 'no-message-stop',
  says: 'A stream ends cleanly without the event that says the answer is whole.',
  params: {},
  streamingOnly: true,
  effect: () => ({ type: 'garble', how: 'no-stop' }),
})
