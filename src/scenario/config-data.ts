import { UsageError } from '../lib/errors.ts'
import type { Accepted } from '../model/accepted.ts'
import type { AppSpec } from '../model/app.ts'
import type { AnswerEntry, Json, SteadyStateSpec, StopCondition, WorkloadSpec } from '../model/scenario.ts'
import { checkAddresses } from '../providers/for-run.ts'
import { answerEntry } from './answers.ts'
import { appShape } from './app-shape.ts'
import type { Catalogue } from './catalogue.ts'
import { steadyState, stopCondition } from './declaration.ts'
import type { Diagnostic } from './diagnostic.ts'
import { gatherFacts } from './facts.ts'
import { oneOfMany } from './fault-ref.ts'
import { workload } from './happenings.ts'
import { json, list, record } from './lists.ts'
import { object, optional, required } from './object.ts'
import { paramKeys } from './params.ts'
import { openReport, TooManyProblems } from './reading.ts'
import { count, flag, number, text } from './scalars.ts'
import { type Shape, written } from './shape.ts'
import type { Node } from './tree.ts'
import { treeOfValue } from './value-tree.ts'

/** What a config says that is data, in the units of a scenario; spelled with a scenario's words. */
export interface ConfigData {
  readonly client?: string
  readonly app?: AppSpec
  readonly seed?: number
  readonly users?: number
  readonly instances?: number
  readonly workload?: WorkloadSpec
  readonly steady_state?: SteadyStateSpec
  readonly stop_when?: readonly StopCondition[]
  readonly thresholds?: Readonly<Record<string, Threshold>>
  readonly addresses?: Readonly<Record<string, string>>
  readonly answers?: ConfigAnswers
  readonly answers_from?: string
  readonly scenarios?: readonly string[]
  readonly tags?: readonly string[]
  readonly jobs?: number
  readonly out?: string
  readonly reports?: readonly string[]
  readonly accepted?: readonly Accepted[]
}

/** Parameters of an oracle in every scenario, or that it is not judged. */
export type Threshold = Readonly<Record<string, Json>> | 'off'

/** Answers, or the path of a file that has them. */
export type ConfigAnswers = readonly AnswerEntry[] | string

export interface ConfigProblem {
  /** `workload.think`; empty for the config as a whole. */
  readonly path: string
  readonly message: string
  readonly hint?: string
}

/** Reads what is data in a config, everything but its faults and oracles; all that is wrong comes back at once. */
export function readConfigData(
  value: unknown,
  { catalogue }: { readonly catalogue: Catalogue },
): { readonly data?: ConfigData; readonly problems: readonly ConfigProblem[] } {
  const { root, paths, problems } = treeOfValue(value, ['faults', 'oracles'])
  const { diagnostics, report } = openReport('', offset => ({ line: offset, column: 1 }))
  let data: ConfigData | undefined
  try {
    data = configShape(catalogue).read(root, '', {
      facts: gatherFacts(undefined, catalogue),
      report,
      place: () => {},
    })
  } catch (error) {
    if (!(error instanceof TooManyProblems)) throw error
  }
  // What is no value has been complained of already.
  const found = diagnostics
    .map(diagnostic => problemOf(diagnostic, paths))
    .filter(({ path }) => !problems.some(problem => problem.path === path))
  const all = [...problems, ...found]
  return { ...(all.length === 0 && data && { data }), problems: all }
}

function problemOf({ line, message, hint }: Diagnostic, paths: readonly string[]): ConfigProblem {
  return { path: paths[line] ?? '', message, ...(hint !== undefined && { hint }) }
}

/** What is no data stands in the tree as `true`: here it only has to be a known key. */
export interface WholeConfig extends ConfigData {
  readonly faults?: boolean
  readonly oracles?: boolean
}

