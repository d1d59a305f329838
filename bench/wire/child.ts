import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** What a process of the bench can be asked for, by name. Everything goes over IPC, as JSON. */
export type Deeds = Readonly<Record<string, (given: never) => unknown>>

/** Another process of the bench, which does what it is asked for, one thing after the other. */
export interface Child<D extends Deeds> extends AsyncDisposable {
  ask<K extends keyof D & string>(deed: K, given: Parameters<D[K]>[0]): Promise<Awaited<ReturnType<D[K]>>>
}

type Reply = { readonly done: unknown } | { readonly failed: string }

/** Starts `file` (beside this one) as a process of its own. */
export function startChild<D extends Deeds>(file: string): Child<D> {
  const child = fork(new URL(file, import.meta.url), { serialization: 'advanced' })
  return {
    async ask(deed, given) {
      child.send({ deed, given })
      const reply = await replyOf(child, `${file} ${deed}`)
      if ('failed' in reply) throw new Error(`${file} ${deed}: ${reply.failed}`)
      return reply.done as never // what the other side makes of this deed
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}

function replyOf(child: ChildProcess, what: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => {
      child.off('message', onMessage)
      reject(new Error(`${what}: the process has ended with ${code}.`))
    }
    const onMessage = (reply: unknown) => {
      child.off('exit', onExit)
      resolve(reply as Reply) // the other side is `serveDeeds`
    }
    child.once('exit', onExit)
    child.once('message', onMessage)
  })
}

/** The other side of {@link startChild}: to be called once, by the process's own file. */
export function serveDeeds(deeds: Deeds): void {
  process.on('message', ({ deed, given }: { deed: string; given: never }) => {
    const reply = (message: Reply) => void process.send?.(message)
    Promise.resolve(given)
      .then(deeds[deed])
      .then(
        done => reply({ done }),
        (error: Error) => reply({ failed: error.stack ?? error.message }),
      )
  })
  // Nobody is left to be of use to.
  process.once('disconnect', () => process.exit())
}
