import { defineFault } from '../model/fault.ts'
import { answerParams, answerWith, bodyParam } from './parts/answering.ts'

export const originError = defineFault({
  id: 'origin-error',
  says: 'The edge cannot reach or understand the origin and answers with one of its own statuses.',
  params: {
    status: {
      kind: 'number',
      says: 'Status of the edge, as Cloudflare numbers them.',
      default: 520,
      min: 520,
      max: 530,
      integer: true,
    },
    body: bodyParam(),
    ...answerParams,
  },
  effect: params => answerWith('origin-error', params),
})
