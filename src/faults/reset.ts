import { defineFault } from '../model/fault.ts'

export const reset = defineFault({
  id: 'reset',
  says: 'The connection is accepted and torn down before any byte of an answer.',
  params: { after: { kind: 'duration', says: 'How long the connection lives first.', default: 0 } },
  effect: params => ({ type: 'reset', afterMs: params.number('after') }),
})
