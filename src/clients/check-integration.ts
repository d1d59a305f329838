import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { Integration } from '../model/integration.ts'

const shape = `export default { name: 'my-app', perform: (app, { prompt }, { signal }) => ... }`
const optionalFunctions = ['start', 'settle', 'stop'] as const

/** The integration a loaded module exports, under `fallbackName` where it gives none. */
export function integrationOf(
  module: Readonly<Record<string, unknown>>,
  specifier: string,
  fallbackName: string,
): Integration {
  const exported = defaultExport(module)
  if (exported === undefined) {
    const named = Object.keys(module).filter(name => !['default', 'module.exports', '__esModule'].includes(name))
    throw new UsageError(
      `Failed to load client "${specifier}": it has no default export${named.length > 0 ? ` (only ${named.join(', ')})` : ''}.`,
      `Write ${shape}`,
    )
  }
  if (!isObject(exported) || Array.isArray(exported) || exported instanceof Promise)
    throw new UsageError(
      `Failed to load client "${specifier}": its default export is ${kindOf(exported)}, not an object.`,
      `Write ${shape}`,
    )
  const problems = problemsOf(exported)
  if (problems.length > 0 || !isIntegration(exported))
    throw new UsageError(`Failed to load client "${specifier}": ${problems.join('; ')}.`, `Write ${shape}`)
  return named(exported, fallbackName)
}

/** CommonJS hides its exports behind `default`, and compiled ES modules their `default` behind that. */
function defaultExport(module: Readonly<Record<string, unknown>>): unknown {
  const outer = module['default']
  if (!isObject(outer) || !('module.exports' in module)) return outer
  // A compiled ES module without a default has named exports alone, which are no integration in either format.
  return 'default' in outer || '__esModule' in outer ? outer['default'] : outer
}

function problemsOf(exported: object): string[] {
  const value: Record<string, unknown> = Object.fromEntries(members(exported))
  const problems: string[] = []
  const wrong = (member: string, expected: string, found: unknown) =>
    problems.push(`\`${member}\` is ${kindOf(found)}${found === undefined ? '' : `, not ${expected}`}`)

  if (value['perform'] === undefined) {
    const near = suggest('perform', Object.keys(value))
    problems.push(`\`perform\` is missing${near === undefined ? '' : ` (is \`${near}\` a slip of the pen?)`}`)
  } else if (typeof value['perform'] !== 'function') wrong('perform', 'a function', value['perform'])

  for (const name of optionalFunctions)
    if (value[name] !== undefined && typeof value[name] !== 'function') wrong(name, 'a function', value[name])
  if (value['name'] !== undefined && (typeof value['name'] !== 'string' || value['name'].trim() === ''))
    wrong('name', 'a name', value['name'])
  if (value['isolate'] !== undefined && typeof value['isolate'] !== 'boolean')
    wrong('isolate', 'true or false', value['isolate'])

  const jobs = value['jobs']
  if (jobs !== undefined && !isObject(jobs)) wrong('jobs', 'an object with submit and list', jobs)
  else if (jobs !== undefined)
    for (const name of ['submit', 'list'])
      if (typeof jobs[name] !== 'function') wrong(`jobs.${name}`, 'a function', jobs[name])
  return problems
}

/** Own members and those of its class, so that an instance is an integration too. */
function members(value: object): [string, unknown][] {
  const names = new Set<string>()
  for (let at: object | null = value; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) names.add(name)
  return [...names].map(name => [name, Reflect.get(value, name)])
}

/** Only asked once nothing was found wrong. */
function isIntegration(value: object): value is Integration {
  return 'perform' in value
}

function named(integration: Integration, fallbackName: string): Integration {
  if (integration.name !== undefined) return integration
  const { start, settle, stop, jobs, isolate } = integration
  // Bound rather than copied: an instance of a class keeps its `this`.
  return {
    name: fallbackName,
    perform: integration.perform.bind(integration),
    ...(start && { start: start.bind(integration) }),
    ...(settle && { settle: settle.bind(integration) }),
    ...(stop && { stop: stop.bind(integration) }),
    ...(jobs && { jobs }),
    ...(isolate !== undefined && { isolate }),
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (value === '') return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Promise) return 'a promise'
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}
