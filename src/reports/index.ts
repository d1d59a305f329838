import { githubRefused, githubReport } from './github.ts'
import { jsonReport } from './json.ts'
import { junitRefused, junitReport } from './junit.ts'
import { markdownRefused, markdownReport } from './markdown.ts'
import type { Report } from './report.ts'
import { severalJson, severalTerminal } from './several.ts'
import { briefReport, terminalReport } from './terminal.ts'

/** Every report kind `--report` knows. */
export const reports = {
  terminal: {
    says: 'a picture, the findings and the verdict, for people',
    one: (result, options) =>
      options.brief && result.verdict === 'pass' ? briefReport(result, options) : terminalReport(result, options),
    several: severalTerminal,
  },
  json: {
    says: 'a stable document, for machines',
    one: (result, { replay }) => `${JSON.stringify(jsonReport(result, { replay }), null, 2)}\n`,
    several: severalJson,
    refused: diagnostics => `${JSON.stringify({ version: 1, exitCode: 2, diagnostics }, null, 2)}\n`,
  },
  junit: {
    says: 'JUnit XML, a suite for each scenario, for the test report of a CI',
    several: junitReport,
    refused: junitRefused,
  },
  markdown: {
    says: 'a page for a pull request or the summary of a job',
    several: markdownReport,
    refused: markdownRefused,
  },
  github: {
    says: 'annotations of GitHub Actions on stdout, and the page above in the summary of the step',
    several: githubReport,
    refused: githubRefused,
  },
} satisfies Readonly<Record<ReportKind, Report>>

export type ReportKind = 'terminal' | 'json' | 'junit' | 'markdown' | 'github'

export function isReportKind(kind: string): kind is ReportKind {
  return Object.hasOwn(reports, kind)
}
