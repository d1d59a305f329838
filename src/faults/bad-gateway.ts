import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith, bodyParam } from './parts/answering.ts'

export const badGateway = defineFault({
  id: 'bad-gateway',
  says: 'The edge in front of the provider gets no sound answer from it.',
  params: { body: bodyParam('html'), ...answerParams },
  effect: params => answerWith('bad-gateway', params),
})
