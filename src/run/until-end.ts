import type { EndedBy, Life } from '../attribution/life.ts'

export interface Lost {
  readonly lostTo: EndedBy
}

/** What `work` resolves to, or what ended the life it is done in before it could. Rejects with what `work` does. */
export function untilEnd<T>(life: Life, work: Promise<T>): Promise<T | Lost> {
  return new Promise((resolve, reject) => {
    const leave = life.onEnd(lostTo => resolve({ lostTo }))
    work.then(resolve, reject).finally(leave)
  })
}
