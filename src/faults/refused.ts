import { defineFault } from '../model/fault.ts'

export const refused = defineFault({
  id: 'refused',
  says: 'Nothing listens at the address, so the connection is refused.',
  params: {},
  effect: () => ({ type: 'refuse' }),
})
