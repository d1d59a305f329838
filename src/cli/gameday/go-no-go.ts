import { guardDefaults } from '../../engines/pass-through/guard.ts'
import { formatDuration } from '../../lib/duration.ts'
import type { Check, GameDay, TestedCheck } from '../../model/game-day.ts'
import { count, percent, plural } from '../../reports/text.ts'
import type { Asker } from '../drill/asker.ts'
import type { DrillRequest } from '../drill/request.ts'

/** One item of the go/no-go list, looked at. */
export interface Item {
  readonly what: string
  /** `later`: it is looked at once the drill is open. `warning`: it begins all the same. */
  readonly state: 'go' | 'no-go' | 'later' | 'ask' | 'warning'
  /** What was seen. */
  readonly why: string
}

/** What the list is looked at with. */
export interface Surroundings {
  readonly request: Pick<DrillRequest, 'passThrough' | 'listen'>
  readonly env: Readonly<Record<string, string | undefined>>
  /** `--go`: somebody has ticked off what a person must. */
  readonly isConfirmed: boolean
}

const tested: Readonly<Record<TestedCheck, string>> = {
  'steady-state': 'the steady state holds',
  'kill-switch': 'the kill switch is reachable',
  environment: 'this is the right environment',
  caps: 'time, requests and blast radius are capped',
}

/** The list, as far as it can be looked at before anything is opened. An environment that is named is always looked at. */
export function goNoGo(day: GameDay, surroundings: Surroundings): readonly Item[] {
  const { checks = [], environment } = day
  const isListed = checks.some(({ test }) => test === 'environment')
  const own: readonly Check[] = environment !== undefined && !isListed ? [{ test: 'environment' }, ...checks] : checks
  return own.map(check => itemOf(check, day, surroundings))
}

function itemOf({ test, says = '', owner }: Check, day: GameDay, surroundings: Surroundings): Item {
  if (test === undefined) {
    const what = owner === undefined ? says : `${says} (${owner})`
    return surroundings.isConfirmed
      ? { what, state: 'go', why: 'confirmed by --go' }
      : { what, state: 'ask', why: 'a person has to say so' }
  }
  const what = tested[test]
  switch (test) {
    case 'steady-state':
      return { what, state: 'later', why: 'the warm-up shows it' }
    case 'kill-switch':
      return { what, state: 'later', why: 'tried once the drill is open' }
    case 'environment':
      return { what, ...environmentOf(day, surroundings) }
    case 'caps':
      return { what, ...capsOf(surroundings) }
  }
}

type Seen = Pick<Item, 'state' | 'why'>

function environmentOf({ environment }: GameDay, { env }: Surroundings): Seen {
  const here = env['BLACKSTART_ENVIRONMENT']
  if (environment === undefined) return { state: 'no-go', why: 'the game day names none: add `environment` to it' }
  if (here === environment) return { state: 'go', why: `BLACKSTART_ENVIRONMENT is ${here}` }
  const is = here === undefined || here === '' ? 'not set' : here
  return {
    state: 'no-go',
    why: `it is held in ${environment}, and BLACKSTART_ENVIRONMENT is ${is}; if this is ${environment}, set it so`,
  }
}

function capsOf({ request: { passThrough, listen } }: Surroundings): Seen {
  const reach = listen === undefined ? 'on this machine alone' : `at ${listen}`
  if (!passThrough)
    return { state: 'go', why: `the providers are simulated, ${reach}: no request leaves, no key is real` }
  const { blastRadius, ttlMs, maxRequests } = { ...guardDefaults, ...passThrough.limits }
  const caps = `${percent(blastRadius)} of users, ${formatDuration(ttlMs)}, ${count(maxRequests)} requests`
  return blastRadius < 1
    ? { state: 'go', why: `faults end after these: ${caps}` }
    : { state: 'no-go', why: `--blast-radius lets faults befall everybody (${caps})` }
}

/** Whether anybody asks the app: after two hours it would be too late to say so. */
export function askedItem(asker: Asker, users: number): Item {
  const what = 'users ask the app'
  switch (asker.type) {
    case 'module':
      return { what, state: 'go', why: `${plural(users, 'user')} of ${asker.specifier}` }
    case 'config':
      return { what, state: 'go', why: `${plural(users, 'user')}, by app.perform of the config` }
    case 'nobody':
      return {
        ...{ what, state: 'warning' },
        why: 'nobody does, so only its own traffic will be judged, and the scorecard cannot say what users got; --client MODULE, or app.perform in the config, asks it',
      }
  }
}

/** Items in columns, for people. */
export function itemLine({ what, state, why }: Item): string {
  const mark = { go: 'go   ', 'no-go': 'NO-GO', later: '…    ', ask: '?    ', warning: '!    ' }[state]
  return `  ${mark}  ${what}: ${why}`
}
