/** What ended a process of the app. */
export type EndedBy = 'crash' | 'restart' | 'scale'

/**
 * One life of an app instance, from its `start` to its end. Once it is over, nothing that its code still does may have
 * an effect: its timers never fire, its requests and its storage never answer.
 */
export class Life {
  readonly instance: number
  /** `0` for the instance's first. */
  readonly generation: number
  private endedBy: EndedBy | undefined
  private isRunOver = false
  private readonly endings = new Set<(by: EndedBy) => void>()

  constructor(instance: number, generation: number) {
    this.instance = instance
    this.generation = generation
  }

  get isOver(): boolean {
    return this.endedBy !== undefined
  }

  /** Whether the run that it belonged to is over, however it stood with it then. */
  get isForgotten(): boolean {
    return this.isRunOver
  }

  /** Calls `ending` when the life ends, in the order they were given; the returned function takes it back. */
  onEnd(ending: (by: EndedBy) => void): () => void {
    this.endings.add(ending)
    return () => {
      this.endings.delete(ending)
    }
  }

  /** Nobody waits for its end any more: async contexts that outlive the run keep the life, and nothing besides. */
  forget(): void {
    this.isRunOver = true
    this.endings.clear()
  }

  /** Only the first call counts. */
  end(by: EndedBy): void {
    if (this.isOver) return
    this.endedBy = by
    for (const ending of this.endings) ending(by)
    this.endings.clear()
  }
}
