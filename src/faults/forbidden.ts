import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith, bodyParam } from './parts/answering.ts'

export const forbidden = defineFault({
  id: 'forbidden',
  says: 'The provider knows the key and denies it this request.',
  params: { body: bodyParam(), ...answerParams },
  effect: params => answerWith('forbidden', params),
})
