import { defineFault } from '../model/fault.ts'

export const truncatedJson = defineFault({
  id: 'truncated-json',
  says: 'The status is 200 and the JSON ends in the middle, while the connection closes as if all were well.',
  params: {},
  effect: () => ({ type: 'garble', how: 'truncated-json' }),
})
