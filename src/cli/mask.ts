/** Names of variables that hold what nobody should read in a report. */
const secretName = /(?:^|_)(?:key|keys|token|tokens|secret|secrets|password|passwd|passphrase|credentials?|pat|dsn)$/i

/** Shorter values are words that would be blotted out everywhere. */
const shortestSecret = 8

type Environment = Readonly<Record<string, string | undefined>>

/** `text` without any value of the environment whose name says that it is secret. */
export function maskSecrets(text: string, env: Environment): string {
  return secretsOf(env).reduce(withoutValue, text)
}

function withoutValue(text: string, value: string): string {
  const spellings = new Set([value, JSON.stringify(value).slice(1, -1), value.trim()])
  return [...spellings].reduce((clean, spelling) => clean.replaceAll(spelling, '***'), text)
}

/** The same for every text in plain data, before it is spelled for XML or for a workflow command. */
export function maskData<T>(data: T, env: Environment): T {
  const secrets = secretsOf(env)
  if (secrets.length === 0) return data
  const masked: T = JSON.parse(JSON.stringify(data), (_key, value: unknown) =>
    typeof value === 'string' ? secrets.reduce(withoutValue, value) : value,
  )
  return masked
}

/** The longest first: one may hold another. */
function secretsOf(env: Environment): readonly string[] {
  const values = Object.entries(env).flatMap(([name, value = '']) =>
    secretName.test(name) && value.length >= shortestSecret ? [value] : [],
  )
  return values.toSorted((a, b) => b.length - a.length)
}
