import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith } from './parts/answering.ts'

export const internalError = defineFault({
  id: 'internal-error',
  says: 'The provider breaks on the request and answers with its internal error.',
  params: answerParams,
  effect: params => answerWith('internal-error', params),
})
