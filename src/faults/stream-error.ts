import { defineFault } from '../model/fault.ts'
import { afterParam } from './parts/streaming.ts'

export const streamError = defineFault({
  id: 'stream-error',
  says: 'A stream that began with a 200 carries an error, and an answer that is not streamed is that error with its own status.',
  params: {
    after: afterParam,
    error: { kind: 'text', says: "Type of the error in the provider's own words.", default: 'overloaded_error' },
    message: { kind: 'text', says: "Words of the error; the provider's own when absent." },
  },
  effect: params => {
    const message = params.optionalText('message')
    return {
      type: 'stream-error',
      after: params.cutPoint('after'),
      error: params.text('error'),
      ...(message !== undefined && { message }),
    }
  },
})
