import { beforeAll, expect, test } from 'vitest'
import { junitProblems } from '../../support/junit.ts'
import { annotationsIn, runSamples, type SampleRun } from '../../support/vitest.ts'

let run: SampleRun
beforeAll(async () => {
  run = await runSamples('test/unit/vitest/samples/misbehaving.ts')
}, 60_000)

const saying = (name: string) => run.tests.get(name)?.says ?? 'there is no such test'

test('each fails or passes as it should, and the one after it finds everything as it was', () => {
  const failed = [...run.tests].filter(([, { status }]) => status !== 'passed').map(([name]) => name)

  expect(run.tests.size).toBe(14)
  expect(failed).toEqual([
    'throws in the outage',
    'waits for what nobody lets time pass for',
    'is in the middle of a drive when it runs out of time',
    'a run that takes longer than its test',
    'a rejection that nobody saw',
    'is concurrent',
    'does not survive',
  ])
})

test('each is told what is wrong and what to do', () => {
  expect(saying('throws in the outage')).toContain('of the test itself')
  expect(saying('waits for what nobody lets time pass for')).toMatch(
    /timed out in 500ms[\s\S]*Time stood still while the test waited: a1 [\s\S]*Ask inside of one: await outage\.run\(/,
  )
  expect(saying('is in the middle of a drive when it runs out of time')).toContain('timed out in 300ms')
  expect(saying('a rejection that nobody saw')).toContain('nobody saw this in task t1')
  expect(saying('is concurrent')).toContain('Take .concurrent off')
  expect(saying('does not survive')).toMatch(
    /did not survive global-down \(seed 1\)[\s\S]*✗ settles[\s\S]*--users 6 --task t\d+\nagain: npx vitest run test/,
  )
})

test('the JUnit file is one, and has the seed of each test', async () => {
  expect(await junitProblems(run.junit)).toEqual([])
  expect(run.junit).toContain('<property name="blackstart" value="quarter, seed 3">')
  expect(run.junit).toContain('<property name="blackstart" value="global-down, seed 1">')
  expect(run.junit).toContain('did not survive global-down (seed 1)')
})

test('GitHub shows the seed and the failure where the test stands', () => {
  const annotations = annotationsIn(run.stdout)

  expect(annotations).toContainEqual({
    ...{ level: 'notice', title: 'blackstart', says: 'quarter, seed 3' },
    ...{ file: expect.stringMatching(/samples\/misbehaving\.ts$/), line: 11 },
  })
  expect(annotations.filter(({ level }) => level === 'error').map(({ title }) => title.split(' > ').at(-1))).toContain(
    'does not survive',
  )
})
