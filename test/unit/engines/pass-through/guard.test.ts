import { expect, test } from 'vitest'
import { Guard, type GuardEnding, type GuardOptions } from '../../../../src/engines/pass-through/guard.ts'
import { readGuard } from '../../../../src/engines/pass-through/read-guard.ts'
import { HandClock } from './hand-clock.ts'

function guard(options: Partial<GuardOptions> = {}) {
  const clock = new HandClock()
  const endings: GuardEnding[] = []
  const made = new Guard({ seed: 1, clock, blastRadius: 1, ...options })
  made.onEnd(ending => endings.push(ending))
  return { clock, guard: made, endings }
}

const user = (number: number) => ({ user: number, session: undefined, call: undefined })

test('faults reach the share of users that was allowed, each user as a whole, whoever else there is', () => {
  const { guard: some } = guard({ blastRadius: 0.1 })
  const inside = Array.from({ length: 2_000 }, (_, i) => i).filter(i => some.mayInject(user(i)))
  const again = guard({ blastRadius: 0.1 }).guard
  const [one = -1] = inside

  expect(inside.length / 2_000).toBeGreaterThan(0.08)
  expect(inside.length / 2_000).toBeLessThan(0.12)
  expect(inside.toReversed().every(i => again.mayInject({ user: i, session: `s${i}`, call: `c${i}` }))).toBe(true)
  expect(['c1', 'c2', 'c3', 'c4', 'c5'].map(call => some.mayInject({ ...user(one), call }))).not.toContain(false)
})

test('who is not known is drawn for by session, and where there is none by call', () => {
  const { guard: some } = guard({ blastRadius: 0.5 })
  const bySession = (session: string, call: string) => some.mayInject({ user: -1, session, call })
  const byCall = (call: string) => some.mayInject({ user: -1, session: undefined, call })
  const names = Array.from({ length: 40 }, (_, i) => `x${i}`)

  expect(names.map(name => bySession(name, 'c1'))).toEqual(names.map(name => bySession(name, 'c2')))
  expect(new Set(names.map(name => bySession(name, 'c1'))).size).toBe(2)
  expect(names.map(byCall)).toEqual(names.map(byCall))
  expect(new Set(names.map(byCall)).size).toBe(2)
})

test('another seed draws others', () => {
  const of = (seed: number) => {
    const { guard: some } = guard({ blastRadius: 0.5, seed })
    return Array.from({ length: 60 }, (_, i) => some.mayInject(user(i)))
  }

  expect(of(1)).toEqual(of(1))
  expect(of(1)).not.toEqual(of(2))
})

test('after its time to live a run is over, with traffic or without', async () => {
  const { clock, guard: short, endings } = guard({ ttlMs: 60_000 })

  await clock.pass(59_999)
  const before = [short.mayInject(user(1)), short.ending]
  await clock.pass(1)

  expect(before).toEqual([true, undefined])
  expect(short.mayInject(user(1))).toBe(false)
  expect(short.admit()).toBe('forward')
  expect(endings).toEqual([{ cause: 'ttl', reason: 'The run has lasted 1m, its time to live.' }])
})

test('with the last request that it may forward a run is over, and the rest goes through without faults', () => {
  const { guard: small, endings } = guard({ maxRequests: 3 })

  const first = [small.admit(), small.admit(), small.mayInject(user(1)), small.admit()]
  const rest = [small.mayInject(user(1)), small.admit(), small.admit()]

  expect(first).toEqual(['forward', 'forward', true, 'forward'])
  expect(rest).toEqual([false, 'forward', 'forward'])
  expect(small.forwarded).toBe(5)
  expect(endings).toEqual([{ cause: 'cap', reason: '3 requests were forwarded, as many as this run may.' }])
})

test('where it was asked for, nothing is forwarded beyond the cap', () => {
  const { guard: small } = guard({ maxRequests: 2, beyondCap: 'refuse' })

  expect([small.admit(), small.admit(), small.admit(), small.admit()]).toEqual([
    'forward',
    'forward',
    'refuse',
    'refuse',
  ])
  expect(small.forwarded).toBe(2)
})

