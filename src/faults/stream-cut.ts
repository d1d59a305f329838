import { defineFault } from '../model/fault.ts'
import { afterParam } from './parts/streaming.ts'

export const streamCut = defineFault({
  id: 'stream-cut',
  says: 'A good answer, streamed or not, ends early as its connection closes.',
  params: {
    after: afterParam,
    by: {
      kind: 'choice',
      says: 'How the connection closes: politely, or with a reset.',
      options: ['fin', 'rst'],
      default: 'fin',
    },
  },
  effect: params => ({
    type: 'cut',
    after: params.cutPoint('after'),
    by: params.text('by') === 'rst' ? 'rst' : 'fin',
  }),
})
