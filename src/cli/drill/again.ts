import type { DrillRequest } from './request.ts'

/** Words after `blackstart drill` that drill the same again; `common` are those that a run takes too. */
export function againWordsOf(
  common: readonly string[],
  { engine, speed, healed, ready, command }: DrillRequest,
): readonly string[] {
  return [
    ...common,
    ...(engine === 'loopback' ? [] : ['--engine', engine]),
    ...(speed === 1 ? [] : ['--speed', String(speed)]),
    ...(healed === undefined ? [] : ['--healed', healed.text]),
    ...(ready === undefined ? [] : ['--ready', quoted(ready)]),
    ...(command.length === 0 ? [] : ['--', ...command.map(quoted)]),
  ]
}

function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
