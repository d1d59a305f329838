import { defineFault } from '../model/fault.ts'
import { afterParam } from './parts/streaming.ts'

export const streamStall = defineFault({
  id: 'stream-stall',
  says: 'A good answer, streamed or not, stops moving while its connection stays open.',
  params: {
    after: afterParam,
    for: { kind: 'duration', says: 'How long it stands still; for good when absent.' },
    pings: { kind: 'boolean', says: 'Whether a stream carries pings meanwhile.', default: false },
  },
  effect: params => {
    const forMs = params.optionalNumber('for')
    return {
      type: 'stall',
      after: params.cutPoint('after'),
      pings: params.flag('pings'),
      ...(forMs !== undefined && { forMs }),
    }
  },
})
