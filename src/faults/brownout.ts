import { defineFault } from '../model/fault.ts'
import { lateBy } from './parts/late.ts'
import { lognormal } from './parts/lognormal.ts'

export const brownout = defineFault({
  id: 'brownout',
  says: 'Every answer is good and late by a lognormal time: most by a little, a few by very much.',
  params: {
    median: { kind: 'duration', says: 'Half of the answers are later than this.', default: 2_000, min: 1 },
    p99: {
      kind: 'duration',
      says: 'One answer in a hundred is later than this; never less than the median.',
      default: 20_000,
      min: 1,
    },
  },
  effect: (params, { draw }) => {
    const median = params.number('median')
    const p99 = Math.max(median, params.number('p99'))
    return lateBy(Math.round(lognormal(median, p99, draw('brownout-radius'), draw('brownout-angle'))))
  },
})