test('an upstream that fails by itself too often ends the run', async () => {
  const { clock, guard: watching, endings } = guard({ stopWhen: [{ outcome: 'failed', above: 0.5, over: 60_000 }] })

  // As much as it may.
  for (const failed of [false, true, false, true, false, true]) watching.settled(failed)
  const before = watching.ending
  await clock.pass(30_000)
  watching.settled(true)

  expect(before).toBeUndefined()
  expect(watching.mayInject(user(1))).toBe(false)
  expect(endings).toEqual([
    {
      cause: 'stop-when',
      reason:
        'The upstream itself fails: 4 of 7 forwarded requests (57.1%) within 1m, without a fault of ours; the run stops above 50%.',
    },
  ])
})

test('failures that are few, or long ago, end nothing', async () => {
  const { clock, guard: watching } = guard({ stopWhen: [{ outcome: 'failed', above: 0.5, over: 60_000 }] })

  for (let i = 0; i < 4; i++) watching.settled(true)
  await clock.pass(60_001)
  for (let i = 0; i < 4; i++) watching.settled(true)

  expect(watching.ending).toBeUndefined()
})

test('what becomes of tasks is not guessed from requests', () => {
  const { guard: watching } = guard({ stopWhen: [{ outcome: 'degraded', above: 0.1, over: 60_000 }] })

  for (let i = 0; i < 20; i++) watching.settled(true)

  expect(watching.ending).toBeUndefined()
})

test('a run ends once, for the first reason', async () => {
  const { clock, guard: small, endings } = guard({ maxRequests: 1, ttlMs: 1_000 })

  small.admit()
  await clock.pass(5_000)
  const late: GuardEnding[] = []
  small.onEnd(ending => late.push(ending))

  expect(endings.map(({ cause }) => cause)).toEqual(['cap'])
  expect(late).toEqual(endings)
})

test('nobody is told of the end of a run that is closed, and no timer is left', async () => {
  const { clock, guard: closed, endings } = guard({ ttlMs: 1_000 })

  closed[Symbol.dispose]()
  await clock.pass(5_000)

  expect(endings).toEqual([])
  expect(clock.waiting).toBe(0)
})

test('a run has limits also where none were given: a tenth of the users, 500 requests, a quarter of an hour', async () => {
  const clock = new HandClock()
  const usual = new Guard({ seed: 1, clock })
  const inside = Array.from({ length: 1_000 }, (_, i) => i).filter(i => usual.mayInject(user(i))).length
  for (let i = 0; i < 499; i++) usual.admit()
  const before = usual.ending
  usual.admit()
  const timed = new Guard({ seed: 1, clock })
  await clock.pass(900_000)

  expect([inside > 70 && inside < 130, before, usual.ending?.cause, timed.ending?.cause]).toEqual([
    true,
    undefined,
    'cap',
    'ttl',
  ])
})

test('flags are read as people write them, and what was not given is left to the defaults', () => {
  expect(readGuard({ blastRadius: '10%', ttl: '1h30m', maxRequests: '50', cap: 'refuse' })).toEqual({
    blastRadius: 0.1,
    ttlMs: 5_400_000,
    maxRequests: 50,
    beyondCap: 'refuse',
  })
  expect(readGuard({ blastRadius: '0.25' })).toEqual({ blastRadius: 0.25 })
  expect(readGuard({})).toEqual({})
})

test.for([
  [{ blastRadius: '0' }, '--blast-radius 0: expected a share of the users above 0 and up to 100%.'],
  [{ blastRadius: '110%' }, '--blast-radius 110%: expected a share of the users above 0 and up to 100%.'],
  [{ blastRadius: 'all' }, '--blast-radius all: expected a share of the users above 0 and up to 100%.'],
  [{ ttl: '15' }, '--ttl 15: expected a duration such as 15m, above 0 and up to 24d.'],
  [{ ttl: '30d' }, '--ttl 30d: expected a duration such as 15m, above 0 and up to 24d.'],
  [{ maxRequests: '1e3' }, '--max-requests 1e3: expected a whole number of at least 1.'],
  [{ cap: 'refused' }, '--cap refused: expected forward or refuse, for requests beyond --max-requests.'],
] as const)('%o is turned down', ([flags, says]) => {
  expect(() => readGuard(flags)).toThrow(says)
})
