import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/** A source of numbers in [0, 1). */
export type Chance = () => number

type Callback<T> = (error: null, value: T) => void
type Bytes = ArrayBufferView | ArrayBufferLike

/**
 * Takes over `Math.random` and the random functions of `node:crypto` and Web Crypto, so that a run is a function of its
 * seed. `chance()` is asked for the source each time, which lets every app instance have its own. Returns the undo.
 *
 * Out of reach: what a CommonJS module took out of `require('crypto')` before, bytes that a package pooled before, and
 * generated keys.
 */
export function installChance(chance: () => Chance): () => void {
  const bytes = (size: number) => {
    const buffer = Buffer.alloc(size)
    fill(buffer, chance())
    return buffer
  }
  const randomBytes = (size: number, callback?: Callback<Buffer>) => answer(bytes(size), callback)
  const randomUUID = () => uuidOf(bytes(16), 4)

  const undo = [
    replace(Math, 'random', () => chance()()),
    ...['randomBytes', 'pseudoRandomBytes', 'prng', 'rng'].map(name => replace(crypto, name, randomBytes)),
    replace(crypto, 'randomUUID', randomUUID),
    ...('randomUUIDv7' in crypto ? [replace(crypto, 'randomUUIDv7', () => uuidOf(stamped(bytes(16)), 7))] : []),
    replace(crypto, 'randomFillSync', (target: Bytes, offset?: number, size?: number) => {
      fill(target, chance(), offset, size)
      return target
    }),
    replace(crypto, 'randomFill', (target: Bytes, ...rest: unknown[]) => {
      const callback = rest.pop() as Callback<Bytes>
      const [offset, size] = rest as [number?, number?]
      fill(target, chance(), offset, size)
      answer(target, callback)
    }),
    replace(crypto, 'randomInt', (...args: unknown[]) => {
      const callback = typeof args.at(-1) === 'function' ? (args.pop() as Callback<number>) : undefined
      const [low, high] = args.length > 1 ? (args as [number, number]) : [0, args[0] as number]
      return answer(low + Math.floor(chance()() * (high - low)), callback)
    }),
    replace(globalThis.crypto, 'randomUUID', randomUUID),
    // `node:crypto` reads this one through a getter, so it follows.
    replace(globalThis.crypto, 'getRandomValues', <T extends ArrayBufferView>(view: T): T => {
      fill(view, chance())
      return view
    }),
  ]
  syncBuiltinESMExports()
  return () => {
    for (const restore of undo.splice(0).reverse()) restore()
    syncBuiltinESMExports()
  }
}

/** To the callback, if there is one and as late as a real one, else at once. */
function answer<T>(value: T, callback: Callback<T> | undefined): T | undefined {
  if (!callback) return value
  queueMicrotask(() => callback(null, value))
  return undefined
}

/** `offset` and `size` are in elements of the target, as in Node. */
function fill(target: Bytes, chance: Chance, offset = 0, size?: number): void {
  const isView = ArrayBuffer.isView(target)
  const raw = isView ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength) : new Uint8Array(target)
  const width = isView && 'BYTES_PER_ELEMENT' in target ? Number(target.BYTES_PER_ELEMENT) : 1
  const end = size === undefined ? raw.length : (offset + size) * width
  for (let i = offset * width; i < end; i++) raw[i] = Math.floor(chance() * 256)
}

/** RFC 9562 §5.7: the first 48 bits are the time. */
function stamped(raw: Buffer): Buffer {
  raw.writeUIntBE(Date.now(), 0, 6)
  return raw
}

/** RFC 9562 §4: version and variant in their bits, written as text. */
function uuidOf(raw: Buffer, version: number): string {
  raw[6] = ((raw[6] ?? 0) & 0x0f) | (version << 4)
  raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80
  const hex = raw.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Sets `owner[name]` and returns what puts the very same descriptor (or its absence) back. */
export function replace(owner: object, name: string, value: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(owner, name)
  Object.defineProperty(owner, name, {
    value,
    writable: true,
    configurable: true,
    enumerable: before?.enumerable ?? false,
  })
  return () => {
    if (before) Object.defineProperty(owner, name, before)
    else Reflect.deleteProperty(owner, name)
  }
}
