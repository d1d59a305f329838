import { beforeAll, expect, test } from 'vitest'
import { ambientClock } from '../../../src/clock/clock.ts'
import { faults } from '../../../src/faults/index.ts'
import { cases, type ParityCase, type Scope, scenarioOf } from './cases.ts'
import { clients } from './clients.ts'
import { allUses, asListed, type Compared, type RealEngine } from './compare.ts'
import { onMsw, type ParityEngine, type Play } from './engines.ts'
import { type Seen, tell } from './seen.ts'

/** Plays at a time over real sockets: most of each is waiting. */
const atATime = 8

interface Pair {
  readonly one: ParityCase
  readonly scope: Scope
  readonly simulated: readonly Seen[]
  readonly real: readonly Seen[]
}

const plays = cases.flatMap(one => one.scopes.map(scope => ({ one, scope })))

/** Every fault, on virtual time and on this engine, by every client: they see the same but for what is listed. */
export function holdsParity(name: RealEngine, play: ParityEngine): void {
  const pairs = new Map<string, Pair>()

  beforeAll(async () => {
    const simulated: (readonly Seen[])[] = []
    // A simulation has the globals to itself: real time begins when the last is over.
    for (const { one, scope } of plays) simulated.push(await onMsw(playOf(one, scope)))
    const real = await inParallel(plays, ({ one, scope }) => inTime(nameOf(one, scope), play(playOf(one, scope))))
    for (const [i, { one, scope }] of plays.entries())
      pairs.set(nameOf(one, scope), { one, scope, simulated: simulated[i] ?? [], real: real[i] ?? [] })
  }, 120_000)

  test.for(plays.map(({ one, scope }) => nameOf(one, scope)))('%s: an app sees what it sees in a simulation', key => {
    const { one, scope, real } = pairOf(key)
    for (const [i, { id }] of clientsOf(one).entries())
      expect
        .soft(settledRace(one, tell(seenOf(real, i))), id)
        .toBe(settledRace(one, asListed(comparedFor(one, scope, id))))
  })

  const timed = plays.filter(({ scope }) => !turns(scope))
  test.for(timed.map(({ one, scope }) => nameOf(one, scope)))('%s: it takes as long', key => {
    const { one, simulated, real } = pairOf(key)
    for (const [i, { id }] of clientsOf(one).entries()) {
      const { tookMs: virtualMs, settled: simulatedAs } = seenOf(simulated, i)
      const { tookMs, attempts, settled } = seenOf(real, i)
      // Which of them is listed, if any, the other test knows.
      if (settled !== simulatedAs) continue
      // The provider goes `speed` times as fast, the app's own backoff does not, and it is drawn anew: a quarter of half a second.
      expect.soft(tookMs, id).toBeGreaterThan(virtualMs / one.speed - 30 - 125 * (attempts.length - 1))
      expect.soft(tookMs, id).toBeLessThan(virtualMs + slackMs)
    }
  })

  test('every difference that is listed is there', () => {
    const used = new Set<string>()
    for (const { one, scope } of pairs.values())
      for (const { id } of clientsOf(one)) asListed(comparedFor(one, scope, id), use => used.add(use))

    expect(allUses(name).filter(use => !used.has(use))).toEqual([])
  })

  test('every fault is among the cases', () => {
    expect([...faults.keys()].filter(id => !cases.some(({ fault }) => fault === id))).toEqual([])
  })

  function comparedFor(one: ParityCase, scope: Scope, client: string): Compared {
    return {
      ...{ one, scope, engine: name },
      simulated(wanted) {
        const like =
          wanted === scope
            ? one
            : cases.find(
                other => other.fault === one.fault && other.params === one.params && other.scopes.includes(wanted),
              )
        if (!like) throw new Error(`${nameOf(one, wanted)} is no case`)
        const place = clientsOf(like).findIndex(({ id }) => id === client)
        return tell(seenOf(pairOf(nameOf(like, wanted)).simulated, place))
      },
    }
  }

  function pairOf(key: string): Pair {
    const pair = pairs.get(key)
    if (!pair) throw new Error(`${key} was not played`)
    return pair
  }
}

/** Whatever hangs is named. */
async function inTime<T>(name: string, work: Promise<T>): Promise<T> {
  const late = new AbortController()
  const tooLate = ambientClock.sleep(60_000, late.signal).then(() => {
    if (!late.signal.aborted) throw new Error(`${name} is not over after a minute`)
  })
  tooLate.catch(() => {})
  await Promise.race([work, tooLate])
  late.abort()
  return work
}

/** On a machine that has more to do. */
const slackMs = 8_000

function nameOf({ fault, params, timeoutMs, secure }: ParityCase, scope: Scope): string {
  const where = {
    all: 'for all',
    first: 'for the first attempt of a call',
    half: 'for a half',
    begins: 'that begins under way',
    ends: 'that ends under way',
  }[scope]
  const deadline = timeoutMs === undefined ? '' : ', with a deadline'
  return `${fault}${params === '' ? '' : ` { ${params} }`} ${where}${deadline}${secure ? ', over HTTPS' : ''}`
}

function playOf(one: ParityCase, scope: Scope): Play {
  const { timeoutMs, patienceMs, tool, maxRetries, speed, reused, secure } = one
  return {
    scenario: turnMs => scenarioOf(one, scope, turnMs),
    ...{ speed, reused, secure, turns: turns(scope) },
    calls: clientsOf(one).map(client => ({ client, timeoutMs, patienceMs, tool, maxRetries })),
  }
}

function settledRace({ isRace }: ParityCase, told: string): string {
  return isRace ? told.replace(/ (?:aborted|garbled)$/gm, ' over') : told
}

/** When that is, an engine on real time decides by what has come. */
function turns(scope: Scope): boolean {
  return scope === 'begins' || scope === 'ends'
}

/** Who plays a case, in the order of what is seen. */
function clientsOf(one: ParityCase) {
  return clients.filter(({ id }) => one.clients?.includes(id) ?? true)
}

function seenOf(all: readonly Seen[], place: number): Seen {
  const seen = all[place]
  if (!seen) throw new Error('a call was not made')
  return seen
}

/** The longest first, so that none is left alone at the end. */
async function inParallel<T extends { readonly one: ParityCase }, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const left = [...items.entries()].toSorted(([, a], [, b]) => a.one.patienceMs - b.one.patienceMs)
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (let next = left.pop(); next; next = left.pop()) results[next[0]] = await work(next[1])
    }),
  )
  return results
}
