import type { ExitCode, Verdict } from '../run/result.ts'
import { exitOrder } from '../run/verdict.ts'

/** The exit code of several runs together. */
export function worstExit(codes: readonly ExitCode[]): ExitCode {
  return exitOrder.find(code => codes.includes(code)) ?? 0
}

/** The verdict that goes with the exit code of several runs. */
export function overallVerdict(code: ExitCode): Verdict {
  if (code === 0) return 'pass'
  return code === 1 ? 'fail' : 'inconclusive'
}
