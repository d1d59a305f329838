import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ambientClock } from '../../../../src/clock/clock.ts'
import { programOnPath } from '../../../../src/engines/toxiproxy/find.ts'
import { isOpen, quietPort } from '../../../../src/engines/toxiproxy/ports.ts'
import { until } from './support.ts'

export const redisPath = programOnPath('redis-server', process.env)

/** A real Redis on a free port of loopback, which keeps nothing on disk. */
export async function startRedis(): Promise<AsyncDisposable & { readonly port: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-redis-'))
  const port = await quietPort()
  const words = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const redis: ChildProcess = spawn(redisPath ?? '', words, { stdio: 'ignore' })
  await until(() => isOpen(port))
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      redis.kill('SIGKILL')
      await once(redis, 'exit')
      rmSync(folder, { recursive: true })
    },
  }
}

/** As little of a Redis client as an app's cache needs: one kept connection, made anew when it broke. */
export class RedisClient {
  private readonly port: number
  private readonly patienceMs: number
  private socket: Socket | undefined

  constructor(port: number, patienceMs: number) {
    this.port = port
    this.patienceMs = patienceMs
  }

  get(key: string): Promise<string | undefined> {
    return this.command(['GET', key])
  }

  async set(key: string, value: string): Promise<void> {
    await this.command(['SET', key, value])
  }

  close(): void {
    this.socket?.destroy()
    this.socket = undefined
  }

  private command(words: readonly string[]): Promise<string | undefined> {
    const socket = this.connected()
    let text = ''
    return new Promise((resolve, reject) => {
      const give = (value: string | undefined) => {
        done()
        resolve(value)
      }
      const fail = (why: string) => {
        done()
        this.close()
        reject(new Error(why))
      }
      const listeners = {
        error: (error: NodeJS.ErrnoException) => fail(error.code ?? error.message),
        end: () => fail('closed'),
        data: (data: Buffer) => {
          text += data
          const answer = replyOf(text)
          if (answer) give(answer.value)
        },
      }
      const cancel = ambientClock.after(this.patienceMs, () => fail('no answer'))
      const done = () => {
        cancel()
        for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener)
      }
      for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener)
      socket.write(`*${words.length}\r\n${words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`)
    })
  }

  private connected(): Socket {
    if (this.socket) return this.socket
    const socket = connect(this.port, '127.0.0.1')
    const drop = () => {
      if (this.socket === socket) this.socket = undefined
    }
    this.socket = socket.on('error', drop).on('end', drop).on('close', drop)
    return socket
  }
}

/** `+OK`, `$5 hello`, `$-1`; `undefined` while it is not whole. */
function replyOf(text: string): { readonly value: string | undefined } | undefined {
  const end = text.indexOf('\r\n')
  if (end < 0) return undefined
  if (!text.startsWith('$')) return { value: text.slice(1, end) }
  const length = Number(text.slice(1, end))
  if (length < 0) return { value: undefined }
  return text.length >= end + 2 + length + 2 ? { value: text.slice(end + 2, end + 2 + length) } : undefined
}
