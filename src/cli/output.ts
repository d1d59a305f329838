import { writeSync } from 'node:fs'

/** Writes all of `text` to stdout before it returns; a reader that went away (`| head`, a closed terminal) is no error. */
export function print(text: string): void {
  writeAll(1, text)
}

/** Progress, notices and errors: never on stdout, which belongs to what was asked for. */
export function notice(text: string): void {
  writeAll(2, text.endsWith('\n') ? text : `${text}\n`)
}

/** Colour for people at a terminal who have not asked for none. */
export function useColor(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
}

/**
 * Synchronous, so that nothing is lost to a `process.exit` that follows. A pipe that is full answers EAGAIN: then it is
 * tried again after a pause.
 */
export function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0)
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      if (code === 'EPIPE' || code === 'EBADF' || code === 'EIO') return
      if (code !== 'EAGAIN') throw error
      Atomics.wait(pause, 0, 0, 5)
    }
}

const pause = new Int32Array(new SharedArrayBuffer(4))
