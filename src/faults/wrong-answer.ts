import { defineFault } from '../model/fault.ts'

export const wrongAnswer = defineFault({
  id: 'wrong-answer',
  says: 'The answer is well-formed and belongs to a question that someone else asked.',
  params: {},
  effect: () => ({ type: 'wrong' }),
})
