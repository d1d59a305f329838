import fc from 'fast-check'
import {
  type GameDay,
  type Inject,
  injectKinds,
  responderMarks,
  type Slo,
  testedChecks,
} from '../../../../src/model/game-day.ts'
import type {
  AnswerCall,
  AnswerEntry,
  CapacityEntry,
  ClientEvent,
  Expectation,
  FaultEntry,
  FaultRef,
  Instant,
  Json,
  Level,
  LimitEntry,
  Phase,
  RecordedResponse,
  Scenario,
  Track,
} from '../../../../src/model/scenario.ts'

/** A record of which the `required` keys are always there; the others may be absent, never `undefined`. */
const partial = <T extends object, K extends keyof T = never>(
  shapes: { [P in keyof T]-?: fc.Arbitrary<Exclude<T[P], undefined>> },
  required: readonly K[] = [],
): fc.Arbitrary<T> => fc.record(shapes, { requiredKeys: [...required] }) as unknown as fc.Arbitrary<T> // the same type, spelled by hand

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('off', 'a: b', '- x', '#1', '50%', 'true', '<<', 'two\nlines'),
)
const name = fc.stringMatching(/^[a-z]{1,6}(-[a-z0-9]{1,4})?$/)
const ms = (min = 0) =>
  fc.oneof(
    fc.integer({ min, max: 10_000 }),
    fc.integer({ min: Math.max(1, Math.ceil(min / 1_000)), max: 600 }).map(n => n * 1_000),
  )
const share = fc.oneof(
  fc.integer({ min: 0, max: 100 }).map(n => n / 100),
  fc.double({ min: 0, max: 1, noNaN: true }).map(positiveZero),
)
const rate = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }),
  fc.integer({ min: 1, max: 500 }).map(n => n / 60),
  fc.double({ min: 0, max: 1e300, noNaN: true }).map(positiveZero),
)
const count = fc.integer({ min: 1, max: 1_000 })
const level = (of: fc.Arbitrary<number>): fc.Arbitrary<Level> => fc.oneof(of, fc.record({ from: of, to: of }))
const some = <T>(of: fc.Arbitrary<T>, minLength = 0) => fc.array(of, { minLength, maxLength: 3 })
const json: fc.Arbitrary<Json> = fc
  .jsonValue({ maxDepth: 2 })
  .map(value => JSON.parse(JSON.stringify(value).replaceAll('__proto__', 'x')))
const notes = fc.dictionary(
  text.filter(key => key !== '__proto__'),
  json,
  { maxKeys: 3, noNullPrototype: true },
)
const surface = some(fc.constantFrom('api', 'api.messages', 'chat', 'anthropic.login', 'openai.api', 'vector-store'), 1)
const cutPoint = fc.oneof(
  fc.record({ events: fc.nat() }),
  fc.record({ bytes: fc.nat() }),
  fc.record({ ms: ms() }),
  fc.record({ inside: fc.constantFrom('frame' as const, 'code-point' as const, 'tool-json' as const) }),
)

const fault: fc.Arbitrary<FaultRef> = fc.oneof(
  fc.constant({ id: 'plain', params: {} }),
  partial<Record<string, Json>>({
    delay: ms(1),
    part: share,
    count: fc.integer({ min: 0, max: 10 }),
    ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
    loud: fc.boolean(),
    words: text,
    how: fc.constantFrom('fin', 'rst'),
    after: cutPoint,
    headers: fc.dictionary(name, text, { maxKeys: 3, noNullPrototype: true }),
    where: surface,
  }).map(params => ({ id: 'everything', params })),
)

const entryKeys = {
  surface,
  share: level(share),
  sticky: fc.constantFrom('call' as const, 'user' as const, 'key' as const, 'session' as const),
  when: partial<NonNullable<FaultEntry['when']>>({
    model: some(text, 1),
    streaming: fc.boolean(),
    tenant: some(text, 1),
    region: some(text, 1),
    key: some(text, 1),
    first: count,
    nth: count,
    every: count,
    per: fc.constantFrom('run', 'call', 'key'),
  }),
}
const mix = some(fc.record({ fault, share: fc.integer({ min: 0, max: 33 }).map(n => n / 100) }), 1)
type Plain = Omit<FaultEntry, 'fault' | 'mix'>
const entry: fc.Arbitrary<FaultEntry> = fc
  .tuple(partial<Plain, 'surface'>(entryKeys, ['surface']), fc.oneof(fc.record({ fault }), fc.record({ mix })))
  .map(([rest, what]) => ({ ...rest, ...what }))

