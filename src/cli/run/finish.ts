import { writeFileSync } from 'node:fs'
import { UsageError } from '../../lib/errors.ts'
import { reports } from '../../reports/index.ts'
import { plural } from '../../reports/text.ts'
import { worstExit } from '../../reports/worst.ts'
import { notice, print } from '../output.ts'
import { bugText } from '../tell-error.ts'
import type { Collected } from './collect.ts'
import type { Refusal } from './messages.ts'
import type { RunRequest } from './request.ts'
import type { ReportTarget } from './targets.ts'

/** Writes the reports that were asked for and gives the exit code. */
export function finish(request: RunRequest, collected: Collected): number {
  const { parts, refusal, crash, interrupted } = collected
  if (refusal) return refuse(request.reports, refusal)
  if (crash) {
    if (!crash.isTold) notice(bugText(crash.message, crash.stack))
    return 70
  }
  if (interrupted && parts.length < request.targets.length)
    notice(`blackstart: interrupted after ${parts.length} of ${plural(request.targets.length, 'scenario')}.`)
  for (const target of request.reports) {
    const own = parts.map(part => ({ document: part.document, text: part.texts[target.kind] ?? '' }))
    const [first] = own
    const color = request.color && target.file === undefined
    if (parts.length === 0) continue
    if (request.targets.length > 1) deliver(target, reports[target.kind].several(own, { color }))
    else if (first) deliver(target, first.text)
  }
  if (request.reports.every(target => target.file !== undefined))
    for (const { document } of parts)
      notice(`${document.scenario.id}: ${document.verdict} (exit ${document.exitCode}): ${document.reason}`)
  return worstExit([...parts.map(part => part.document.exitCode), ...(interrupted ? [interrupted] : [])])
}

/** Says why nothing was run: to people on stderr, and in the JSON report where one was asked for. */
export function refuse(targets: readonly ReportTarget[], { text, diagnostics }: Refusal): 2 {
  for (const target of targets)
    if (target.kind === 'json')
      deliver(target, `${JSON.stringify({ version: 1, exitCode: 2, diagnostics }, null, 2)}\n`)
  notice(text)
  return 2
}

function deliver({ file }: ReportTarget, text: string): void {
  try {
    if (file === undefined) print(text)
    else writeFileSync(file, text)
  } catch (error) {
    throw new UsageError(`Failed to write ${file}: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
