/** Names of variables that hold what nobody should read in a report. */
const secretName = /(?:^|_)(?:key|keys|token|tokens|secret|secrets|password|passwd|passphrase|credentials?|pat|dsn)$/i

/** Shorter values are words that would be blotted out everywhere. */
const shortestSecret = 8

/** `text` without any value of the environment whose name says that it is secret. */
export function maskSecrets(text: string, env: Readonly<Record<string, string | undefined>>): string {
  const values = Object.entries(env).flatMap(([name, value = '']) =>
    secretName.test(name) && value.length >= shortestSecret ? [value] : [],
  )
  // The longest first: one may hold another.
  return values.toSorted((a, b) => b.length - a.length).reduce((clean, value) => withoutValue(clean, value), text)
}

function withoutValue(text: string, value: string): string {
  const spellings = new Set([value, JSON.stringify(value).slice(1, -1), value.trim()])
  return [...spellings].reduce((clean, spelling) => clean.replaceAll(spelling, '***'), text)
}