const limit: fc.Arbitrary<LimitEntry> = fc
  .tuple(
    partial<Omit<LimitEntry, 'requests'>, 'surface'>(
      {
        surface,
        input_tokens: level(rate),
        output_tokens: level(rate),
        per: fc.constantFrom('key', 'tenant', 'model', 'org'),
        burst: count,
        retry_after: fc.oneof(
          fc.constant({ as: 'none' as const }),
          partial<NonNullable<LimitEntry['retry_after']>, 'as'>(
            { as: fc.constantFrom('seconds', 'date', 'ms'), value: ms() },
            ['as'],
          ),
        ),
      },
      ['surface'],
    ),
    level(rate),
  )
  .map(([rest, requests]) => ({ ...rest, requests }))

const capacity: fc.Arbitrary<CapacityEntry> = partial<CapacityEntry, 'surface'>(
  {
    surface,
    slots: count,
    service: ms(1),
    cv: fc.double({ min: 0, max: 5, noNaN: true }).map(positiveZero),
    max_wait: ms(),
    reject_cost: share,
    speed: level(share),
    warm_up: ms(),
    population: count,
    work_after_disconnect: fc.boolean(),
  },
  ['surface'],
)

const phaseBody = partial<Omit<Phase, 'name'>, 'for'>(
  { for: ms(1), note: text, faults: some(entry), limits: some(limit), capacity: some(capacity) },
  ['for'],
)

/** Names are given afterwards, so that none comes twice and instants can refer to them. */
const phases = fc
  .array(fc.oneof(phaseBody, fc.record({ times: fc.integer({ min: 1, max: 5 }), phases: some(phaseBody, 1) })), {
    maxLength: 4,
  })
  .map(items => {
    let number = 0
    const named = (body: Omit<Phase, 'name'>): Phase => ({ name: `phase-${++number}`, ...body })
    const built = items.map(item =>
      'times' in item ? { repeat: { times: item.times, phases: item.phases.map(named) } } : named(item),
    )
    const names = built.flatMap(item =>
      'repeat' in item
        ? item.repeat.phases.flatMap(({ name }) => [name, ...(item.repeat.times > 1 ? [`${name}#2`] : [])])
        : [item.name],
    )
    return { built, names }
  })

const whenAmong = (names: readonly string[]): fc.Arbitrary<Instant> =>
  fc.record({
    phase: fc.constantFrom('start', 'end', ...names),
    offset: fc.oneof(
      ms(),
      ms(1).map(n => -n),
    ),
  })

const track: fc.Arbitrary<Track> = fc.tuple(entry, ms(), ms(1)).map(([rest, from, length]) => ({
  ...rest,
  from: { phase: 'start', offset: from },
  until: { phase: 'start', offset: from + length },
}))

const event = (at: fc.Arbitrary<Instant>): fc.Arbitrary<ClientEvent> =>
  fc
    .tuple(
      at,
      fc.oneof(
        fc.record({
          restart: fc.oneof(
            fc.constant(true as const),
            partial<{ instances?: number; apart?: number }>({ instances: count, apart: ms() }),
          ),
        }),
        fc.record({
          crash: fc.oneof(fc.constant(true as const), partial<{ instances?: number }>({ instances: count })),
        }),
        fc.record({ offline: ms(1) }),
        fc.record({ scale: fc.record({ instances: count }) }),
        fc.record({ traffic: rate }),
      ),
    )
    .map(([at, what]) => ({ at, ...what }))

const expectation = (names: readonly string[]): fc.Arbitrary<Expectation> => {
  const scope = partial<NonNullable<Expectation['of']>>({
    surface,
    class: some(text, 1),
    tenant: some(text, 1),
    streaming: fc.boolean(),
  })
  const about = partial<Pick<Expectation, 'during' | 'of'>>({
    during: names.length > 0 ? some(fc.constantFrom(...names), 1) : fc.constant([]),
    of: scope,
  }).map(({ during, ...rest }) => (during?.length ? { during, ...rest } : rest))
  const named = (oracle: string, params: fc.Arbitrary<Record<string, Json>>): fc.Arbitrary<Expectation> =>
    fc
      .tuple(params, about)
      .map(([params, rest]) => ({ oracle, ...(Object.keys(params).length > 0 && { params }), ...rest }))
  return fc.oneof(
    fc.constantFrom({ oracle: 'settles' }, { oracle: 'answers', off: true as const }),
    named('settles', partial<Record<string, Json>>({ within: ms() })),
    named('answers', partial<Record<string, Json>>({ at_least: share, within: ms() })),
    named('recovers', partial<Record<string, Json>>({ surface, within: ms() })),
  )
}

const answer: fc.Arbitrary<AnswerEntry> = fc
  .tuple(
    partial<Pick<AnswerEntry, 'when' | 'times' | 'marks'>>({
      when: partial<NonNullable<AnswerEntry['when']>>({
        question: some(text, 1),
        contains: text,
        model: some(text, 1),
        surface,
      }),
      times: count,
      marks: fc.boolean(),
    }),
    fc.oneof(
      fc.record({ says: text }),
      fc.record({ calls: some(partial<AnswerCall, 'tool'>({ tool: text, input: json }, ['tool']), 1) }),
      fc.record({ json }),
      fc.record({
        response: partial<RecordedResponse, 'body'>(
          {
            status: fc.integer({ min: 200, max: 599 }),
            headers: fc.dictionary(name, text, { noNullPrototype: true }),
            body: json,
          },
          ['body'],
        ),
      }),
    ),
  )
  .map(([about, what]) => ({ ...about, ...what }))

