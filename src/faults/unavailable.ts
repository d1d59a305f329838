import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith, bodyParam, retryAfterParams } from './parts/answering.ts'

export const unavailable = defineFault({
  id: 'unavailable',
  says: 'The provider is out of service and says so.',
  params: { body: bodyParam(), ...retryAfterParams(), ...answerParams },
  effect: params => answerWith('unavailable', params),
})
