import { defineFault } from '../model/fault.ts'
import { afterParam } from './parts/streaming.ts'

const ends = ['fin', 'rst', 'clean'] as const

export const streamCut = defineFault({
  id: 'stream-cut',
  says: 'A good answer, streamed or not, ends early.',
  params: {
    after: afterParam,
    by: {
      kind: 'choice',
      says: 'How it ends: fin closes the connection, rst resets it, clean ends the body as if that were all.',
      options: ends,
      default: 'fin',
    },
  },
  effect: params => ({
    type: 'cut',
    after: params.cutPoint('after'),
    by: ends.find(end => end === params.text('by')) ?? 'fin',
  }),
})
