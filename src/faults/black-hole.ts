import { defineFault } from '../model/fault.ts'

export const blackHole = defineFault({
  id: 'black-hole',
  says: 'The connection is accepted, the request is read, and nothing ever comes back.',
  params: {},
  effect: () => ({ type: 'hold', connect: false }),
})
