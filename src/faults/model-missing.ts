import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith } from './parts/answering.ts'

export const modelMissing = defineFault({
  id: 'model-missing',
  says: 'The provider does not know the model.',
  params: answerParams,
  effect: params => answerWith('model-missing', params),
})
