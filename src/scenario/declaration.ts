import type {
  Basis,
  Found,
  OwnSurface,
  Scenario,
  SteadyStateSpec,
  StopCondition,
  TokensSpec,
} from '../model/scenario.ts'
import { answersShape } from './answers.ts'
import type { Catalogue } from './catalogue.ts'
import { capacityShape, faultEntryShapes, limitShape } from './entries.ts'
import { expectation } from './expectation.ts'
import { gameDay } from './game-day.ts'
import { clientEvent, statusUpdate, workload } from './happenings.ts'
import { json, list, record } from './lists.ts'
import { defaulted, object, optional, required } from './object.ts'
import { phaseItem } from './phases.ts'
import { choice, didYouMean, id, literal, number, text } from './scalars.ts'
import { named, type Shape } from './shape.ts'
import { describe } from './tree.ts'
import { duration, share, textOf } from './units.ts'

/** The scenario format, version 1, whole: the one declaration behind parser, printer and JSON Schema. */
export function scenarioShape(catalogue: Catalogue): Shape<Scenario> {
  const known = shapes.get(catalogue)
  if (known) return known
  const shape = buildShape(catalogue)
  shapes.set(catalogue, shape)
  return shape
}

/** Building one takes about as long as reading a file with it. */
const shapes = new WeakMap<Catalogue, Shape<Scenario>>()

function buildShape(catalogue: Catalogue): Shape<Scenario> {
  const faults = faultEntryShapes(catalogue)
  const capacity = capacityShape(catalogue)
  const phase = { faults: faults.entry, limits: limitShape(catalogue), capacity }
  return object<Scenario>('a scenario', {
    blackstart: required('Version of the scenario format: 1.', version),
    id: required('The only name of the scenario, in kebab-case.', id('an id')),
    title: optional('What happens, for people.', text()),
    provider: defaulted('Whose surfaces the bare names are.', provider(catalogue), 'anthropic'),
    seed: optional('Seed of all chance; --seed wins.', number({ integer: true, min: 0 })),
    basis: optional('What the scenario rests on.', basis),
    tags: optional('Words to choose scenarios by.', list(id('a tag'), { line: true })),
    needs: optional('What must be there to run it.', needs),
    surfaces: optional('Surfaces of your own, by name.', record('surfaces', ownSurface, { pattern: surfacePattern })),
    capacity: optional('How the provider reacts to load, in every phase.', list(capacity)),
    phases: required('What happens, one stretch of time after the other.', list(phaseItem(phase))),
    faults: optional('Faults across phases; tried before those of the phases.', list(faults.track)),
    status_page: optional('What the status page says, and when.', list(statusUpdate)),
    answers: optional('What the model says in place of its own words.', answersShape(catalogue)),
    tokens: optional('The access tokens that `login` hands out.', tokens),
    events: optional('What happens to the app meanwhile.', list(clientEvent)),
    workload: optional('What the app is asked to do.', workload),
    steady_state: optional('The healthy warm-up before the first phase.', steadyState),
    stop_when: optional('Ends the run early.', list(stopCondition)),
    expect: optional('What a sound app does, beyond the defaults.', list(named('expectation', expectation(catalogue)))),
    matrix: optional(
      'Variants to run, as a cross product: values by the path of what they replace.',
      record('variants', list(json, { line: true, min: 1 })),
    ),
    game_day: optional('An exercise with people.', gameDay),
    found: optional('Where the scenario comes from, when a search found it.', found),
  })
}

const surfacePattern = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/

const version = literal(1, (node, reading) => {
  const hint = 'This blackstart reads version 1. Write: blackstart: 1'
  reading.report('unsupported-version', node, `Expected format version 1, found ${describe(node)}.`, hint)
})

function provider(catalogue: Catalogue): Shape<string> {
  const plain = text('the name of a provider')
  return {
    ...plain,
    read(node, path, reading) {
      const name = plain.read(node, path, reading)
      if (name === undefined || catalogue.surfaces.has(name)) return name
      const known = [...catalogue.surfaces.keys()]
      const hint = didYouMean(node, known) ?? `Known providers: ${known.join(', ')}.`
      reading.report('unknown-provider', node, `There is no provider "${textOf(node)}".`, hint)
      return undefined
    },
    schema: () => ({ type: 'string', examples: [...catalogue.surfaces.keys()], default: 'anthropic' }),
  }
}

const basis = object<Basis>('the basis', {
  precedent: optional('The incident it retells.', text()),
  sources: optional('Where that is documented.', list(text())),
  facts: optional('What is documented.', list(text())),
  assumed: optional('What nobody published and this file made up.', list(text())),
})

const needs = object<NonNullable<Scenario['needs']>>(
  'the needs',
  { client: optional('A capability or the name of the client module.', text()) },
  { line: true },
)

const port = number({ integer: true, min: 1, max: 65_535 })

/** Toxiproxy takes any number for a port, and fails on it under way. */
const tcpAddress = /^[^\s/]+:(?:[1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/

const ownSurface = object<OwnSurface>(
  'a surface',
  {
    http: optional(
      'Recognised by host, path or port.',
      object<NonNullable<OwnSurface['http']>>(
        'an HTTP address',
        {
          host: optional('Host name, without a port.', text('a host name', { pattern: /^[^\s/:]+$/ })),
          path: optional('Beginning of the path.', text('a path that begins with /', { pattern: /^\// })),
          port: optional('Port.', port),
        },
        { line: true, atLeastOne: ['host', 'path', 'port'] },
      ),
    ),
    tcp: optional(
      'Address of any TCP service.',
      text('an address such as db.local:5432', { pattern: tcpAddress, hint: 'Its port is from 1 to 65535.' }),
    ),
  },
  { line: true, exactlyOne: ['http', 'tcp'] },
)

const tokens = object<TokensSpec>(
  'the tokens',
  { lifetime: optional('How long each is good for; an hour if not said.', duration({ min: 1_000 })) },
  { line: true },
)

export const steadyState = object<SteadyStateSpec>(
  'the steady state',
  {
    for: optional('Length of the warm-up; 2 minutes if not said.', duration()),
    at_least: optional('Share of its tasks that must settle well; 95% if not said.', share),
    within: optional('How soon they must settle.', duration()),
  },
  { line: true },
)

export const stopCondition = object<StopCondition>(
  'a stop condition',
  {
    outcome: required('Which outcome is watched.', choice('failed', 'degraded', 'queued')),
    above: required('Share of tasks above which the run stops.', share),
    over: required('Length of the window that is looked at.', duration({ min: 1 })),
  },
  { line: true },
)

const found = object<Found>('the finding', {
  oracle: required('The oracle that failed.', id('an oracle')),
  verdict: required('The verdict then.', choice('pass', 'fail', 'inconclusive')),
  journal_hash: optional('Hash of the journal then.', text()),
  provenance: optional('How it was found.', record('notes', json)),
})
