import { appendFileSync, existsSync, statSync } from 'node:fs'
import { relative, sep } from 'node:path'
import { notice } from '../output.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** GitHub takes a summary of so many bytes for one step, and shows none of a longer one. */
const summaryBytes = 1_024 * 1_024

/** Adds a page to the summary of the step, where there is one, as far as it fits. */
export function appendSummary(env: Environment, page: string): void {
  const file = env['GITHUB_STEP_SUMMARY']
  if (file === undefined || file === '') return
  try {
    const used = existsSync(file) ? statSync(file).size : 0
    appendFileSync(file, fitting(`${page}\n`, summaryBytes - used))
  } catch (error) {
    notice(
      `blackstart: the summary of the step could not be written: ${error instanceof Error ? error.message : error}`,
    )
  }
}

const cutLine = '\n\nThe rest did not fit into the summary of this step.\n'

/** Cut at the end of a line. */
function fitting(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  const room = Math.max(0, bytes - Buffer.byteLength(cutLine))
  const start = Buffer.from(text).subarray(0, room).toString('utf8')
  const whole = start.slice(0, Math.max(0, start.lastIndexOf('\n')))
  return whole === '' ? '' : `${whole}${cutLine}`
}

/** What stands before a file's path, seen from the root of the checkout: annotations and tests are looked up from there. */
export function filesBelow(env: Environment, cwd: string): string {
  const root = env['GITHUB_WORKSPACE'] ?? env['CI_PROJECT_DIR']
  if (root === undefined || root === '') return ''
  const below = relative(root, cwd)
  return below === '' || below.startsWith('..') || below.startsWith(sep) ? '' : `${below.split(sep).join('/')}/`
}
