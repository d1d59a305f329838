import { defineFault } from '../model/fault.ts'

export const idleClose = defineFault({
  id: 'idle-close',
  says: 'The provider closes a kept-alive connection as the client uses it again, which the client sees as a reset before any answer.',
  params: {},
  reusedOnly: true,
  effect: () => ({ type: 'reset', afterMs: 0 }),
})
