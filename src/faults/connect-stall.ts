import { defineFault } from '../model/fault.ts'

export const connectStall = defineFault({
  id: 'connect-stall',
  says: 'The connection is never accepted and never refused.',
  params: {},
  effect: () => ({ type: 'hold', connect: true }),
})
