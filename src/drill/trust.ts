import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import type { ServerCertificate } from '../engines/loopback/secure.ts'
import { scratchFolder } from '../lib/scratch.ts'

/** What lets the providers of a drill speak HTTPS, and an app believe them. Certificates are checked as ever. */
export interface Trust {
  readonly server: ServerCertificate
  /** How programs are told whom to trust: Node, OpenSSL (Python, Ruby), Go, requests, curl and the AWS SDKs each in their own way. */
  readonly env: Readonly<Record<string, string>>
  /** This process too trusts the drill's authority, until disposed of. */
  inProcess(): Disposable
}

/**
 * Makes an authority for one drill. `host` is the address that the providers listen on. The files hold no secret, and are
 * gone when the process exits.
 */
export async function openTrust(host = '127.0.0.1', ambient: NodeJS.ProcessEnv = process.env): Promise<Trust> {
  const { selfSigned } = await import('../engines/loopback/self-signed.ts')
  const { ca, ...server } = await selfSigned(isWildcard(host) ? [hostname()] : [host])
  const folder = mkdtempSync(join(scratchFolder(), 'tls-'))
  const write = (name: string, certificates: readonly string[]) => {
    const file = join(folder, name)
    writeFileSync(file, certificates.map(one => `${one.trim()}\n`).join(''), { mode: 0o600 })
    return file
  }
  // Node adds to what it trusts anyway; the others trust what they find there and nothing else.
  const extra = write('extra.pem', [ca, ...contentOf(ambient['NODE_EXTRA_CA_CERTS'])])
  const whole = write('whole.pem', [ca, ...new Set([...trustedHere(), ...contentOf(ambient['SSL_CERT_FILE'])])])
  return {
    server,
    env: {
      NODE_EXTRA_CA_CERTS: extra,
      ...{ SSL_CERT_FILE: whole, REQUESTS_CA_BUNDLE: whole, CURL_CA_BUNDLE: whole, AWS_CA_BUNDLE: whole },
    },
    inProcess() {
      const before = getCACertificates('default')
      setDefaultCACertificates([...before, ca])
      return { [Symbol.dispose]: () => setDefaultCACertificates(before) }
    },
  }
}

function trustedHere(): readonly string[] {
  return [...getCACertificates('default'), ...getCACertificates('system')]
}

/** What a variable of the machine's own names; nothing where it cannot be read. */
function contentOf(file: string | undefined): readonly string[] {
  if (file === undefined || file === '') return []
  try {
    return [readFileSync(file, 'utf8')]
  } catch {
    return []
  }
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}
