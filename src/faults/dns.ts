import { defineFault } from '../model/fault.ts'

export const dns = defineFault({
  id: 'dns',
  says: 'The name of the host does not resolve.',
  params: {},
  effect: () => ({ type: 'dns' }),
})
