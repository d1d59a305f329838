import { expect, test } from 'vitest'
import { askerOf } from '../../../../src/cli/drill/asker.ts'
import { confirm } from '../../../../src/cli/gameday/confirm.ts'
import { askedItem, goNoGo, itemLine, type Surroundings } from '../../../../src/cli/gameday/go-no-go.ts'
import type { GameDay } from '../../../../src/model/game-day.ts'

const here: Surroundings = {
  request: { passThrough: undefined, listen: undefined },
  env: { BLACKSTART_ENVIRONMENT: 'staging' },
  isConfirmed: false,
}

const day: GameDay = {
  environment: 'staging',
  checks: [
    { test: 'caps' },
    { test: 'kill-switch' },
    { test: 'steady-state' },
    { says: 'Support knows', owner: 'lead' },
  ],
}

const look = (given: GameDay, surroundings: Partial<Surroundings> = {}) =>
  goNoGo(given, { ...here, ...surroundings }).map(({ state, why }) => `${state}: ${why}`)

test('what can be looked at is, what only a drill shows waits, and the rest is a person’s', () => {
  expect(goNoGo(day, here).map(itemLine)).toMatchInlineSnapshot(`
    [
      "  go     this is the right environment: BLACKSTART_ENVIRONMENT is staging",
      "  go     time, requests and blast radius are capped: the providers are simulated, on this machine alone: no request leaves, no key is real",
      "  …      the kill switch is reachable: tried once the drill is open",
      "  …      the steady state holds: the warm-up shows it",
      "  ?      Support knows (lead): a person has to say so",
    ]
  `)
})

test('who asks the app stands in the list, and that nobody does is a warning over which it begins', () => {
  const line = (words: { readonly client?: string; readonly command?: readonly string[] }, config: object = {}) => {
    const request = { command: words.command ?? [] }
    return itemLine(askedItem(askerOf({ request, run: { client: words.client }, config }), 4))
  }
  const start = ['npm', 'start']
  const perform = { body: { text: '{{ question }}' }, path: '/ask' }
  const nobody = /^ {2}! {6}users ask the app: nobody does, so only its own traffic will be judged/

  expect(line({ client: 'bare-sdk' })).toBe('  go     users ask the app: 4 users of bare-sdk')
  expect(line({ client: './ask.ts', command: start })).toBe('  go     users ask the app: 4 users of ./ask.ts')
  expect(line({}, { client: './ours.ts' })).toBe('  go     users ask the app: 4 users of ./ours.ts')
  expect(line({ command: start }, { app: { perform } })).toBe(
    '  go     users ask the app: 4 users, by app.perform of the config',
  )
  expect(line({ command: start })).toMatch(nobody)
  // The config’s client is the app itself, and drives no program.
  expect(line({ command: start }, { client: './ours.ts' })).toMatch(nobody)
})

test('the environment is looked at wherever the game day names one, and must be that one', () => {
  const named = { environment: 'staging' }

  expect(look(named)).toEqual(['go: BLACKSTART_ENVIRONMENT is staging'])
  expect(look({ ...named, checks: [{ test: 'environment' }] })).toHaveLength(1)
  expect(look(named, { env: { BLACKSTART_ENVIRONMENT: 'production' } })).toEqual([
    'no-go: it is held in staging, and BLACKSTART_ENVIRONMENT is production; if this is staging, set it so',
  ])
  expect(look(named, { env: {} })).toEqual([
    'no-go: it is held in staging, and BLACKSTART_ENVIRONMENT is not set; if this is staging, set it so',
  ])
  expect(look({ checks: [{ test: 'environment' }] })).toEqual([
    'no-go: the game day names none: add `environment` to it',
  ])
})

test('traffic to a real provider is capped, unless faults may befall everybody', () => {
  const through = (limits: object) => ({
    request: {
      listen: undefined,
      passThrough: { upstreams: { anthropic: 'https://api.example' }, keyFrom: {}, given: [], limits },
    },
  })
  const caps = { checks: [{ test: 'caps' }] } as const

  expect(look(caps, through({ maxRequests: 50 }))).toEqual([
    'go: faults end after these: 10% of users, 15m, 50 requests',
  ])
  expect(look(caps, through({ blastRadius: 1 }))).toEqual([
    'no-go: --blast-radius lets faults befall everybody (100% of users, 15m, 500 requests)',
  ])
})

test('without a terminal nobody is asked, and what nobody confirmed is a no-go', async () => {
  const items = await confirm(goNoGo(day, here), false)

  expect(items.filter(({ state }) => state === 'no-go').map(({ what, why }) => [what, why])).toEqual([
    [
      'Support knows (lead)',
      'there is no terminal to ask at; --console PORT waits for the facilitator, --go says that it was seen to',
    ],
  ])
  expect(look(day, { isConfirmed: true }).at(-1)).toBe('go: confirmed by --go')
})
