import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith } from './parts/answering.ts'

export const badRequest = defineFault({
  id: 'bad-request',
  says: 'The provider finds the request invalid.',
  params: answerParams,
  effect: params => answerWith('bad-request', params),
})
