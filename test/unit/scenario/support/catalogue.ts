import { pass } from '../../../../src/model/effect.ts'
import { defineFault } from '../../../../src/model/fault.ts'
import type { Params } from '../../../../src/model/param.ts'
import type { Catalogue } from '../../../../src/scenario/index.ts'

export { catalogue } from '../../../../src/run/catalogue.ts'

const oracle = (id: string, params: Params) => [id, { id, params }] as const

const oracles: Catalogue['oracles'] = new Map([
  oracle('settles', { within: { kind: 'duration', says: 'How soon every task settles.', default: 60_000 } }),
  oracle('answers', {
    at_least: { kind: 'share', says: 'Share of tasks that are answered.', default: 0.95 },
    within: { kind: 'duration', says: 'How soon.' },
  }),
  oracle('recovers', {
    surface: { kind: 'surfaces', says: 'Where.' },
    within: { kind: 'duration', says: 'How soon after it heals.', default: 120_000 },
  }),
])

const surfaces: Catalogue['surfaces'] = new Map([
  ['anthropic', ['chat', 'console', 'login', 'code', 'status', 'api', 'api.messages']],
  ['openai', ['api', 'api.responses']],
])

const toy = (id: string, params: Params = {}) =>
  [id, defineFault({ id, says: `Does ${id}.`, params, effect: () => pass })] as const

/** Not what ships: one fault that has a parameter of every kind, and one that has none. */
export const toyCatalogue: Catalogue = {
  faults: new Map([
    toy('plain'),
    toy('everything', {
      delay: { kind: 'duration', says: 'A duration.', min: 1, max: 3_600_000, default: 5_000 },
      part: { kind: 'share', says: 'A share.' },
      count: { kind: 'number', says: 'A whole number.', integer: true, min: 0, max: 10 },
      ratio: { kind: 'number', says: 'A number.', unit: 'apples' },
      loud: { kind: 'boolean', says: 'A flag.', default: false },
      words: { kind: 'text', says: 'A text.' },
      how: { kind: 'choice', says: 'A choice.', options: ['fin', 'rst'], default: 'fin' },
      after: { kind: 'cut-point', says: 'A point.' },
      headers: { kind: 'text-map', says: 'Headers.' },
      where: { kind: 'surfaces', says: 'Surfaces.' },
    }),
  ]),
  oracles,
  surfaces,
}
