import type { ExitCode, Verdict } from '../run/result.ts'

/** First match wins. */
const order: readonly ExitCode[] = [2, 70, 130, 143, 5, 4, 3, 1, 6, 0]

/** The exit code of several runs together. */
export function worstExit(codes: readonly ExitCode[]): ExitCode {
  return order.find(code => codes.includes(code)) ?? 0
}

/** The verdict that goes with the exit code of several runs. */
export function overallVerdict(code: ExitCode): Verdict {
  if (code === 0) return 'pass'
  return code === 1 ? 'fail' : 'inconclusive'
}
