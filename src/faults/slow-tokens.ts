import { defineFault } from '../model/fault.ts'

export const slowTokens = defineFault({
  id: 'slow-tokens',
  says: 'The answer is good and its tokens trickle.',
  params: { per_token: { kind: 'duration', says: 'Time from one token to the next.', default: 1_000 } },
  effect: params => ({ type: 'slow', perTokenMs: params.number('per_token') }),
})
