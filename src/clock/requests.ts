import { createHook } from 'node:async_hooks'
import type { OpenWork } from './open-work.ts'

/** Node's own objects for a request to the thread pool or the kernel, as far as they are looked at here. */
interface Resource {
  readonly hostname?: string
  readonly address?: string
  readonly port?: number
  /** Of a connection. */
  readonly fd?: number
  /** Callback of an asynchronous crypto job; a synchronous one has none. */
  readonly ondone?: unknown
}

/** Resource types that end by themselves, and what to call them. */
const requests: Readonly<Record<string, (resource: Resource) => string>> = {
  FSREQCALLBACK: () => 'a file',
  FSREQPROMISE: () => 'a file',
  FILEHANDLECLOSEREQ: () => 'a file',
  GETADDRINFOREQWRAP: ({ hostname = 'a host' }) => `the address of ${hostname}`,
  GETNAMEINFOREQWRAP: () => 'the name of an address',
  QUERYWRAP: ({ hostname = 'a host' }) => `the address of ${hostname}`,
  TCPCONNECTWRAP: ({ address, port }) => `a connection to ${address}:${port}`,
  PIPECONNECTWRAP: ({ address = 'a local socket' }) => `a connection to ${address}`,
  PROCESSWRAP: () => 'a child process to end',
}

const files = new Set(['FSREQCALLBACK', 'FSREQPROMISE', 'FILEHANDLECLOSEREQ'])

// The same types serve the synchronous calls, which never report an end.
const jobs =
  /^(PBKDF2|SCRYPT|ARGON2|HASH|SIGN|VERIFY|CIPHER|DERIVEBITS|KEYEXPORT|KEYGEN|KEYPAIRGEN|SECRETKEYGEN|CHECKPRIME|RANDOMPRIME)REQUEST$/

/** A handshake gives signs of life of its own; this is for the stretch before the first. */
const handshakeMs = 250

/**
 * Watches the requests of this thread to the thread pool and the kernel: files, DNS, connections, crypto with a callback,
 * child processes. `onSeen` is told of each. Returns what ends the watch. Each is waited
 * for `capMs` at most, files for `fileCapMs`, both in real ms.
 */
export function watchRequests(
  open: OpenWork,
  capMs: number,
  onSeen: () => void,
  fileCapMs: number = capMs,
): () => void {
  const hook = createHook({
    init(id, type, _trigger, resource: Resource) {
      const name = requests[type]
      if (name) {
        onSeen()
        const patienceMs = files.has(type) ? fileCapMs : capMs
        open.start(id, { says: () => name(resource), patienceMs, loud: true })
      } else if (type === 'TLSWRAP') {
        // Asked later, when it has its connection. What an interceptor emulates has no descriptor.
        const isOpen = () => (resource.fd ?? -1) > 2
        open.start(id, { says: () => 'a handshake', patienceMs: handshakeMs, isOpen })
      } else if (jobs.test(type)) {
        let isAsync = false
        open.start(id, {
          says: () => 'a key or a hash',
          patienceMs: capMs,
          loud: true,
          // First asked when the call that made it has returned.
          isOpen() {
            if (!isAsync && resource.ondone === undefined) return false
            if (!isAsync) onSeen()
            isAsync = true
            return true
          },
        })
      }
    },
    after(id) {
      open.end(id)
    },
    destroy(id) {
      open.end(id)
    },
    // Promises are by far the most of all resources, and none of them is real work. (Node 24.14 and later; ignored before.)
    trackPromises: false,
  } as Parameters<typeof createHook>[0] & { trackPromises: boolean })
  hook.enable()
  return () => {
    hook.disable()
  }
}
