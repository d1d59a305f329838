import { test as plain, type TestAPI } from 'vitest'
import { refusal } from '../run/refusal.ts'
import { annotateWith } from './annotation.ts'
import { OutageOfTest } from './outage.ts'

/** What the tests of `blackstart/vitest` are given. */
export interface OutageFixtures {
  /** An outage for this test: nothing happens before `outage.start`, and nothing of it is left after the test. */
  readonly outage: OutageOfTest
}

/** Vitest's own `test`, with an `outage`. It can be extended further, like any other. */
export const test: TestAPI<OutageFixtures> = plain.extend<OutageFixtures>({
  outage: async ({ task, signal, annotate }, use) => {
    if (task.concurrent)
      throw refusal(
        'A concurrent test cannot have an outage: it takes the clock and the network of the whole thread.',
        'Take .concurrent off; files still run side by side.',
      )
    const outage = new OutageOfTest({
      signal,
      onStart: seen => annotateWith({ task, annotate }, seen),
    })
    await use(outage)
    await outage.end()
  },
})
