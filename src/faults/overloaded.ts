import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith, retryAfterParams } from './parts/answering.ts'

export const overloaded = defineFault({
  id: 'overloaded',
  says: 'The provider is overloaded and turns the request away.',
  params: { ...retryAfterParams(), ...answerParams },
  effect: params => answerWith('overloaded', params),
})
