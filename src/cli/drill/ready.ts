import { parseDuration } from '../../lib/duration.ts'
import { UsageError } from '../../lib/errors.ts'
import type { Ready } from '../../model/app.ts'

/** Reads `--ready`: a URL, `tcp:HOST:PORT`, `log:REGEX`, or a length of time. */
export function readReady(text: string): Ready {
  if (/^https?:\/\//.test(text)) return { http: text }
  const tcp = /^tcp:(.+:\d+)$/.exec(text)?.[1]
  if (tcp !== undefined) return { tcp }
  const log = /^log:(.+)$/s.exec(text)?.[1]
  if (log !== undefined && isRegex(log)) return { log }
  const after = parseDuration(text)
  if (after !== undefined) return { after }
  throw new UsageError(
    `--ready ${text}: this says nothing of when a program can be asked.`,
    'Write a URL it answers at, tcp:127.0.0.1:8000, log:TEXT of a line it prints, or a length of time like 5s.',
  )
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    throw new UsageError(`--ready log:${text}: this is no regular expression.`)
  }
}
