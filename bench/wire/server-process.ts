/**
 * The server's side of the bench, in a process of its own: the loopback engine on the very ground that a drill stands on,
 * or a bare `node:http` server that answers the same bytes.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Ground, layGround, leaveGround } from '../../src/drill/ground.ts'
import { UsageError } from '../../src/lib/errors.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import { serveDeeds } from './child.ts'
import { spent } from './spent.ts'
import { watchEvents } from './watch.ts'

export interface GroundSpec {
  readonly engine: 'loopback' | 'toxiproxy'
  readonly scenario: Scenario
  /** How many times faster than real time the scenario goes: at a million, what a provider thinks takes no time. */
  readonly speed: number
  /** Path of the journal's file; memory alone when absent. */
  readonly journal?: string
  /** Whether to note when each event of a stream was due, and when it was written. */
  readonly watch?: boolean
}

export interface BareSpec {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Opened = { readonly type: 'open'; readonly port: number } | { readonly type: 'none'; readonly says: string }

type Nothing = Readonly<Record<string, never>>

let ground: Ground | undefined
let events: ReturnType<typeof watchEvents> | undefined

async function openGround({ watch, ...spec }: GroundSpec): Promise<Opened> {
  try {
    ground = await layGround({ ...spec, seed: 1 })
  } catch (error) {
    if (error instanceof UsageError) return { type: 'none', says: error.message }
    throw error
  }
  // No app is waited for: the first phase begins now.
  ground.stage.originMs = ground.stage.clock.now()
  if (watch) events = watchEvents(ground.stage.responder)
  const [door] = ground.wire.doors
  return { type: 'open', port: Number(door?.at.split(':')[1]) }
}

function openBare({ status, headers, body }: BareSpec): Promise<Opened> {
  const server = createServer(
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0, noDelay: true },
    (request, response) => {
      const pieces: Buffer[] = []
      request.on('data', (piece: Buffer) => pieces.push(piece))
      request.on('end', () => {
        JSON.parse(Buffer.concat(pieces).toString())
        response.sendDate = false
        response.writeHead(status, headers)
        response.end(body)
      })
    },
  )
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo // it listens on TCP
      resolve({ type: 'open', port })
    })
  })
}

const deeds = {
  openGround,
  openBare,
  spent,
  events: (_: Nothing) => events?.() ?? [],
  close: async (_: Nothing) => {
    if (ground) await leaveGround(ground)
    ground = undefined
  },
}
export type ServerDeeds = typeof deeds

serveDeeds(deeds)
