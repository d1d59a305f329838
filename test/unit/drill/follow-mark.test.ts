import { expect, test } from 'vitest'
import { LiveTimeline } from '../../../src/drill/live-timeline.ts'
import { followMark } from '../../../src/drill/steered.ts'
import { planOf } from './support.ts'

const written = planOf('phases: [{ name: first, for: 10m }, { name: second, for: 10m }]')

test('a phase that a busy machine entered late moves nothing of what is to come', () => {
  const timeline = new LiveTimeline(written)

  const isMoved = followMark(timeline, { type: 'phase-entered', t: 9_000, phase: 'first' })

  expect(isMoved).toBe(false)
  expect(timeline.live(4 * 60_000)).toBe(4 * 60_000)
})

test('what people did moves it to the millisecond', () => {
  const timeline = new LiveTimeline(written)

  for (const [t, mark] of [
    [60_000, 'held'],
    [90_001, 'released'],
  ] as const)
    expect(followMark(timeline, { type: 'mark', t, mark })).toBe(true)

  expect(timeline.live(4 * 60_000)).toBe(4 * 60_000 + 30_001)
})