const componentStatus = fc.constantFrom(
  'operational' as const,
  'degraded_performance' as const,
  'partial_outage' as const,
  'major_outage' as const,
  'under_maintenance' as const,
)

/** Any scenario over the toy catalogue, with every key the format has. */
export const scenarioArbitrary: fc.Arbitrary<Scenario> = phases.chain(({ built, names }) => {
  const at = whenAmong(names)
  return partial<Scenario, 'blackstart' | 'id' | 'provider' | 'phases' | 'surfaces'>(
    {
      blackstart: fc.constant(1 as const),
      id: name,
      title: text,
      provider: fc.constantFrom('anthropic'),
      seed: fc.maxSafeNat(),
      basis: partial({ precedent: text, sources: some(text), facts: some(text), assumed: some(text) }),
      tags: some(name),
      needs: partial({ client: text }),
      surfaces: fc.record({
        'vector-store': fc.constant({ tcp: 'db.local:6333' }),
        search: fc.constantFrom({ http: { host: 'search.test', path: '/v1', port: 8080 } }, { http: { path: '/a b' } }),
      }),
      capacity: some(capacity),
      phases: fc.constant(built),
      faults: some(track),
      status_page: some(
        partial<NonNullable<Scenario['status_page']>[number], 'at'>(
          {
            at,
            name: text,
            says_at: at,
            incident: fc.constantFrom('investigating', 'identified', 'monitoring', 'resolved', 'postmortem'),
            components: fc.dictionary(fc.constantFrom('chat', 'api'), componentStatus, { noNullPrototype: true }),
            says: text,
            impact: fc.constantFrom('none', 'minor', 'major', 'critical'),
            page: fc.constantFrom('up', 'unreachable', 'slow'),
            retracts: fc.boolean(),
          },
          ['at'],
        ),
      ),
      answers: fc.oneof(some(answer), fc.record({ from: text })),
      tokens: partial({ lifetime: ms(1_000) }),
      events: some(event(at)),
      workload: partial<NonNullable<Scenario['workload']>>({
        users: count,
        instances: count,
        tenants: count,
        questions: count,
        tasks: count,
        think: ms(1),
        arrivals: level(rate),
        streaming: share,
        critical: share,
        sessions: partial({ turns: count, tools: fc.boolean() }),
        jobs: partial({ share }),
        spikes: some(fc.record({ at, tasks: count })),
      }),
      steady_state: partial({ for: ms(), at_least: share, within: ms() }),
      stop_when: some(
        fc.record({
          outcome: fc.constantFrom('failed' as const, 'degraded' as const, 'queued' as const),
          above: share,
          over: ms(1),
        }),
      ),
      expect: some(expectation(names)),
      matrix: fc.dictionary(name, some(json, 1), { maxKeys: 3, noNullPrototype: true }),
      game_day: partial<GameDay>({
        objectives: some(text),
        hypothesis: text,
        environment: text,
        roles: fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), some(text, 1), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
        checks: some(
          fc.oneof(
            fc.record({ test: fc.constantFrom(...testedChecks) }),
            fc.record({ says: text, owner: text }, { requiredKeys: ['says'] }),
          ),
        ),
        injects: some(
          fc
            .tuple(
              at,
              fc.constantFrom(...injectKinds),
              text,
              partial<Pick<Inject, 'from' | 'to' | 'expect'>>({ from: text, to: text, expect: text }),
            )
            .map(([when, kind, says, more]): Inject => ({ ...more, at: when, [kind]: says })),
        ),
        actions: some(
          fc.record(
            { says: text, by: at, owner: text, mark: fc.constantFrom(...responderMarks) },
            { requiredKeys: ['says'] },
          ),
        ),
        measures: some(
          fc.oneof(
            fc.record({ says: text }),
            fc.record({ says: text, mark: fc.constantFrom(...responderMarks), within: ms(1) }),
          ),
        ),
        slo: partial<Slo, 'availability'>(
          { availability: share, over: ms(1), credits: some(fc.record({ below: share, credit: share })) },
          ['availability'],
        ),
        notes,
      }),
      found: partial<NonNullable<Scenario['found']>, 'oracle' | 'verdict'>(
        {
          oracle: name,
          verdict: fc.constantFrom('pass', 'fail', 'inconclusive'),
          journal_hash: text,
          provenance: notes,
        },
        ['oracle', 'verdict'],
      ),
    },
    ['blackstart', 'id', 'provider', 'phases', 'surfaces'],
  )
})

/** JSON has no -0 worth telling apart, and neither has the format. */
function positiveZero(value: number): number {
  return value + 0
}
