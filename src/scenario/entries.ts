import type { CapacityEntry, FaultEntry, LimitEntry, RetryAfterSpec, Track, When } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import { timeOf } from './facts.ts'
import { faultRef } from './fault-ref.ts'
import { list, oneOrList } from './lists.ts'
import { type Keys, type ObjectOptions, object, optional, required } from './object.ts'
import { instant, surfaces } from './references.ts'
import { choice, count, flag, number, text } from './scalars.ts'
import { named, type Shape } from './shape.ts'
import { entryOf } from './tree.ts'
import { duration, level, rate, share } from './units.ts'

const pattern = (what: string) => oneOrList(text(`${what} (* stands for anything)`))

const when = object<When>(
  'a condition',
  {
    model: optional('Only these models; * stands for anything.', pattern('the name of a model')),
    streaming: optional('Only streamed requests, or only the others.', flag),
    tenant: optional('Only these tenants.', pattern('the name of a tenant')),
    region: optional('Only these regions.', pattern('the name of a region')),
    key: optional('Only these credentials.', pattern('the name of a credential')),
    first: optional("Only the first N of the entry's eligible arrivals in the phase.", count),
    nth: optional('Only the Nth of them.', count),
    every: optional('Only every Nth of them.', count),
    per: optional('What is counted apart: run, call or key.', choice('run', 'call', 'key')),
  },
  { line: true },
)

type MixPart = NonNullable<FaultEntry['mix']>[number]

/** The entries of a phase's `faults`, and of the scenario's (with `from` and `until`). */
export function faultEntryShapes(catalogue: Catalogue): {
  readonly entry: Shape<FaultEntry>
  readonly track: Shape<Track>
} {
  const fault = named('fault', faultRef(catalogue))
  const part = object<MixPart>(
    'a part of a mix',
    { fault: required('What goes wrong.', fault), share: required('Its share of the hits.', share) },
    { line: true },
  )
  const keys: Keys<FaultEntry> = {
    surface: required('Where; a surface covers its parts.', surfaces(catalogue)),
    fault: optional('What goes wrong.', fault),
    mix: optional('Several faults, of which each hit gets one.', list(part, { line: true, min: 1 })),
    share: optional('Share of eligible requests that are hit; all if not said.', level(share)),
    sticky: optional('Decide once for each of these, not for each attempt.', choice('call', 'user', 'key', 'session')),
    when: optional('Which requests are eligible; all conditions must hold.', when),
  }
  const options: ObjectOptions<FaultEntry> = { line: true, exactlyOne: ['fault', 'mix'], check: checkMix }
  const trackKeys: Keys<Track> = {
    from: required('When it begins.', instant),
    until: required('When it ends.', instant),
    ...keys,
  }
  const track = object<Track>('a fault across phases', trackKeys, {
    line: true,
    exactlyOne: ['fault', 'mix'],
    check(value, node, reading) {
      checkMix(value, node, reading)
      checkOrder(value, node, reading)
    },
  })
  return { entry: named('fault-entry', object<FaultEntry>('a fault entry', keys, options)), track }
}

const checkMix: NonNullable<ObjectOptions<FaultEntry>['check']> = ({ mix }, node, reading) => {
  const sum = mix?.reduce((total, part) => total + part.share, 0) ?? 0
  // Rounding: ten parts of 10% make a little more than one.
  if (sum <= 1 + 1e-9) return
  const percent = Number((sum * 100).toPrecision(6))
  const at = entryOf(node, 'mix')?.value ?? node
  const hint = 'They are exclusive: at most 100% together; the rest of the requests pass.'
  reading.report('mix-above-one', at, `The shares of this mix make ${percent}%.`, hint)
}

const checkOrder: NonNullable<ObjectOptions<Track>['check']> = ({ from, until }, node, reading) => {
  const start = from && timeOf(from, reading.facts)
  const end = until && timeOf(until, reading.facts)
  if (start === undefined || end === undefined || end > start) return
  const at = entryOf(node, 'until')?.value ?? node
  const message = end === start ? 'This fault ends when it begins.' : 'This fault ends before it begins.'
  reading.report('track-backwards', at, message, '"until" must come after "from".')
}

const retryAfter = object<RetryAfterSpec>(
  'a retry-after',
  {
    as: required('How the header is spelled; none for no header.', choice('seconds', 'date', 'ms', 'none')),
    value: optional('Always this long; from the bucket if not said.', duration()),
  },
  {
    line: true,
    check({ as, value }, node, reading) {
      if (as !== 'none' || value === undefined) return
      const at = entryOf(node, 'value')?.keyRange ?? node
      reading.report('meaningless-key', at, '"value" means nothing with "as: none".', 'Remove one of them.')
    },
  },
)

const positive = number({ min: 1 })

/** The entries of a phase's `limits`. */
export function limitShape(catalogue: Catalogue): Shape<LimitEntry> {
  return object<LimitEntry>(
    'a limit',
    {
      surface: required('Where; a surface covers its parts.', surfaces(catalogue)),
      requests: optional('Requests allowed.', level(rate)),
      input_tokens: optional('Input tokens allowed.', level(rate)),
      output_tokens: optional('Output tokens allowed.', level(rate)),
      per: optional('Who has a bucket of their own.', choice('key', 'tenant', 'model', 'org')),
      burst: optional("Size of the bucket; one minute's worth if not said.", positive),
      retry_after: optional('The retry-after header of a refusal.', retryAfter),
    },
    { line: true, atLeastOne: ['requests', 'input_tokens', 'output_tokens'] },
  )
}

/** The entries of `capacity`. */
export function capacityShape(catalogue: Catalogue): Shape<CapacityEntry> {
  const shape = object<CapacityEntry>(
    'a capacity',
    {
      surface: required('Where; a surface covers its parts.', surfaces(catalogue)),
      slots: optional('Requests served at once; as many as come if not said.', count),
      service: optional('Mean time to serve one; 1s if not said.', duration({ min: 1 })),
      cv: optional('Coefficient of variation of that time; 1 if not said, 0 for always the same.', number({ min: 0 })),
      max_wait: optional('Longest wait for a slot; who would wait longer is turned away at once.', duration()),
      reject_cost: optional(
        'What turning one away costs, as a fraction of serving one; nothing if not said.',
        number({ min: 0 }),
      ),
      speed: optional('Speed of serving, constant or a ramp; 100% is nominal.', level(share)),
      warm_up: optional(
        'Time to full speed, from none: when a phase says so, or after faults have hit all requests.',
        duration(),
      ),
      population: optional('How many apps like this one share the slots.', positive),
      work_after_disconnect: optional('Whether work goes on for a client that left; it does if not said.', flag),
    },
    { line: true },
  )
  return named('capacity', shape)
}
