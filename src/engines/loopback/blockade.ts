import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { ambientClock } from '../../clock/clock.ts'
import { nativeSetImmediate } from '../../clock/native.ts'
import { reachable } from './ports.ts'

/** A port whose queue of connections is full and stays full: who connects now is neither accepted nor refused. */
export interface Blockade {
  /** The port is free again once this resolves. */
  lift(): Promise<void>
}

/**
 * Listens with the shortest queue there is, in a thread that never gets to accept anything. The kernel completes as many
 * handshakes as the queue has places and then drops what comes.
 */
const source = `
const { createServer } = require('node:net')
const { parentPort, workerData } = require('node:worker_threads')
const { host, port, gate } = workerData
const server = createServer()
server.once('error', error => { throw error })
server.listen({ host, port, backlog: 1, exclusive: true }, () => {
  parentPort.postMessage('listening')
  setImmediate(() => Atomics.wait(new Int32Array(gate), 0, 0))
})
`

/** More than the shortest queue holds. */
const fillersAtMost = 8
/** Real ms after which a connection that has not come about will not. */
const settlesMs = 50

/** Fills the port. Rejects when it cannot be listened on, or takes connections all the same. */
export async function blockade(host: string, port: number): Promise<Blockade> {
  const gate = new SharedArrayBuffer(4)
  // What the app's own Node is started with is nothing for this thread.
  const worker = new Worker(source, { eval: true, workerData: { host, port, gate }, execArgv: [], env: {} })
  const queue: Socket[] = []
  const blocked: Blockade = {
    async lift() {
      for (const socket of queue) socket.destroy()
      Atomics.store(new Int32Array(gate), 0, 1)
      await worker.terminate()
    },
  }
  try {
    await new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve())
      worker.on('error', reject)
      worker.once('exit', code => reject(new Error(`The thread that was to fill port ${port} ended with ${code}.`)))
    })
    for (let isFull = false; !isFull; ) {
      if (queue.length === fillersAtMost) throw new Error(`Port ${port} was to be full and still takes connections.`)
      const socket = connect(port, reachable(host))
      socket.on('error', () => {})
      queue.push(socket)
      isFull = !(await connects(socket))
    }
  } catch (error) {
    await blocked.lift()
    throw error
  }
  return blocked
}

/** Whether it is connected, or it is plain that it will not be. */
function connects(socket: Socket): Promise<boolean> {
  return new Promise(resolve => {
    // On a busy machine the timer may be seen before a connection that is older: one more look at what has come.
    const cancel = ambientClock.after(settlesMs, () => nativeSetImmediate(() => resolve(!socket.connecting)))
    socket.once('connect', () => {
      cancel()
      resolve(true)
    })
  })
}
