import { once } from 'node:events'
import * as http from 'node:http'
import * as https from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Certificate } from './certificates.ts'

/** A request as the upstream saw it. */
export interface Arrived {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
  /** The name that the handshake asked for. */
  readonly serverName: string | false | undefined
}

export type Answer = (response: http.ServerResponse, arrived: Arrived) => void

/** A server on 127.0.0.1 in the place of a real provider. */
export class UpstreamServer implements AsyncDisposable {
  readonly arrived: Arrived[] = []
  connections = 0
  private readonly server: http.Server
  private readonly sockets = new Set<Socket>()

  private constructor(server: http.Server, answer: Answer) {
    this.server = server
    server.on('connection', socket => {
      this.sockets.add(socket)
      this.connections++
      socket.on('error', () => {})
    })
    server.on('request', (request: http.IncomingMessage, response: http.ServerResponse) => {
      void this.receive(request, response, answer)
    })
  }

  static async open(answer: Answer, certificate?: Certificate): Promise<UpstreamServer> {
    const server = certificate ? https.createServer({ ...certificate }) : http.createServer()
    const upstream = new UpstreamServer(server, answer)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return upstream
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port // listens on a port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise(resolve => this.server.close(resolve))
  }

  private async receive(request: http.IncomingMessage, response: http.ServerResponse, answer: Answer): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const { method, url, headers } = request
    const serverName = (request.socket as TLSSocket).servername ?? undefined // none without TLS
    const arrived = { method, url, headers, body: Buffer.concat(pieces).toString(), serverName }
    this.arrived.push(arrived)
    answer(response, arrived)
  }
}
