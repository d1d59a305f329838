import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { randomStream } from '../../src/lib/draw.ts'
import { Drill, type Moment, stubborn, withChildren } from './support.ts'

interface Instant {
  readonly when: Moment
  readonly laterMs: number
}

type Stretch = readonly [when: Moment, withinMs: number]

/** An instant of each stretch, by chance. */
function instants(seed: number, stretches: readonly Stretch[]): readonly Instant[] {
  const draw = randomStream(seed)
  return stretches.map(([when, withinMs]) => ({ when, laterMs: Math.round(draw() * withinMs) }))
}

const starting: readonly Stretch[] = [
  ['spawned', 150],
  ['spawned', 600],
  ['spawned', 1_200],
]
const underWay: readonly Stretch[] = [
  ['the program is up', 100],
  ['the warm-up has begun', 0],
  ['the warm-up has begun', 150],
  ['the outage has begun', 0],
  ['the outage has begun', 300],
  ['all is healed', 700],
]
const ending: readonly Stretch[] = [
  ['the program is asked to end', 0],
  ['the program is asked to end', 150],
  ['the journal is closed', 0],
  ['the journal is closed', 60],
]

/** Waits for the instant, at which the drill is to have come to its moment. */
async function at({ when, laterMs }: Instant, drill: Drill): Promise<void> {
  expect([when, await drill.until(when)]).toEqual([when, true])
  await Promise.race([sleep(laterMs), drill.ended])
}

test.concurrent.for(instants(1, [...starting, ...underWay, ...ending]))(
  'kill -9 of ours when $when, $laterMs ms later, leaves nothing but a journal up to its last line',
  async instant => {
    using drill = new Drill(stubborn)
    await at(instant, drill)
    drill.child.kill('SIGKILL')
    await drill.ended

    expect(await drill.leftovers()).toEqual([])
    expect(drill.written().slice(0, 1)).toEqual(drill.journal() === '' ? [] : ['run-started'])
  },
)

describe.for([
  ['SIGINT', 130, 2, underWay],
  ['SIGTERM', 143, 3, underWay.slice(0, 4)],
  ['SIGHUP', 143, 4, underWay.slice(3)],
] as const)('%s', ([signal, code, seed, stretches]) => {
  test.concurrent.for(instants(seed, starting))(
    'while it starts ($laterMs ms): ended, nothing left',
    async (instant, { expect }) => {
      using drill = new Drill(withChildren)
      await at(instant, drill)
      drill.child.kill(signal)
      const ended = await drill.ended

      // Before the first line of ours, Node ends as every program does.
      expect(ended).toEqual(ended.signal === null ? { code, signal: null } : { code: null, signal })
      expect(await drill.leftovers()).toEqual([])
      expect(drill.written().slice(-1)).toEqual(drill.journal() === '' ? [] : ['run-ended'])
    },
  )

  test.concurrent.for(instants(seed, stretches))(
    'when $when, $laterMs ms later: the journal is closed, the exit code is its own, nothing is left',
    async (instant, { expect }) => {
      using drill = new Drill(withChildren)
      await at(instant, drill)
      drill.child.kill(signal)

      expect(await drill.ended).toEqual({ code, signal: null })
      expect(await drill.leftovers()).toEqual([])
      expect(drill.written().at(-1)).toBe('run-ended')
      expect(drill.journal()).toContain('"reason":"interrupted"')
      expect(drill.said()).toContain(`INCONCLUSIVE (exit ${code}): Interrupted; clean-up is done.`)
    },
  )
})

test.concurrent.for(instants(5, ending))(
  'a drill that was over when it was interrupted ($when, $laterMs ms later) keeps its verdict',
  async (instant, { expect }) => {
    using drill = new Drill(withChildren)
    await at(instant, drill)
    drill.child.kill('SIGINT')

    expect(await drill.ended).toEqual({ code: 0, signal: null })
    expect(await drill.leftovers()).toEqual([])
    expect(drill.journal()).toContain('"reason":"complete"')
  },
)

test.concurrent.for(
  instants(
    6,
    [underWay[1], underWay[5], ending[0]].filter(one => one !== undefined),
  ),
)('a program that heeds nothing is killed after its time, with all of its own ($when)', async (instant, { expect }) => {
  using drill = new Drill(stubborn)
  await at(instant, drill)
  drill.child.kill('SIGTERM')

  expect((await drill.ended).code).toBe(instant.when === 'the program is asked to end' ? 0 : 143)
  expect(await drill.leftovers()).toEqual([])
  expect(drill.written().at(-1)).toBe('run-ended')
})

describe('a second request', () => {
  test.concurrent.for(instants(7, [...underWay.slice(0, 5), ...ending.slice(0, 1)]))(
    'ends everything at once, and nothing is left ($when, $laterMs ms later)',
    async (instant, { expect }) => {
      using drill = new Drill(stubborn)
      await at(instant, drill)
      drill.child.kill('SIGINT')
      await sleep(600)
      const askedAgain = performance.now()
      drill.child.kill('SIGINT')

      expect(await drill.ended).toEqual({ code: 130, signal: null })
      // Those who heed nothing are left the rest of five seconds otherwise.
      expect(performance.now() - askedAgain).toBeLessThan(4_000)
      expect(await drill.leftovers()).toEqual([])
      expect(drill.written()[0]).toBe('run-started')
    },
  )

  test.concurrent('that npm hands on with the first is the same one', async ({ expect }) => {
    using drill = new Drill(withChildren)
    await at({ when: 'the outage has begun', laterMs: 0 }, drill)
    drill.child.kill('SIGINT')
    await sleep(20)
    drill.child.kill('SIGINT')

    expect(await drill.ended).toEqual({ code: 130, signal: null })
    expect(drill.written().at(-1)).toBe('run-ended')
  })
})

