import { defineFault } from '../model/fault.ts'

export const oddEvent = defineFault({
  id: 'odd-event',
  says: 'A stream carries an event of a type that no client knows, and is good otherwise.',
  params: {},
  streamingOnly: true,
  effect: () => ({ type: 'garble', how: 'odd-event' }),
})
