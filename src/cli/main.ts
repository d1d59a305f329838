import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import { readArguments } from './args.ts'
import { commands } from './commands/index.ts'
import { commandHelp, topHelp } from './help.ts'
import { print } from './output.ts'
import { profileVariable } from './profile/order.ts'
import { workerVariable } from './run/messages.ts'
import { searchVariable } from './search/order.ts'
import { tellError } from './tell-error.ts'

/** Runs the tool with the words after its name; resolves to the exit code and never rejects. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    if (process.env[profileVariable] !== undefined) return await profile()
    if (process.env[searchVariable] !== undefined) return await search()
    return process.env[workerVariable] === undefined ? await dispatch(argv) : await work()
  } catch (error) {
    return tellError(error)
  }
}

async function work(): Promise<number> {
  const { workInChild } = await import('./run/worker.ts')
  return workInChild()
}

async function profile(): Promise<number> {
  const { workOnProfile } = await import('./profile/work.ts')
  return workOnProfile()
}

async function search(): Promise<number> {
  const { workOnSearch } = await import('./search/work.ts')
  return workOnSearch()
}

async function dispatch([name, ...rest]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return help(rest[0])
  if (name === '--version' || name === '-v') {
    const { version } = await import('../run/version.ts')
    print(`${version}\n`)
    return 0
  }
  const command = commandNamed(name)
  // What stands behind `--` is for somebody else.
  const own = command.takesCommand && rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest
  if (own.includes('--help') || own.includes('-h')) return help(name)
  return command.run(readArguments(command, rest))
}

function help(name: string | undefined): number {
  print(name === undefined ? topHelp(commands) : commandHelp(commandNamed(name)))
  return 0
}

function commandNamed(name: string) {
  const command = commands.find(candidate => candidate.name === name)
  if (command) return command
  if (name.startsWith('-'))
    throw new UsageError(`${name} is no flag of blackstart itself.`, 'The command comes first: blackstart run --help.')
  const near = suggest(
    name,
    commands.map(candidate => candidate.name),
  )
  throw new UsageError(
    `There is no command "${name}".`,
    near ? `Did you mean ${near}?` : `Commands: ${commands.map(candidate => candidate.name).join(', ')}.`,
  )
}
