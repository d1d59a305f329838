import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith, bodyParam } from './parts/answering.ts'

export const tooLarge = defineFault({
  id: 'too-large',
  says: 'The request is refused for its size.',
  params: { body: bodyParam(), ...answerParams },
  effect: params => answerWith('too-large', params),
})
