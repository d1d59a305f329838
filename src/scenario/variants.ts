import { parse } from 'yaml'
import { UsageError } from '../lib/errors.ts'
import type { Json, Scenario } from '../model/scenario.ts'
import type { Catalogue } from './catalogue.ts'
import type { Diagnostic } from './diagnostic.ts'
import { type Edit, editScenario } from './edit.ts'
import { outOfRun } from './out-of-run.ts'
import { parseScenario } from './parse.ts'
import type { Positions } from './positions.ts'
import { printScenario } from './print.ts'

/** One scenario of a matrix. */
export interface Variant {
  /** Its id names what is special about it: `relapse[share=50%]`. */
  readonly scenario: Scenario
  /** Its text, under the id of the file that it comes from. */
  readonly text: string
}

export interface VariantProblem {
  /** Of the matrix's entry: `matrix.phases[0].for`. */
  readonly path: string
  readonly message: string
  readonly hint: string
}

export interface Variants {
  /** Empty where there is no matrix; the last key varies fastest. */
  readonly variants: readonly Variant[]
  readonly problems: readonly VariantProblem[]
}

const atMost = 64

/**
 * Every combination of a matrix's values as a scenario of its own. A key of the matrix is the path of what its values
 * replace (`phases[0].faults[0].share`; `phases[down].for` names the phase), and they are spelled as in a file.
 */
export function variantsOf(scenario: Scenario, catalogue: Catalogue): Variants {
  const { matrix, ...base } = scenario
  if (!matrix) return { variants: [], problems: [] }
  const axes = Object.entries(matrix)
  const count = axes.reduce((product, [, values]) => product * values.length, 1)
  if (count > atMost) {
    const message = `This matrix makes ${count} variants; at most ${atMost} are run.`
    return { variants: [], problems: [{ path: 'matrix', message, hint: 'Take some values out.' }] }
  }
  const text = printScenario(base, catalogue)
  const data: unknown = parse(text)
  const problems: VariantProblem[] = []
  const paths = new Map<string, Path>()
  for (const [key] of axes) {
    const path = readPath(key, data)
    if (typeof path === 'string') problems.push({ path: `matrix.${key}`, message: path, hint: pathHint })
    else paths.set(key, path)
  }
  if (problems.length > 0) return { variants: [], problems }
  const make = (values: Values) => makeVariant(base, text, { values, paths, catalogue })
  const report = (path: string, what: string, variant: Refused) =>
    problems.push({ path, message: `${what} makes no valid scenario: ${variant.message}`, hint: variant.hint })
  // Variants are told apart by their values, in reports and in the names of journals.
  const twice = (path: string, first: Json | undefined, second: Json) => {
    const [one, other] = [JSON.stringify(first), JSON.stringify(second)]
    const message = one === other ? `${one} stands here twice.` : `${other} would have the same name as ${one}.`
    problems.push({ path, message, hint: 'Take one of them out, or spell it differently.' })
  }
  // Each value by itself first: what is wrong with it need not be said of every variant.
  for (const [key, values] of axes)
    values.forEach((value, i) => {
      const twin = values.slice(0, i).find(before => spell(before) === spell(value))
      if (twin !== undefined) twice(`matrix.${key}[${i}]`, twin, value)
      const alone = make(new Map([[key, value]]))
      if ('message' in alone) report(`matrix.${key}[${i}]`, JSON.stringify(value), alone)
    })
  if (problems.length > 0) return { variants: [], problems }

  const labels = labelsOf(axes.map(([key]) => key))
  const variants = combinations(axes).flatMap(values => {
    const variant = make(values)
    const name = axes.map(([key], i) => `${labels[i] ?? key}=${spell(values.get(key))}`).join(',')
    if (!('message' in variant))
      return [{ ...variant, scenario: { ...variant.scenario, id: `${scenario.id}[${name}]` } }]
    report('matrix', `The combination ${name}`, variant)
    return []
  })
  return { variants: problems.length > 0 ? [] : variants, problems }
}

/** What is wrong with a matrix, at its place in the file. */
export function variantDiagnostics({ problems }: Variants, positions: Positions, file: string): readonly Diagnostic[] {
  return problems.map(({ path, message, hint }) => ({
    file,
    ...positions.of(path),
    code: 'bad-variant',
    severity: 'error',
    message,
    hint,
  }))
}

const pathHint = 'Write the path of what varies, such as phases[0].faults[0].share or workload.users.'

/** Why there is no such variant. */
type Refused = Pick<VariantProblem, 'message' | 'hint'>

type Path = Edit['path']
type Values = ReadonlyMap<string, Json>

interface Making {
  readonly values: Values
  readonly paths: ReadonlyMap<string, Path>
  readonly catalogue: Catalogue
}

function makeVariant(base: Scenario, text: string, { values, paths, catalogue }: Making): Variant | Refused {
  try {
    const edited = [...values].reduce((so, [key, value]) => {
      const path = paths.get(key) ?? []
      return editScenario(so, [nested(path, value, parse(so))])
    }, text)
    const { scenario, diagnostics } = parseScenario(edited, { catalogue })
    const [late] = scenario ? outOfRun(scenario) : []
    if (late) return late
    if (scenario) return { scenario: { ...scenario, id: base.id }, text: edited }
    const [first] = diagnostics.filter(({ severity }) => severity === 'error')
    return { message: first?.message ?? 'it cannot be read.', hint: first?.hint ?? pathHint }
  } catch (error) {
    if (error instanceof UsageError) return { message: error.message, hint: error.hint ?? pathHint }
    throw error
  }
}

/** The path in keys and indices; in words what is wrong with it. */
function readPath(key: string, data: unknown): Path | string {
  const parts = [...key.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)]
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== key.replaceAll('.', ''))
    return `"${key}" is no path.`
  if (['id', 'blackstart', 'matrix'].includes(key)) return `"${key}" cannot vary.`
  const path: (string | number)[] = []
  let at = data
  for (const [whole, name] of parts) {
    if (name === undefined) {
      path.push(whole)
      at = typeof at === 'object' && at !== null ? Reflect.get(at, whole) : undefined
      continue
    }
    const list: readonly unknown[] = Array.isArray(at) ? at : []
    const i = /^\d+$/.test(name) ? Number(name) : list.findIndex(item => Object(item).name === name)
    if (list[i] === undefined) return `There is no ${whole} in "${key}".`
    path.push(i)
    at = list[i]
  }
  return path
}

/** Sets `value` at `path`, with the maps on the way that are not there yet. */
function nested(path: Path, value: Json, data: unknown): Edit {
  let depth = 0
  for (let at = data; depth < path.length - 1; depth++) {
    at = typeof at === 'object' && at !== null ? Reflect.get(at, path[depth] ?? '') : undefined
    if (typeof at !== 'object' || at === null) break
  }
  const inside = path.slice(depth + 1).reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
  return { path: path.slice(0, depth + 1), value: inside }
}

function combinations(axes: readonly (readonly [string, readonly Json[]])[]): readonly Values[] {
  return axes.reduce<readonly Values[]>(
    (all, [key, values]) => all.flatMap(so => values.map(value => new Map([...so, [key, value]]))),
    [new Map()],
  )
}

/** The last word of each path, or all of it where two end alike. */
function labelsOf(keys: readonly string[]): readonly string[] {
  const last = keys.map(key => key.split('.').at(-1) ?? key)
  return keys.map((key, i) => (last.filter(word => word === last[i]).length > 1 ? key : (last[i] ?? key)))
}

/** A value in a few letters that can stand in an id and in the name of a file. */
function spell(value: Json | undefined): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
  return text
    .replace(/[^\w.%+-]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
}
