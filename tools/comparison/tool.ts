/** What is said of a tool, and where that can be looked up. */
export interface Said {
  readonly says: string
  /** An address, or a page of these docs. */
  readonly from: string
}

/** A tool as it was on the day it was read; each cell has its source. */
export interface Tool {
  readonly name: string
  readonly version: string
  /** Day on which its sources were read. */
  readonly read: `${number}-${number}-${number}`
  readonly is: Said
  readonly overTime: Said
  readonly judges: Said
  readonly again: Said
  /** What it does and blackstart does not, or not as well. */
  readonly better: Said
}

/** A file of a repository at a commit. */
export function file(repo: string, commit: string, path: string): string {
  return `https://github.com/${repo}/blob/${commit}/${path}`
}

export function issue(repo: string, number: number): string {
  return `https://github.com/${repo}/issues/${number}`
}
