import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** A certificate authority of the test's own, and what it has signed for each name; made by openssl. */
export function certificates(...names: readonly string[]): {
  readonly ca: string
  readonly of: Readonly<Record<string, Certificate>>
} {
  const folder = mkdtempSync(join(tmpdir(), 'blackstart-tls-'))
  const at = (file: string) => join(folder, file)
  try {
    const make = (name: string, ...more: readonly string[]) => {
      const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', at(`${name}.key`)]
      const subject = ['-days', '2', '-subj', `/CN=${name}`, '-out', at(`${name}.pem`)]
      execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...more], { stdio: 'pipe' })
      return { key: readFileSync(at(`${name}.key`), 'utf8'), cert: readFileSync(at(`${name}.pem`), 'utf8') }
    }
    const { cert: ca } = make('ca', '-addext', 'basicConstraints=critical,CA:TRUE')
    const by = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-addext', 'basicConstraints=critical,CA:FALSE']
    const of = names.map(name => [name, make(name, ...by, '-addext', `subjectAltName=DNS:${name}`)] as const)
    return { ca, of: Object.fromEntries(of) }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
