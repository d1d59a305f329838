import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

const says = (host: string) =>
  `blackstart: ${host} is no surface of this drill, and nothing else is let out. To allow it, name it under \`surfaces:\`, or take the proxy out of the program's environment.\n`

/** `CONNECT host:443`: what HTTPS clients ask of a proxy. */
export function refuseConnect({ url = '' }: IncomingMessage, socket: Duplex, onRefused: (host: string) => void): void {
  onRefused(url)
  const text = says(url)
  socket.end(
    `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
  )
}

/** `GET http://host/`: what HTTP clients ask of a proxy. */
export function refuseAsProxy(target: string, response: ServerResponse, onRefused: (host: string) => void): void {
  const host = URL.parse(target)?.host ?? target
  onRefused(host)
  response.writeHead(403, { 'content-type': 'text/plain' })
  response.end(says(host))
}
