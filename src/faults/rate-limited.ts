import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith, retryAfterParams } from './parts/answering.ts'

// A real 429 of a rate limit names the time to come back, so this one does too unless told `retry_after_as: none`.
export const rateLimited = defineFault({
  id: 'rate-limited',
  says: 'The provider says that the key has used up its rate.',
  params: { ...retryAfterParams(30_000), ...answerParams },
  effect: params => answerWith('rate-limited', params),
})