/** The whole of a config. */
export function configShape(catalogue: Catalogue): Shape<WholeConfig> {
  return object<WholeConfig>('the config', {
    client: optional('The client module.', text("the path of the client module, or a shipped client's name")),
    app: optional('An app that is driven over HTTP.', appShape),
    seed: optional('Seed of all chance, where no scenario has its own.', number({ integer: true, min: 0 })),
    users: optional('Users of each instance.', count),
    instances: optional('Instances of the app.', count),
    workload: optional('What the app is asked to do.', workload),
    steady_state: optional('The healthy warm-up.', steadyState),
    stop_when: optional('Ends a run early.', list(stopCondition)),
    thresholds: optional('Parameters of oracles, by id.', thresholds(catalogue)),
    addresses: optional('Base URLs by provider.', record('addresses', address)),
    answers: optional('What the model says.', answers(catalogue)),
    answers_from: optional('Another mock that answers.', text('a URL')),
    scenarios: optional('Scenarios that are run when none is named.', list(text('an id, a file or a folder'))),
    tags: optional('Tags of the scenarios that are run when none is named.', list(text('a tag'))),
    jobs: optional('Processes that run scenarios side by side.', count),
    out: optional('Folder of the reports.', text('the path of a folder')),
    reports: optional('Reports, KIND or KIND=FILE.', list(text('a report, KIND or KIND=FILE'))),
    accepted: optional('Findings that are known and accepted.', list(accepted(catalogue))),
    faults: optional('Faults of your own.', flag),
    oracles: optional('Oracles of your own.', flag),
  })
}

const url = text('a URL')
const address: Shape<string> = {
  ...url,
  read(node, path, reading) {
    const base = url.read(node, path, reading)
    try {
      if (base !== undefined) checkAddresses({ [path.slice(path.indexOf('.') + 1)]: base })
      return base
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      reading.report('unknown-provider', node, error.message, error.hint)
      return undefined
    }
  },
}

function answers(catalogue: Catalogue): Shape<ConfigAnswers> {
  const entries = list(answerEntry(catalogue))
  const file = text('the path of a file of answers')
  return {
    ...entries,
    name: `${entries.name}, or the path of a file that has one`,
    read: (node, path, reading) =>
      node.type === 'scalar' ? file.read(node, path, reading) : entries.read(node, path, reading),
    write: value => (typeof value === 'string' ? written(value) : entries.write(value)),
  }
}

type Parameters = Readonly<Record<string, Json>>

function thresholds(catalogue: Catalogue): Shape<Readonly<Record<string, Threshold>>> {
  const ids = [...catalogue.oracles.keys()]
  const known = oracleId(catalogue)
  const each: Shape<Threshold> = {
    name: 'the parameters of an oracle, or "off"',
    write: value => (value === 'off' ? written(value) : json.write(value)),
    schema: () => ({}),
    read(node, path, reading) {
      const id = path.slice(path.indexOf('.') + 1)
      const oracle = catalogue.oracles.get(id)
      // Its key has been complained of.
      if (!oracle) return {}
      if (node.type === 'scalar' && node.value === 'off') return 'off'
      const keys = paramKeys(oracle.params, catalogue)
      return object<Parameters>(`the parameters of "${id}"`, keys).read(node, path, reading)
    },
  }
  return record('thresholds', each, {
    checkKey: ({ key, keyRange }, reading) => {
      if (ids.includes(key)) return true
      known.read({ ...keyRange, type: 'scalar', value: key, source: key, plain: true }, key, reading)
      return false
    },
  })
}

function accepted(catalogue: Catalogue): Shape<Accepted> {
  return object<Accepted>('an accepted finding', {
    oracle: required('Whose finding it is.', oracleId(catalogue)),
    scenario: optional('Only in this scenario.', text('the id of a scenario')),
    phase: optional('Only in this phase.', text('the name of a phase')),
    reason: required('Why it is accepted, in words.', text('a reason', { pattern: /\S/ })),
    owner: optional('Who answers for it.', text('a name')),
    until: optional('The last day it holds.', day),
  })
}

function oracleId(catalogue: Catalogue): Shape<string> {
  // What every run is judged by, though no scenario names it.
  const ids = [...catalogue.oracles.keys(), 'conduct']
  const kind = { name: 'the id of an oracle', what: 'oracle', code: 'unknown-oracle' } as const
  return {
    ...text(),
    name: kind.name,
    read: (node: Node, _path, reading) => oneOfMany(node, ids, kind, reading)?.id,
  }
}

const dayText = text('a day such as 2026-12-31', { pattern: /^\d{4}-\d\d-\d\d$/ })
const day: Shape<string> = {
  ...dayText,
  read(node, path, reading) {
    const value = dayText.read(node, path, reading)
    if (value === undefined || isDay(value)) return value
    reading.report('bad-name', node, `There is no day ${value}.`)
    return undefined
  },
}

function isDay(value: string): boolean {
  const at = Date.parse(`${value}T00:00:00Z`)
  return Number.isFinite(at) && new Date(at).toISOString().startsWith(value)
}
