import { webcrypto } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import zlib, { type Gzip } from 'node:zlib'
import { replace } from './chance.ts'
import type { OpenWork, Work } from './open-work.ts'

type Method = (...args: unknown[]) => unknown

/**
 * Watches real work that has a beginning and an end in JavaScript: compression, Web Crypto, compiling
 * WebAssembly, and what is posted to a worker thread until it says something. Returns what ends the watch.
 */
export function watchBrackets(open: OpenWork, capMs: number, onSeen: () => void): () => void {
  const undo = [
    ...watchCompressors(open, capMs, onSeen),
    ...watchWebCrypto(open, capMs, onSeen),
    ...watchWebAssembly(open, capMs),
    ...watchWorkers(open, capMs, onSeen),
  ]
  return () => {
    for (const back of undo.reverse()) back()
  }
}

/** The class that all compressors extend has no name in the API. */
function watchCompressors(open: OpenWork, capMs: number, onSeen: () => void): (() => void)[] {
  const base = Object.getPrototypeOf(Object.getPrototypeOf(zlib.Gzip.prototype)) as { _transform: Method }
  const transform = base._transform
  return [
    replace(base, '_transform', function (this: Gzip, chunk: unknown, encoding: unknown, callback: Method) {
      const key = Symbol('zlib')
      onSeen()
      open.start(key, {
        says: () => 'a compressor',
        patienceMs: capMs,
        loud: true,
        // With its output full it waits for a reader, who may be waiting for virtual time.
        isOpen: () => !this.destroyed && this.readableLength < this.readableHighWaterMark,
      })
      return transform.call(this, chunk, encoding, (...args: unknown[]) => {
        open.end(key)
        callback(...args)
      })
    }),
  ]
}

function watchWebCrypto(open: OpenWork, capMs: number, onSeen: () => void): (() => void)[] {
  const prototype = Object.getPrototypeOf(webcrypto.subtle) as object
  return Object.getOwnPropertyNames(prototype)
    .filter(name => name !== 'constructor')
    .flatMap(name =>
      awaitCalls(prototype, name, open, { says: () => `crypto.subtle.${name}`, patienceMs: capMs, loud: true }, onSeen),
    )
}

/** Compiled in other threads; no I/O, and always with the same end. */
function watchWebAssembly(open: OpenWork, capMs: number): (() => void)[] {
  const work = { says: () => 'a WebAssembly module', patienceMs: capMs, loud: true }
  // By name, as its type comes with a browser's and not with Node's.
  const assembly: unknown = Reflect.get(globalThis, 'WebAssembly')
  if (typeof assembly !== 'object' || assembly === null) return []
  return ['compile', 'instantiate'].flatMap(name => awaitCalls(assembly, name, open, work))
}

/** Counts every call of `owner[name]` as work until the promise that it returns settles. */
function awaitCalls(owner: object, name: string, open: OpenWork, work: Work, onCall = () => {}): (() => void)[] {
  const method: unknown = Reflect.get(owner, name)
  if (typeof method !== 'function') return []
  return [
    replace(owner, name, function (this: unknown, ...args: unknown[]) {
      const result: unknown = Reflect.apply(method, this, args)
      if (!(result instanceof Promise)) return result
      const key = Symbol(name)
      const end = () => open.end(key)
      onCall()
      open.start(key, work)
      result.then(end, end)
      return result
    }),
  ]
}

/** Whether the worker keeps the process alive. Told by the handle inside it, as `Worker` itself does not say; yes when in doubt. */
function isReferenced(worker: Worker): boolean {
  const key = Object.getOwnPropertySymbols(worker).find(symbol => symbol.description === 'kHandle')
  const handle: unknown = key && Reflect.get(worker, key)
  return !(hasHasRef(handle) && handle.hasRef() === false)
}

function hasHasRef(value: unknown): value is { hasRef(): unknown } {
  return typeof value === 'object' && value !== null && 'hasRef' in value && typeof value.hasRef === 'function'
}

function watchWorkers(open: OpenWork, capMs: number, onSeen: () => void): (() => unknown)[] {
  // One that never answers is waited for once.
  const silent = new WeakSet<Worker>()
  const ask = (worker: Worker) => {
    // Whoever unreferences a worker does not wait for it: such as the compiler's own, when a module is imported late.
    if (!isReferenced(worker)) return
    onSeen()
    if (silent.has(worker)) return
    open.start(worker, {
      says: () => 'a worker thread',
      patienceMs: capMs,
      loud: true,
      isOpen: () => worker.threadId !== -1,
      onGaveUp: () => silent.add(worker),
    })
  }
  const { postMessage, emit } = Worker.prototype
  process.on('worker', ask)
  return [
    () => process.off('worker', ask),
    replace(Worker.prototype, 'postMessage', function (this: Worker, ...args: unknown[]) {
      ask(this)
      return Reflect.apply(postMessage, this, args)
    }),
    ...awaitCalls(Worker.prototype, 'terminate', open, {
      says: () => 'a worker thread to end',
      patienceMs: capMs,
      loud: true,
    }),
    replace(Worker.prototype, 'emit', function (this: Worker, ...args: unknown[]) {
      // It has its first task from `workerData`, or will say that it is ready.
      if (args[0] === 'online') ask(this)
      else if (args[0] === 'message' || args[0] === 'error' || args[0] === 'exit') {
        silent.delete(this)
        open.end(this)
      }
      return Reflect.apply(emit, this, args)
    }),
  ]
}
