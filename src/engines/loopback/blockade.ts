import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'
import { ambientClock } from '../../clock/clock.ts'

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
const fillers = 4
/** Real ms after which a connection that has not come about will not. */
const settlesMs = 50

/** Fills the port. Rejects when it cannot be listened on. */
export async function blockade(host: string, port: number): Promise<Blockade> {
  const gate = new SharedArrayBuffer(4)
  const worker = new Worker(source, { eval: true, workerData: { host, port, gate } })
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve())
    worker.once('error', reject)
  })
  const queue: Socket[] = []
  for (let i = 0; i < fillers; i++) {
    const socket = connect(port, host)
    socket.on('error', () => {})
    queue.push(socket)
    await connectedOrNot(socket)
  }
  return {
    async lift() {
      for (const socket of queue) socket.destroy()
      Atomics.store(new Int32Array(gate), 0, 1)
      await worker.terminate()
    },
  }
}

/** Resolves when it is connected, or when it is plain that it will not be. */
function connectedOrNot(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    const done = () => resolve()
    socket.once('connect', done)
    ambientClock.after(settlesMs, done)
  })
}