describe('the program', () => {
  test.concurrent.for(instants(8, underWay))(
    'killed by somebody else when $when, $laterMs ms later, takes its children along and ends the drill',
    async (instant, { expect }) => {
      using drill = new Drill(stubborn)
      await at(instant, drill)
      for (const pid of drill.programs()) process.kill(pid, 'SIGKILL')
      const { code } = await drill.ended

      expect([1, 3, 6]).toContain(code)
      expect(drill.said()).toContain('killed by SIGKILL')
      expect(await drill.leftovers()).toEqual([])
      expect(drill.written().at(-1)).toBe('run-ended')
    },
  )

  test.concurrent.for(instants(9, underWay.slice(2, 5)))(
    'that leaves in good order when $when, $laterMs ms later, leaves nothing behind',
    async (instant, { expect }) => {
      using drill = new Drill(withChildren)
      await at(instant, drill)
      for (const pid of drill.programs()) process.kill(pid, 'SIGTERM')
      const { code } = await drill.ended

      expect([0, 6]).toContain(code)
      expect(drill.said()).toContain('The program ended by itself, with code 0, before the scenario did.')
      expect(await drill.leftovers()).toEqual([])
      expect(drill.written().at(-1)).toBe('run-ended')
    },
  )

  test.concurrent.for([
    [
      'ends with code 0 before it is ready',
      'sleep 1000 & exit 0',
      'The program ended before it was ready, with code 0.',
    ],
    [
      'ends with code 7 before it is ready',
      'sleep 1000 & exit 7',
      'The program ended before it was ready, with code 7.',
    ],
    [
      'is killed before it is ready',
      'sleep 1000 & kill -9 $$',
      'The program ended before it was ready, killed by SIGKILL.',
    ],
  ] as const)('%s: nothing is injected, nothing is left', async ([, script, says], { expect }) => {
    using drill = new Drill(['sh', '-c', script], { flags: ['--ready', 'log:never'] })

    expect((await drill.ended).code).toBe(3)
    expect(drill.said()).toContain(says)
    expect(await drill.leftovers()).toEqual([])
    expect(drill.written()).toEqual(['run-started', 'run-ended'])
  })

  test.concurrent.for(['SIGINT', 'SIGKILL'] as const)(
    'that is never ready is not in the way of %s',
    async (signal, { expect }) => {
      using drill = new Drill(withChildren, { flags: ['--ready', 'log:never'] })
      await at({ when: 'the program is up', laterMs: 300 }, drill)
      drill.child.kill(signal)

      expect((await drill.ended).code).toBe(signal === 'SIGINT' ? 130 : null)
      expect(await drill.leftovers()).toEqual([])
      expect(drill.written()).not.toContain('phase-entered')
    },
  )
})

describe('without a program', () => {
  test.concurrent.for(
    instants(10, [
      ['addresses are told', 0],
      ['the outage has begun', 200],
      ['all is healed', 500],
    ]),
  )('kill -9 when $when, $laterMs ms later, leaves no port open', async (instant, { expect }) => {
    using drill = new Drill([])
    await at(instant, drill)
    drill.child.kill('SIGKILL')
    await drill.ended

    expect(await drill.leftovers()).toEqual([])
    expect(drill.written()[0]).toBe('run-started')
  })

  test.concurrent('Ctrl-C ends it, and the control file goes with it', async ({ expect }) => {
    using drill = new Drill([], { flags: ['--control-file', 'control.json'] })
    await at({ when: 'the outage has begun', laterMs: 0 }, drill)
    expect(await drill.leftovers(0)).toContain('file control.json')
    drill.child.kill('SIGINT')

    expect(await drill.ended).toEqual({ code: 130, signal: null })
    expect(await drill.leftovers()).toEqual([])
  })

  test.concurrent('kill -9 takes the control file, which has a token in it', async ({ expect }) => {
    using drill = new Drill([], { flags: ['--control-file', 'control.json'] })
    await at({ when: 'the outage has begun', laterMs: 0 }, drill)
    drill.child.kill('SIGKILL')
    await drill.ended

    expect(await drill.leftovers()).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')('the terminal', () => {
  test.concurrent.for(['\u0003', 'q'])('is as it was after the key %j', async (key, { expect }) => {
    using drill = new Drill(withChildren, { terminal: true })
    await at({ when: 'the outage has begun', laterMs: 50 }, drill)
    drill.child.stdin?.write(key)

    expect((await drill.ended).code).toBe(130)
    const [before, after, ...more] = drill.said().match(/^[0-9a-f]+(?::[0-9a-f]+){8,}/gm) ?? []
    expect([after, more]).toEqual([before, []])
    expect(before).toBeDefined()
    expect(await drill.leftovers()).toEqual([])
  })

  test.concurrent('that is closed takes the drill along', async ({ expect }) => {
    using drill = new Drill(withChildren, { terminal: true })
    await at({ when: 'the outage has begun', laterMs: 50 }, drill)
    drill.child.kill('SIGKILL')
    await drill.ended

    expect(await drill.leftovers()).toEqual([])
    expect(drill.written().at(-1)).toBe('run-ended')
  })
})
