import { defineFault } from '../model/fault.ts'
import { lateBy } from './parts/late.ts'

export const slowFirstByte = defineFault({
  id: 'slow-first-byte',
  says: 'The answer is good and its first byte comes late.',
  params: { by: { kind: 'duration', says: 'How late the first byte comes.', default: 15_000 } },
  effect: params => lateBy(params.number('by')),
})
