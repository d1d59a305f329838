import { createHash, KeyObject, randomBytes, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import * as asn1 from 'asn1js'
import {
  AltName,
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  ExtKeyUsage,
  GeneralName,
} from 'pkijs'
import { nativeEpochMs } from '../../clock/native.ts'
import type { ServerCertificate } from './secure.ts'

/** A certificate for this machine, and whom one must trust to believe it. */
export interface SelfSigned extends ServerCertificate {
  /** The authority's own certificate, PEM. */
  readonly ca: string
}

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' } as const
const dayMs = 86_400_000
/** No drill is longer, and nobody keeps one. */
const validMs = 30 * dayMs

/** Object identifiers (RFC 5280 §4.2.1, and X.520 for the common name). */
const oids = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
}

/** Kinds of names in a certificate (RFC 5280 §4.2.1.6). */
const dnsName = 2
const ipAddress = 7

/**
 * An authority of a month, and what it has signed for `127.0.0.1`, `localhost` and the names or addresses of `also`.
 * Nobody keeps the authority's key: it cannot sign for anybody else, whoever trusts it.
 */
export async function selfSigned(also: readonly string[] = []): Promise<SelfSigned> {
  const authority = await keyPair()
  const server = await keyPair()
  const ca = await certificate({
    ...{ subject: authorityName, keys: authority, authority },
    extensions: [
      critical(oids.basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
      // Bits of RFC 5280 §4.2.1.3: it signs certificates.
      critical(oids.keyUsage, bits(0b0000_0100)),
    ],
  })
  const leaf = await certificate({
    ...{ subject: 'localhost', keys: server, authority },
    extensions: [
      critical(oids.basicConstraints, new BasicConstraints({ cA: false })),
      critical(oids.keyUsage, bits(0b1000_0000)),
      extension(oids.extKeyUsage, new ExtKeyUsage({ keyPurposes: [oids.serverAuth] })),
      extension(oids.subjectAltName, new AltName({ altNames: [...new Set([...ofThisMachine, ...also])].map(nameOf) })),
    ],
  })
  const key = KeyObject.from(server.privateKey).export({ type: 'pkcs8', format: 'pem' })
  return { ca, cert: leaf, key: String(key) }
}

const authorityName = 'blackstart, for one drill'

interface Parts {
  readonly subject: string
  readonly keys: webcrypto.CryptoKeyPair
  readonly authority: webcrypto.CryptoKeyPair
  readonly extensions: readonly Extension[]
}

async function certificate({ subject, keys, authority, extensions }: Parts): Promise<string> {
  const made = new Certificate()
  const now = nativeEpochMs()
  made.version = 2
  // Positive, whatever the draw.
  made.serialNumber = new asn1.Integer({ valueHex: Uint8Array.of(1, ...randomBytes(15)).buffer })
  made.issuer.typesAndValues.push(commonName(authorityName))
  made.subject.typesAndValues.push(commonName(subject))
  // Clocks of containers and virtual machines are behind at times.
  made.notBefore.value = new Date(now - dayMs)
  made.notAfter.value = new Date(now + validMs)
  made.extensions = [
    ...extensions,
    // Those who are strict (Python since 3.13) want to be told which key signs which.
    extension(oids.subjectKeyIdentifier, schemaOf(await identifierOf(keys))),
    extension(
      oids.authorityKeyIdentifier,
      new AuthorityKeyIdentifier({ keyIdentifier: await identifierOf(authority) }),
    ),
  ]
  await made.subjectPublicKeyInfo.importKey(keys.publicKey)
  await made.sign(authority.privateKey, 'SHA-256')
  const base64 = Buffer.from(made.toSchema(true).toBER()).toString('base64')
  return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`
}

function keyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])
}

/** RFC 7093 §2: the first 160 bits of a hash of the key. */
async function identifierOf({ publicKey }: webcrypto.CryptoKeyPair): Promise<asn1.OctetString> {
  const point = Buffer.from(await webcrypto.subtle.exportKey('raw', publicKey))
  const valueHex = Uint8Array.from(createHash('sha256').update(point).digest().subarray(0, 20)).buffer
  return new asn1.OctetString({ valueHex })
}

function commonName(text: string): AttributeTypeAndValue {
  return new AttributeTypeAndValue({ type: oids.commonName, value: new asn1.Utf8String({ value: text }) })
}

/** The third is what a container calls the machine that it is on. */
const ofThisMachine = ['localhost', '127.0.0.1', 'host.docker.internal', '::1']

function nameOf(name: string): GeneralName {
  if (isIP(name) === 0) return new GeneralName({ type: dnsName, value: name })
  return new GeneralName({ type: ipAddress, value: new asn1.OctetString({ valueHex: addressBytes(name) }) })
}

function addressBytes(address: string): ArrayBuffer {
  if (isIP(address) === 4) return Uint8Array.from(address.split('.'), Number).buffer
  // A URL has an address of version 6 in its shortest form, with at most one gap.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map(group => Number.parseInt(group, 16)))
  const gap = Array.from({ length: 8 - groups(head).length - groups(tail).length }, () => 0)
  const bytes = [...groups(head), ...gap, ...groups(tail)].flatMap(group => [group >> 8, group & 255])
  return Uint8Array.from(bytes).buffer
}

interface Encodable {
  toSchema(): { toBER(): ArrayBuffer }
}

function extension(id: string, value: Encodable, isCritical = false): Extension {
  return new Extension({ extnID: id, critical: isCritical, extnValue: value.toSchema().toBER() })
}

function critical(id: string, value: Encodable): Extension {
  return extension(id, value, true)
}

function bits(byte: number): Encodable {
  const unused = Math.clz32(byte & -byte) ^ 31
  return schemaOf(new asn1.BitString({ valueHex: Uint8Array.of(byte).buffer, unusedBits: unused }))
}

function schemaOf(schema: ReturnType<Encodable['toSchema']>): Encodable {
  return { toSchema: () => schema }
}
