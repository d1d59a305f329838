import { expect, test } from 'vitest'
import { painter } from '../../../src/reports/paint.ts'
import { story } from '../../../src/reports/story.ts'
import { fakeResult } from '../../support/fake-result.ts'

const plain = painter(false)

test('a task is told attempt by attempt, and whether its waits were as asked', () => {
  expect(story(fakeResult(), 't5', plain)).toMatchInlineSnapshot(`
    "t5: question q7, asked by user 2 of tenant tenant-1 on instance 0, class normal, not streamed
       4:00.5  +0 ms      asked, in down
       4:00.5  +0 ms      call c5: anthropic.api.messages, claude-sonnet-4-5
       4:00.5  +0 ms        attempt a51, no. 1, in down: overloaded (phases[0].faults[0])
       4:00.5  +40 ms         status 529, retry-after 3 s
       4:00.5  +40 ms         refused with an error after 40 ms
       4:01.4  +900 ms        waited 860 ms, although 3 s was asked for
       4:01.4  +900 ms      attempt a52, no. 2, in down: overloaded (phases[0].faults[0])
       4:01.4  +940 ms        status 529, retry-after 1 s
       4:01.4  +940 ms        refused with an error after 40 ms
         4:03  +2.5 s         waited 1.6 s, as asked (1 s)
         4:03  +2.5 s       attempt a53, no. 3, in down: overloaded (phases[0].faults[0])
         4:03  +2.5 s         status 529
         4:03  +2.5 s         refused with an error after 40 ms
         4:03  +2.5 s     settled failed in down, 2.5 s after it was asked (threw InternalServerError)
    "
  `)
})

test('a task that never settled says so at the end of the run', () => {
  expect(story(fakeResult(), 't1', plain)?.trimEnd().split('\n').at(-1)).toMatchInlineSnapshot(
    `"    25:00  +25 m      never settled: still open 25 m after it was asked, when the run ended"`,
  )
})

test('an attempt and a call lead to their task', () => {
  const told = story(fakeResult(), 't5', plain)

  expect(story(fakeResult(), 'a52', plain)).toBe(told)
  expect(story(fakeResult(), 'c5', plain)).toBe(told)
})

test('a task that is not there has no story', () => {
  expect(story(fakeResult(), 't99', plain)).toBeUndefined()
})
