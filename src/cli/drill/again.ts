import type { PassThroughFlags } from './pass-through.ts'
import type { DrillRequest } from './request.ts'

/** Words after `blackstart drill` that drill the same again; `common` are those that a run takes too. */
export function againWordsOf(
  common: readonly string[],
  { engine, speed, healed, ready, env, port, listen, tls, passThrough, command }: DrillRequest,
): readonly string[] {
  return [
    ...common,
    ...(engine === 'loopback' ? [] : ['--engine', engine]),
    ...(speed === 1 ? [] : ['--speed', String(speed)]),
    ...(healed === undefined ? [] : ['--healed', healed.text]),
    ...(ready === undefined ? [] : ['--ready', quoted(ready)]),
    ...env.flatMap(({ name, value }) => ['--env', quoted(`${name}=${value}`)]),
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(listen === undefined ? [] : ['--listen', listen]),
    ...(tls ? ['--tls'] : []),
    ...(passThrough ? passThroughWords(passThrough) : []),
    ...(command.length === 0 ? [] : ['--', ...command.map(quoted)]),
  ]
}

function passThroughWords({ upstreams, keyFrom, given }: PassThroughFlags): readonly string[] {
  return [
    ...Object.entries(upstreams).flatMap(([provider, url]) => ['--upstream', `${provider}=${url}`]),
    ...Object.entries(keyFrom).flatMap(([provider, name]) => ['--key-from', `${provider}=${name}`]),
    ...given,
  ]
}

function quoted(word: string): string {
  return /^[\w./:@=+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
