import { defineFault } from '../model/fault.ts'

export const malformedJson = defineFault({
  id: 'malformed-json',
  says: 'The status is 200 and the JSON, in a stream that of one event, does not parse.',
  params: {},
  effect: () => ({ type: 'garble', how: 'malformed-json' }),
})
