/** One model request that the app intends, however many attempts it makes of it. */
export interface KnownCall {
  /** Unique in the run. */
  readonly id: string
  /** `1` for its owner's first. */
  readonly number: number
  attempts: number
}

/** How far the numbers of a run have come. */
export interface Counted {
  readonly calls: number
  readonly attempts: number
  /** Attempts of no task. */
  readonly strangers: number
}

export const nothingYet: Counted = { calls: 0, attempts: 0, strangers: 0 }

/** The calls of a run: a request with the same content by the same owner (a task, or an instance) is the same call. */
export class Calls {
  private count: number
  private readonly owners = new Map<string, Map<string, KnownCall>>()

  /** `since`: calls that an earlier process of the same run has counted already. */
  constructor(since = 0) {
    this.count = since
  }

  of(owner: string, content: string): { readonly call: KnownCall; readonly isNew: boolean } {
    let own = this.owners.get(owner)
    if (!own) {
      own = new Map()
      this.owners.set(owner, own)
    }
    const known = own.get(content)
    if (known) return { call: known, isNew: false }
    const call = { id: `c${++this.count}`, number: own.size + 1, attempts: 0 }
    own.set(content, call)
    return { call, isNew: true }
  }
}
