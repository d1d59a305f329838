import { defineFault } from '../model/fault.ts'

export const wrongType = defineFault({
  id: 'wrong-type',
  says: 'The status is 200 and what follows is a page of HTML, not an answer.',
  params: {},
  effect: () => ({ type: 'garble', how: 'wrong-type' }),
})
