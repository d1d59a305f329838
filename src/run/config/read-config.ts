import { readFileSync } from 'node:fs'
import { dirname, extname, resolve } from 'node:path'
import { shownPath } from '../../clients/find-client.ts'
import { loadModule } from '../../clients/load-module.ts'
import { toRest } from '../../clock/real-work.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Fault } from '../../model/fault.ts'
import type { Oracle } from '../../oracles/oracle.ts'
import {
  type ConfigData,
  type ConfigProblem,
  formatDiagnostics,
  readConfigData,
  readConfigFile,
} from '../../scenario/index.ts'
import { type Additions, catalogueWith } from '../catalogue.ts'
import type { LoadedConfig } from './load-config.ts'

/** Loads and checks a config. Rejects with a `UsageError` that tells all that is wrong with it. */
export async function openConfig(path: string, cwd: string): Promise<LoadedConfig> {
  const specifier = shownPath(path, cwd)
  if (/^\.ya?ml$/.test(extname(path))) return readYaml(path, specifier)
  if (extname(path) === '.json') return readConfig(readJson(path, specifier), { path, specifier })
  const module = await toRest(() => loadModule(path, { what: 'config', specifier, cwd }))
  return readConfig(exportedBy(module, specifier), { path, specifier })
}

function readJson(path: string, specifier: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new UsageError(`Failed to load config "${specifier}": ${what}.`, 'It is to be JSON, without comments.')
  }
}

function readYaml(path: string, specifier: string): LoadedConfig {
  const { data, diagnostics, text } = readConfigFile(path, { catalogue: catalogueWith({}), file: specifier })
  if (!data)
    throw new UsageError(
      `Failed to load config "${specifier}": ${countOf(diagnostics)}.\n${formatDiagnostics(diagnostics, text).trimEnd()}`,
    )
  return settled(data, path, {})
}

function countOf(problems: readonly unknown[]): string {
  return `${problems.length} problem${problems.length === 1 ? '' : 's'}`
}

function exportedBy(module: Readonly<Record<string, unknown>>, specifier: string): unknown {
  const outer = module['default']
  const isCommonJs = 'module.exports' in module && typeof outer === 'object' && outer !== null
  // A compiled ES module keeps its default behind the one of CommonJS.
  const exported = isCommonJs && '__esModule' in outer && 'default' in outer ? outer.default : outer
  if (exported !== undefined) return exported
  throw new UsageError(
    `Failed to load config "${specifier}": it has no default export.`,
    "Write: export default defineConfig({ client: './client.ts' })",
  )
}

export interface ConfigPlace {
  readonly path: string
  /** How people know it. */
  readonly specifier: string
}

/** Checks a config and puts its paths right. Throws a `UsageError` with all that is wrong. */
export function readConfig(value: unknown, { path, specifier }: ConfigPlace): LoadedConfig {
  const problems: ConfigProblem[] = []
  const members = isObject(value) ? value : {}
  const faults = ownList(members, 'faults', isFault, problems)
  const oracles = ownList(members, 'oracles', isOracle, problems)
  const additions = { ...(faults && { faults }), ...(oracles && { oracles }) }

  const read = readConfigData(value, { catalogue: catalogueWith(additions) })
  problems.push(...read.problems)
  const { data } = read
  if (problems.length > 0 || !data) throw new UsageError(problemText(specifier, problems))
  return settled(data, path, additions)
}

/** With the paths of its file, and what it leaves out filled in. */
function settled(data: ConfigData, path: string, additions: Additions): LoadedConfig {
  const folder = dirname(path)
  const from = (word: string) => (isPath(word) ? resolve(folder, word) : word)
  const { thresholds = {}, addresses = {}, scenarios = [], tags = [], reports = [], accepted = [], ...others } = data
  const { users, instances, ...rest } = others
  const workload = {
    ...(users !== undefined && { users }),
    ...(instances !== undefined && { instances }),
    ...data.workload,
  }
  return {
    ...rest,
    path,
    ...(Object.keys(workload).length > 0 && { workload }),
    ...(data.app && { app: { ...data.app, cwd: resolve(folder, data.app.cwd ?? '') } }),
    ...(data.client !== undefined && { client: from(data.client) }),
    ...(data.out !== undefined && { out: resolve(folder, data.out) }),
    ...(typeof data.answers === 'string' && { answers: resolve(folder, data.answers) }),
    thresholds,
    addresses,
    scenarios: scenarios.map(from),
    tags,
    reports: reports.map(report => report.replace(/(?<==).+/s, file => resolve(folder, file))),
    additions,
    accepted,
  }
}

function problemText(specifier: string, problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ path, message, hint }) =>
    [`  ${path === '' ? '' : `${path}: `}${message}`, ...(hint === undefined ? [] : [`    ${hint}`])].join('\n'),
  )
  return `Failed to load config "${specifier}": ${countOf(problems)}.\n${lines.join('\n')}`
}

function ownList<T>(
  members: Readonly<Record<string, unknown>>,
  key: string,
  is: (value: unknown) => value is T,
  problems: ConfigProblem[],
): readonly T[] | undefined {
  const value = members[key]
  if (value === undefined) return undefined
  const one = key === 'faults' ? 'defineFault' : 'defineOracle'
  if (!Array.isArray(value)) {
    problems.push({ path: key, message: 'This is no list.', hint: `Write [${one}({ … })].` })
    return undefined
  }
  return value.filter((item: unknown, i): item is T => {
    if (is(item)) return true
    problems.push({ path: `${key}[${i}]`, message: `This is not what ${one} returns.`, hint: `Write ${one}({ … }).` })
    return false
  })
}

function isFault(value: unknown): value is Fault {
  return isObject(value) && typeof value['id'] === 'string' && isObject(value['params']) && isFunction(value['effect'])
}

function isOracle(value: unknown): value is Oracle {
  return isObject(value) && typeof value['id'] === 'string' && isObject(value['params']) && isFunction(value['judge'])
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As on a command line: a scenario's id and a shipped client's name have no slash and no ending. */
function isPath(word: string): boolean {
  return /[/\\]/.test(word) || /\.(?:ya?ml|[cm]?[jt]sx?)$/.test(word) || word === '.' || word === '..'
}
