import type { UsageError } from '../../lib/errors.ts'
import type { RefusedDiagnostic } from '../../reports/report.ts'
import type { Diagnostic } from '../../scenario/diagnostic.ts'
import { usageText } from '../tell-error.ts'
import type { Refusal } from './messages.ts'

/** What is wrong with the command line or the client module, as a refusal. */
export function usageRefusal(error: UsageError): Refusal {
  const { message, hint } = error
  return {
    text: usageText(error),
    diagnostics: [
      { file: null, line: null, column: null, code: 'usage', message, ...(hint !== undefined && { hint }) },
    ],
  }
}

export function jsonDiagnostic({ file, line, column, code, message, hint }: Diagnostic): RefusedDiagnostic {
  return { file, line, column, code, message, ...(hint !== undefined && { hint }) }
}
