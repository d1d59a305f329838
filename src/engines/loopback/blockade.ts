import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { ambientClock } from '../../clock/clock.ts'
import { nativeSetImmediate } from '../../clock/native.ts'
import { reachable } from './ports.ts'

/** Makes a port's queue of connections full and keeps it full: who connects then is neither accepted nor refused. */
export interface Blockade {
  /** Resolves once the port is full. Rejects when it cannot be listened on, or takes connections all the same. */
  fill(host: string, port: number): Promise<void>
  /** The port is free again once this resolves. */
  lift(): Promise<void>
}

/**
 * Listens with the shortest queue there is, in a thread that never gets to accept anything. The kernel completes as many
 * handshakes as the queue has places and then drops what comes.
 */
const source = `
const { createServer } = require('node:net')
const { parentPort, workerData: gate } = require('node:worker_threads')
const server = createServer()
server.once('error', error => { throw error })
parentPort.once('message', ({ host, port }) => {
  server.listen({ host, port, backlog: 1, exclusive: true }, () => {
    // In one go: another turn of its loop would take in whoever has come by then.
    parentPort.postMessage('listening')
    Atomics.wait(new Int32Array(gate), 0, 0)
  })
})
parentPort.postMessage('ready')
`

/** More than the shortest queue holds. */
const fillersAtMost = 8
/** Real ms after which a connection that has not come about will not. */
const settlesMs = 50

/** Resolves when its thread is there, which takes a while; from then on a port can be filled in no time. */
export async function readyBlockade(): Promise<Blockade> {
  const gate = new SharedArrayBuffer(4)
  // What the app's own Node is started with is nothing for this thread.
  const worker = new Worker(source, { eval: true, workerData: gate, execArgv: [], env: {} })
  const failed = new Promise<never>((_, reject) => {
    worker.on('error', reject)
    worker.once('exit', () => reject(new Error('The thread that fills a port has ended.')))
  })
  failed.catch(() => {})
  const said = () => Promise.race([new Promise(resolve => void worker.once('message', resolve)), failed])
  const queue: Socket[] = []
  await said()
  return {
    async fill(host, port) {
      worker.postMessage({ host, port })
      await said()
      for (let isFull = false; !isFull; ) {
        if (queue.length === fillersAtMost) throw new Error(`Port ${port} was to be full and still takes connections.`)
        const socket = connect(port, reachable(host))
        socket.on('error', () => {})
        queue.push(socket)
        isFull = !(await connects(socket))
      }
    },
    async lift() {
      for (const socket of queue) socket.destroy()
      Atomics.store(new Int32Array(gate), 0, 1)
      await worker.terminate()
    },
  }
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
