import { defineFault } from '../model/fault.ts'

export const emptyAnswer = defineFault({
  id: 'empty-answer',
  says: 'The status is 200 and there is nothing in the answer.',
  params: {
    how: {
      kind: 'choice',
      says: 'What is missing: the content of a well-formed answer, or the whole body.',
      options: ['no-content', 'no-body'],
      default: 'no-content',
    },
  },
  effect: params => ({ type: 'empty', how: params.text('how') === 'no-body' ? 'no-body' : 'no-content' }),
})
