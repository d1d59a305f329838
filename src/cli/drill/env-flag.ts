import { UsageError } from '../../lib/errors.ts'
import { suggest } from '../../lib/suggest.ts'

/** A variable of the program's own, with places of the drill in it: `REDIS_URL=redis://{cache}`. */
export interface OwnVariable {
  readonly name: string
  readonly value: string
}

/** Reads `--env NAME=VALUE`, each. */
export function readEnv(given: readonly string[]): readonly OwnVariable[] {
  return given.map(text => {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new UsageError(
        `--env ${text}: expected a name and a value.`,
        'Write it like --env REDIS_URL=redis://{cache}',
      )
    return { name, value }
  })
}

/** Their values, each `{place}` filled in: a provider’s base URL, or the address of one of the scenario’s own services. */
export function filledIn(
  variables: readonly OwnVariable[],
  places: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const fill = (text: string) =>
    text.replaceAll(/\{([\w.-]+)\}/g, (whole, name: string) => {
      const place = places[name]
      if (place !== undefined) return place
      const near = suggest(name, Object.keys(places))
      throw new UsageError(
        `--env has the place ${whole}, and this drill has none of that name.`,
        near ? `Did you mean {${near}}?` : `Places: ${Object.keys(places).join(', ')}.`,
      )
    })
  return Object.fromEntries(variables.map(({ name, value }) => [name, fill(value)]))
}
