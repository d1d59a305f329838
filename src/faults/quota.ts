import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith } from './parts/answering.ts'

export const quota = defineFault({
  id: 'quota',
  says: 'The account has spent what it may, so that a retry is of no use until someone pays or the month ends.',
  params: answerParams,
  effect: params => answerWith('quota', params),
})
