import { parseArgs } from 'node:util'
import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { Command, Invocation } from './command.ts'

/** Reads what follows a command's name. Throws a `UsageError` that names the flag and, where one is near, what was meant. */
export function readArguments(command: Command, argv: readonly string[]): Invocation {
  const options = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [
      name,
      {
        type: flag.value ? ('string' as const) : ('boolean' as const),
        multiple: true,
        ...(flag.short !== undefined && { short: flag.short }),
      },
    ]),
  )
  const end = command.takesCommand ? argv.indexOf('--') : -1
  const args = end < 0 ? [...argv] : argv.slice(0, end)
  // Not strict: its errors do not know what was meant.
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true })
  const words: string[] = []
  const given = new Map<string, string[]>()
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    checkFlag(command, token)
    if (given.has(token.name) && !command.flags[token.name]?.many)
      throw new UsageError(`${token.rawName} is given twice.`, 'Give it once.')
    given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? ''])
  }
  return {
    words,
    command: end < 0 ? undefined : argv.slice(end + 1),
    has: flag => given.has(flag),
    value: flag => given.get(flag)?.[0],
    values: flag => given.get(flag) ?? [],
  }
}

interface FlagToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
  readonly inlineValue?: boolean | undefined
}

function checkFlag(command: Command, { name, rawName, value, inlineValue }: FlagToken): void {
  const see = command.name
  const flag = Object.hasOwn(command.flags, name) ? command.flags[name] : undefined
  if (!flag) {
    const near = name.length > 1 ? suggest(name, Object.keys(command.flags)) : undefined
    const hint = near ? `Did you mean --${near}?` : `blackstart ${see} --help lists its flags.`
    throw new UsageError(`"blackstart ${see}" has no flag ${rawName}.`, hint)
  }
  if (!flag.value && inlineValue) throw new UsageError(`${rawName} takes no value, but "${value}" was given.`)
  if (flag.value && (value === undefined || value === '' || (!inlineValue && value.startsWith('-'))))
    throw new UsageError(`${rawName} needs a value: ${rawName} ${flag.value}.`, `blackstart ${see} --help explains it.`)
}

/** A whole number of at least `min`; `undefined` when the flag is absent. */
export function wholeNumber(invocation: Invocation, flag: string, min: number): number | undefined {
  const text = invocation.value(flag)
  if (text === undefined) return undefined
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= min && Number.isSafeInteger(number)) return number
  throw new UsageError(`--${flag} ${text}: expected a whole number of at least ${min}.`)
}
