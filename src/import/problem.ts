import { plural } from './words.ts'

/** Something in the imported file that a person can mend. */
export interface ImportProblem {
  /** From 1; absent where the file as a whole is meant. */
  readonly line?: number
  readonly message: string
  readonly hint?: string
}

/** How many problems are told one by one. */
const told = 10

/** `file:line: what`, one problem a line with its hint below; the rest are counted. */
export function formatProblems(file: string, problems: readonly ImportProblem[]): string {
  const lines = problems.slice(0, told).flatMap(({ line, message, hint }) => {
    const place = line === undefined ? file : `${file}:${line}`
    return [`${place}: ${message}`, ...(hint === undefined ? [] : [`  ${hint}`])]
  })
  const more = problems.length - told
  return [...lines, ...(more > 0 ? [`and ${plural(more, 'more problem')} like these`] : [])].join('\n')
}
