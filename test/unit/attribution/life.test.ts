import { expect, test } from 'vitest'
import { currentContext, inContext, inNoContext, isFenced, withCall } from '../../../src/attribution/attribution.ts'
import { Life } from '../../../src/attribution/life.ts'

test('code is fenced off once the life that it belongs to is over, wherever it has got to', async () => {
  const life = new Life(0, 0)
  const seen: boolean[] = []
  const work = inContext({ instance: 0, task: 't1', life }, async () => {
    seen.push(isFenced())
    await null
    await withCall('job-1', async () => {
      await null
      life.end('crash')
      seen.push(isFenced(), inNoContext(isFenced))
    })
  })
  await work

  expect(seen).toEqual([false, true, false])
  expect(isFenced()).toBe(false)
})

test('a call of its own keeps the life and the instance of the code around it', () => {
  const life = new Life(2, 1)

  expect(inContext({ instance: 2, task: 't1', life }, () => withCall('job-1', currentContext))).toEqual({
    instance: 2,
    task: 'job-1',
    life,
  })
  expect(withCall('job-1', currentContext)).toEqual({ instance: -1, task: 'job-1' })
})

test('who waits for the end of a life hears of it once, in order, and not at all once it is taken back', () => {
  const life = new Life(0, 0)
  const heard: string[] = []
  life.onEnd(by => heard.push(`first ${by}`))
  const takeBack = life.onEnd(by => heard.push(`second ${by}`))
  life.onEnd(by => heard.push(`third ${by}`))
  takeBack()

  life.end('restart')
  life.end('crash')
  expect(heard).toEqual(['first restart', 'third restart'])
  expect(life.isOver).toBe(true)
})
