import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/** A source of numbers in [0, 1). */
export type Chance = () => number

/**
 * Takes over `Math.random` and the random functions of `node:crypto` and Web Crypto, so that a run is a function of its
 * seed. `chance()` is asked for the source each time, which lets every app instance have its own. Returns the undo.
 */
export function installChance(chance: () => Chance): () => void {
  const bytes = (size: number): Buffer => fill(Buffer.alloc(size), chance()) as Buffer
  const uuid = () => {
    const raw = bytes(16)
    raw[6] = ((raw[6] ?? 0) & 0x0f) | 0x40
    raw[8] = ((raw[8] ?? 0) & 0x3f) | 0x80
    const hex = raw.toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
  const getRandomValues = <T extends ArrayBufferView>(view: T): T => fill(view, chance()) as T
  const between = (low: number, high: number) => low + Math.floor(chance()() * (high - low))
  const later = <T>(callback: (error: null, value: T) => void, value: T) => queueMicrotask(() => callback(null, value))

  const undo = [
    replace(Math, 'random', () => chance()()),
    replace(crypto, 'randomUUID', uuid),
    replace(crypto, 'randomBytes', (size: number, callback?: (error: null, value: Buffer) => void) =>
      callback ? later(callback, bytes(size)) : bytes(size),
    ),
    replace(crypto, 'randomFillSync', (view: ArrayBufferView, offset?: number, size?: number) => {
      fill(part(view, offset, size), chance())
      return view
    }),
    replace(crypto, 'randomFill', (view: ArrayBufferView, ...rest: unknown[]) => {
      const callback = rest.pop() as (error: null, value: ArrayBufferView) => void
      const [offset, size] = rest as [number?, number?]
      fill(part(view, offset, size), chance())
      later(callback, view)
    }),
    replace(crypto, 'randomInt', (...args: unknown[]) => {
      const callback = typeof args.at(-1) === 'function' ? (args.pop() as (error: null, value: number) => void) : undefined
      const [low, high] = args.length > 1 ? (args as [number, number]) : [0, args[0] as number]
      const value = between(low, high)
      return callback ? later(callback, value) : value
    }),
    replace(globalThis.crypto, 'randomUUID', uuid),
    // `node:crypto` reads this one through a getter, so it follows.
    replace(globalThis.crypto, 'getRandomValues', getRandomValues),
  ]
  syncBuiltinESMExports()
  return () => {
    for (const restore of undo.reverse()) restore()
    syncBuiltinESMExports()
  }
}

function fill(view: ArrayBufferView, chance: Chance): ArrayBufferView {
  const raw = new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  for (let i = 0; i < raw.length; i++) raw[i] = Math.floor(chance() * 256)
  return view
}

function part(view: ArrayBufferView, offset = 0, size?: number): ArrayBufferView {
  return new Uint8Array(view.buffer, view.byteOffset + offset, size ?? view.byteLength - offset)
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
