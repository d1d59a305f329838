import { defineFault } from '../model/fault.ts'

const points = ['headers', 'body', 'end'] as const

export const lostResponse = defineFault({
  id: 'lost-response',
  says: 'The provider does the work and bills it, and the response never arrives whole.',
  params: {
    at: {
      kind: 'choice',
      says: 'Where it is lost: before the headers, after them, or at the last byte.',
      options: points,
      default: 'headers',
    },
  },
  effect: params => ({ type: 'lose', at: points.find(point => point === params.text('at')) ?? 'headers' }),
})
