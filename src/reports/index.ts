import { jsonReport } from './json.ts'
import type { Report } from './report.ts'
import { severalJson, severalTerminal } from './several.ts'
import { briefReport, terminalReport } from './terminal.ts'

/** Every report kind `--report` knows. */
export const reports: Readonly<Record<ReportKind, Report>> = {
  terminal: {
    says: 'a picture, the findings and the verdict, for people',
    one: (result, options) =>
      options.brief && result.verdict === 'pass' ? briefReport(result, options) : terminalReport(result, options),
    several: severalTerminal,
  },
  json: {
    says: 'a stable document, for machines',
    one: result => `${JSON.stringify(jsonReport(result), null, 2)}\n`,
    several: severalJson,
  },
}

export type ReportKind = 'terminal' | 'json'

export function isReportKind(kind: string): kind is ReportKind {
  return Object.hasOwn(reports, kind)
}
