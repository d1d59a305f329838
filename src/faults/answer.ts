import { defineFault } from '../model/fault.ts'

export const answer = defineFault({
  id: 'answer',
  says: 'The provider or its edge answers with exactly this.',
  params: {
    status: { kind: 'number', says: 'HTTP status.', default: 500, min: 200, max: 599, integer: true },
    headers: { kind: 'text-map', says: 'Headers, sent as they are.', default: {} },
    body: { kind: 'text', says: 'Body, sent as it is.', default: '' },
    takes: { kind: 'duration', says: 'How long the answer takes.', default: 0 },
  },
  effect: params => ({
    type: 'answer-raw',
    status: params.number('status'),
    headers: params.textMap('headers'),
    body: params.text('body'),
    ...(params.number('takes') > 0 && { afterMs: params.number('takes') }),
  }),
})
