import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

const says = (host: string) =>
  `blackstart: ${host} is no surface of this drill, and nothing else is let out. To allow it, name it under \`surfaces:\`, or take the proxy out of the program's environment.\n`

/** `CONNECT host:443`: what HTTPS clients ask of a proxy. */
export function refuseConnect({ url = '' }: IncomingMessage, socket: Socket, onRefused: (host: string) => void): void {
  onRefused(url)
  endWith(socket, 403, says(url))
}

/** `GET http://host/`: what HTTP clients ask of a proxy. */
export function refuseAsProxy(target: string, response: ServerResponse, onRefused: (host: string) => void): void {
  const host = URL.parse(target)?.host ?? target
  onRefused(host)
  response.writeHead(403, { 'content-type': 'text/plain' })
  response.end(says(host))
}

/** The client takes for granted that HTTP/2 is spoken here, as stock clients of Amazon Bedrock do. */
export function isHttp2(error: Error): boolean {
  return 'code' in error && error.code === 'HPE_PAUSED_H2_UPGRADE'
}

export const http2Notice =
  'A client spoke HTTP/2, which is not carried: it was turned away. Give it a handler for HTTP/1.1 (docs/wiring.md).'

/** What is no HTTP/1.1, or has more in its head than a server reads. */
export function refuseBadRequest(error: Error, socket: Socket): void {
  const code = 'code' in error ? error.code : undefined
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const status = code === 'HPE_HEADER_OVERFLOW' ? 431 : 400
  endWith(socket, status, `blackstart: this was no request of HTTP/1.1: ${error.message}\n`)
}

/** Says it past Node's own server, and ends the connection. */
function endWith(socket: Socket, status: number, text: string): void {
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
    // A client that leaves its own side open does not keep ours.
    () => socket.destroy(),
  )
}
