import { expect, test } from 'vitest'
import type { Expectation } from '../../../src/model/scenario.ts'
import { narrow } from '../../../src/oracles/filter.ts'
import { failedTask, healthyTask, JournalBuilder, minute, second } from '../../support/journal-builder.ts'

function mixed(): JournalBuilder {
  const down = { name: 'down', for: minute, faults: [{ surface: ['api'], fault: { id: 'overloaded', params: {} } }] }
  const journal = new JournalBuilder(
    {
      ...{ blackstart: 1, id: 'flaps', provider: 'anthropic' },
      phases: [{ repeat: { times: 2, phases: [down, { name: 'up', for: minute }] } }],
    },
    '',
  )
  failedTask(journal, second)
  healthyTask(journal, 70 * second, { class: 'critical' })
  failedTask(journal, 130 * second, { streaming: true, tenant: 'tenant-2' })
  journal.task(190 * second).settle(191 * second, 'queued')
  journal.call(131 * second, { surface: 'api.batches' }).overloaded(131 * second)
  return journal
}

type Part = Pick<Expectation, 'during' | 'of'>

test.each<[string, Part, readonly string[], readonly string[]]>([
  ['nothing', {}, ['t1', 't2', 't3', 't4'], ['c1', 'c2', 'c3', 'c4']],
  ['a phase, all its laps', { during: ['down'] }, ['t1', 't3'], ['c1', 'c3', 'c4']],
  ['one lap', { during: ['down#2'] }, ['t3'], ['c3', 'c4']],
  ['a class', { of: { class: ['critical'] } }, ['t2'], ['c2']],
  ['a tenant', { of: { tenant: ['tenant-2'] } }, ['t3'], ['c3']],
  ['streams', { of: { streaming: true } }, ['t3'], ['c3']],
  ['a surface', { of: { surface: ['api.messages'] } }, ['t1', 't2', 't3', 't4'], ['c1', 'c2', 'c3']],
  ['a surface nobody asked', { of: { surface: ['openai.api'] } }, ['t4'], []],
  ['two conditions at once', { during: ['down'], of: { streaming: false } }, ['t1'], ['c1', 'c4']],
])('a journal narrowed to %s', (_, part, tasks, calls) => {
  const journal = mixed()
  const view = narrow(journal.view(), part, journal.plan)

  expect(view.tasks.map(({ id }) => id)).toEqual(tasks)
  expect(view.calls.map(({ id }) => id)).toEqual(calls)
  expect(view.attempts.map(({ call }) => call.id)).toEqual(calls)
})
