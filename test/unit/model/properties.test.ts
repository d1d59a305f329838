import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Decision } from '../../../src/model/decide.ts'
import type { FaultEntry, LimitEntry, Phase, Scenario, Track } from '../../../src/model/scenario.ts'
import { compilePlan } from '../../../src/model/timeline.ts'
import { ask, fault, ref, scenario, toys } from './support.ts'

const surfaces = ['api.messages', 'api.files', 'chat', 'login'] as const
const id = fc.constantFrom('down', 'slow', 'odd', 'cut')
const share = fc.integer({ min: 0, max: 10 }).map(n => n / 10)
const level = fc.oneof(share, fc.record({ from: share, to: share }))
const when = fc.oneof(
  fc.constant({}),
  fc.record({
    first: fc.integer({ min: 1, max: 3 }),
    per: fc.constantFrom('run' as const, 'call' as const, 'key' as const),
  }),
  fc.record({ every: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ streaming: fc.boolean() }),
)

const entryOn = (surface: fc.Arbitrary<string>): fc.Arbitrary<FaultEntry> =>
  fc
    .record({
      surface,
      id,
      other: id,
      mixed: fc.boolean(),
      share: level,
      when,
      sticky: fc.constantFrom(undefined, 'user', 'call', 'key', 'session'),
    })
    .map(({ surface, id, other, mixed, share, when, sticky }) => ({
      surface: [surface],
      ...(mixed
        ? {
            mix: [
              { fault: ref(id), share: 0.5 },
              { fault: ref(other), share: 0.3 },
            ],
          }
        : { fault: ref(id) }),
      share,
      when,
      ...(sticky && { sticky: sticky as NonNullable<FaultEntry['sticky']> }),
    }))
const entry = entryOn(fc.constantFrom(...surfaces, 'api'))

const rate = fc.integer({ min: 0, max: 30 })
const limit: fc.Arbitrary<LimitEntry> = fc.record({
  surface: fc.constantFrom(...surfaces, 'api').map(s => [s]),
  requests: fc.oneof(rate, fc.record({ from: rate, to: rate })),
  per: fc.constantFrom('key' as const, 'org' as const),
})

const forMs = fc.integer({ min: 1_000, max: 120_000 })
const phases: fc.Arbitrary<Phase[]> = fc
  .array(
    fc.record({ for: forMs, faults: fc.array(entry, { maxLength: 3 }), limits: fc.array(limit, { maxLength: 2 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map(list => list.map((one, i) => ({ name: `p${i}`, ...one })))
const outage: fc.Arbitrary<Scenario> = fc
  .record({
    phases,
    track: fc.option(entry),
    laps: fc.integer({ min: 1, max: 3 }),
    offset: fc.integer({ min: 0, max: 60_000 }),
  })
  .map(({ phases, track, laps, offset }) => {
    const [head, ...rest] = phases
    const across: Track[] = track
      ? [{ ...track, from: { phase: 'p0', offset }, until: { phase: `p${phases.length - 1}`, offset: 60_000 } }]
      : []
    return scenario(head && laps > 1 ? [{ repeat: { times: laps, phases: [head] } }, ...rest] : phases, {
      faults: across,
    })
  })

const arrivals = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 20_000 }),
    surface: fc.constantFrom(...surfaces),
    streaming: fc.boolean(),
    user: fc.integer({ min: 0, max: 3 }),
    key: fc.constantFrom('a', 'b'),
    callNumber: fc.integer({ min: 1, max: 2 }),
  }),
  { maxLength: 60 },
)
type Asked = typeof arrivals extends fc.Arbitrary<infer T> ? T : never

/** Decisions on the arrivals, `shiftMs` later. */
function play(outage: Scenario, asked: Asked, shiftMs = 0): Decision[] {
  const { at } = ask(compilePlan(outage, toys))
  const attempts = new Map<number, number>()
  let t = 0
  return asked.map(({ after, ...more }) => {
    t += after
    const attemptNumber = (attempts.get(more.user) ?? 0) + 1
    attempts.set(more.user, attemptNumber)
    return at(t + shiftMs, {
      ...more,
      session: `s${more.user}`,
      call: `c${more.user}.${more.callNumber}`,
      attemptNumber,
    })
  })
}

/** Without what names a place in the file. */
const bare = (decisions: readonly Decision[]) => decisions.map(({ entry: _, ...rest }) => rest)

test('an outage that begins later is the same outage, later', () => {
  fc.assert(
    fc.property(outage, arrivals, forMs, (outage, asked, delayMs) => {
      const later = { ...outage, phases: [{ name: 'calm', for: delayMs }, ...outage.phases] }

      expect(bare(play(later, asked, delayMs))).toEqual(bare(play(outage, asked)))
    }),
  )
})

test('in a clean world every request passes and no limit is told of', () => {
  fc.assert(
    fc.property(phases, arrivals, (phases, asked) => {
      const clean = scenario(phases.map(({ name, for: ms }) => ({ name, for: ms })))
      for (const decision of play(clean, asked))
        expect(decision).toEqual({
          effect: { type: 'pass' },
          fault: undefined,
          entry: undefined,
          limited: false,
          rateLimits: [],
        })
    }),
  )
})

test('the order of entries on surfaces of their own does not matter', () => {
  const apart = fc.tuple(...surfaces.map(surface => entryOn(fc.constant(surface)))).chain(entries =>
    fc.record({
      entries: fc.constant(entries),
      shuffled: fc.shuffledSubarray(entries, { minLength: entries.length }),
    }),
  )
  fc.assert(
    fc.property(apart, arrivals, fc.boolean(), ({ entries, shuffled }, asked, across) => {
      const span = { from: { phase: 'start', offset: 0 }, until: { phase: 'end', offset: 0 } }
      const outage = (list: readonly FaultEntry[]) =>
        across
          ? scenario([{ name: 'p', for: 3_600_000 }], { faults: list.map(one => ({ ...one, ...span })) })
          : scenario([{ name: 'p', for: 3_600_000, faults: list }])

      expect(bare(play(outage(shuffled), asked))).toEqual(bare(play(outage(entries), asked)))
    }),
  )
})

test('a fault on a surface that nobody asks for changes nothing', () => {
  fc.assert(
    fc.property(outage, arrivals, id, fc.nat(3), (outage, asked, id, where) => {
      const stray = fault(id, { surface: ['console'] })
      const phases = outage.phases.map((item, i) =>
        i === where % outage.phases.length && !('repeat' in item)
          ? { ...item, faults: [stray, ...(item.faults ?? [])] }
          : item,
      )
      const track = { ...stray, from: { phase: 'start', offset: 0 }, until: { phase: 'end', offset: 0 } }

      const more = { ...outage, phases, faults: [track, ...(outage.faults ?? [])] }

      expect(bare(play(more, asked))).toEqual(bare(play(outage, asked)))
    }),
  )
})

test('a share of nothing is no fault at all', () => {
  fc.assert(
    fc.property(outage, arrivals, (outage, asked) => {
      const phases = outage.phases.map(item =>
        'repeat' in item ? item : { ...item, faults: [fault('down', { share: 0 }), ...(item.faults ?? [])] },
      )
      // Another number among the entries of a surface draws otherwise: the added one is on a surface list of its own.
      const apart = phases.map(item =>
        'repeat' in item
          ? item
          : { ...item, faults: item.faults?.map((f, i) => (i === 0 ? { ...f, surface: ['api', 'chat'] } : f)) ?? [] },
      )
      expect(bare(play({ ...outage, phases: apart }, asked))).toEqual(bare(play(outage, asked)))
    }),
  )
})
