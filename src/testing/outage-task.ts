/**
 * What the app is at. Awaiting it lets time pass until it is done, and gives what the function gave; until then nothing
 * moves unless the test lets it. A failure that nobody awaits is no unhandled rejection.
 */
export class OutageTask<T> implements Promise<T> {
  /** As the journal and the evidence of findings name it. */
  readonly id: string
  readonly [Symbol.toStringTag] = 'OutageTask'
  private readonly wait: () => Promise<T>
  private settled = false

  constructor(id: string, work: Promise<T>, wait: () => Promise<T>) {
    this.id = id
    this.wait = wait
    const settle = () => {
      this.settled = true
    }
    work.then(settle, settle)
  }

  /** Whether it is done, well or not. */
  get isSettled(): boolean {
    return this.settled
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a task is what makes time pass.
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.wait().then(onFulfilled, onRejected)
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.wait().catch(onRejected)
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.wait().finally(onFinally)
  }
}
