import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith } from './parts/answering.ts'

export const unauthorized = defineFault({
  id: 'unauthorized',
  says: 'The provider does not accept the key.',
  params: answerParams,
  effect: params => answerWith('unauthorized', params),
})
