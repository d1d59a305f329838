import { readFileSync } from 'node:fs'
import { UsageError } from '../lib/errors.ts'
import { notice } from './output.ts'

/** Says on stderr what went wrong and gives the exit code: 2 for what the person can mend, 70 for a bug of ours. */
export function tellError(error: unknown): 2 | 70 {
  if (error instanceof UsageError) {
    notice(usageText(error))
    return 2
  }
  notice(bugText(error instanceof Error ? `${error.name}: ${error.message}` : String(error), stackOf(error)))
  return 70
}

export function usageText({ message, hint }: { readonly message: string; readonly hint?: string | undefined }): string {
  return `blackstart: ${message}\n${hint ? `  ${hint}\n` : ''}`
}

/** One line for an unexpected error, and where it goes; the stack only with BLACKSTART_DEBUG=1. */
export function bugText(message: string, stack: string | undefined): string {
  if (process.env['BLACKSTART_DEBUG'] === '1') return `blackstart: unexpected error: ${stack ?? message}\n`
  const [line = ''] = message.split('\n')
  return `blackstart: unexpected error: ${line}\n  This is a bug of blackstart. Run it again with BLACKSTART_DEBUG=1 for the stack, and report it${reportAt()}.\n`
}

export function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined
}

function reportAt(): string {
  try {
    const manifest: { bugs?: { url?: string } } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    )
    return manifest.bugs?.url ? ` at ${manifest.bugs.url}` : ' to its maintainers'
  } catch {
    return ' to its maintainers'
  }
}
