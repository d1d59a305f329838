import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { readKeys } from '../../../../src/cli/drill/keys.ts'
import { FakeDrill } from '../../../support/fake-drill.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})

afterEach(() => {
  vi.useRealTimers()
})

/** A keyboard of a terminal, which remembers how it was set. */
class FakeStdin extends EventEmitter {
  isTTY = true
  isRaw = false
  isFlowing = false

  setRawMode(isRaw: boolean): void {
    this.isRaw = isRaw
  }

  resume(): void {
    this.isFlowing = true
  }

  pause(): void {
    this.isFlowing = false
  }
}

function sit(stdin = new FakeStdin(), inBackground = false) {
  const drill = new FakeDrill()
  const said: string[] = []
  const quits: number[] = []
  const keys = readKeys(stdin, drill, { onQuit: () => quits.push(1), say: text => said.push(text), inBackground })
  /** Presses keys, and tells what was said then. */
  const press = (text: string) => {
    said.length = 0
    stdin.emit('data', Buffer.from(text))
    return said.join('\n')
  }
  return { stdin, drill, keys, press, quits }
}

test('h holds the phase and says that its faults stay, and releases it', () => {
  const { drill, press } = sit()

  expect(press('h')).toMatchInlineSnapshot(`"Held: down goes on until h is pressed again, and its faults stay on."`)
  expect(press('h')).toMatchInlineSnapshot(`"Released: down may end."`)
  expect(drill.told).toEqual([{ hold: true }, { release: true }])
})

test('s skips, e and E extend', () => {
  const { drill, press } = sit()

  expect([press('s'), press('e'), press('E')]).toMatchInlineSnapshot(`
    [
      "Skipped the rest of down.",
      "down ends 1 m later.",
      "down ends 5 m later.",
    ]
  `)
  expect(drill.told).toEqual([{ skip: true }, { extend: 60_000 }, { extend: 300_000 }])
})

test('a asks once more before it aborts', () => {
  const { drill, press } = sit()

  expect(press('a')).toMatchInlineSnapshot(
    `"Abort the drill? Every fault ends at once. Press a again, or any other key to go on."`,
  )
  expect(drill.told).toEqual([])
  expect(press('a')).toMatchInlineSnapshot(`"Aborting: every fault ends now."`)
  expect(drill.told).toEqual([{ abort: 'by a key' }])
})

test('any other key, or too long a time, goes on', () => {
  const { drill, press } = sit()

  press('a')
  expect(press('s')).toBe('Not aborted.')
  press('a')
  vi.advanceTimersByTime(6_000)
  expect(press('a')).toContain('Press a again')

  expect(drill.told).toEqual([])
})

test('m and a letter mark the journal', () => {
  const { drill, press } = sit()

  expect(press('m')).toMatchInlineSnapshot(
    `"Mark what? d detected, c declared, m mitigated, r recovered, any other key nothing."`,
  )
  expect(press('d')).toMatchInlineSnapshot(`"Marked in the journal: detected."`)
  press('mc')
  press('mm')
  expect(press('mx')).toContain('Nothing was marked.')

  expect(drill.told).toEqual([{ mark: 'detected' }, { mark: 'declared' }, { mark: 'mitigated' }])
})

test('q and ctrl-c end the drill, whatever was asked before', () => {
  const { press, quits, drill } = sit()

  press('q')
  press('a\u0003')

  expect(quits).toHaveLength(2)
  expect(drill.told).toEqual([])
})

test('what the drill cannot do now is said, and no more', () => {
  const { drill, press } = sit()

  drill.refuseNext('Failed to skip: the outage has not begun.', 'Wait for the first phase.')
  expect(press('s')).toBe('Failed to skip: the outage has not begun. Wait for the first phase.')
  drill.refusal = new TypeError('x is undefined')
  expect(press('h')).toBe('That failed: x is undefined')
})

test('arrows and unknown keys do nothing', () => {
  const { drill, press, quits } = sit()

  expect(['\u001b[A', '\u001b[a', '\u001bOq', 'z', ' ', '\r'].map(press).join('')).toBe('')

  expect([drill.told, quits]).toEqual([[], []])
})

test('the terminal is as it was when keys are closed, or the process ends', () => {
  const first = sit()
  expect([first.stdin.isRaw, first.stdin.isFlowing, first.keys.areRead]).toEqual([true, true, true])
  const listeners = process.listenerCount('exit')

  first.keys.close()

  expect([first.stdin.isRaw, first.stdin.isFlowing, first.stdin.listenerCount('data')]).toEqual([false, false, 0])
  expect(process.listenerCount('exit')).toBe(listeners - 1)

  const second = sit()
  const restore = process.listeners('exit').at(-1) as (() => void) | undefined // registered by `readKeys` just now
  restore?.()
  expect(second.stdin.isRaw).toBe(false)
  second.keys.close()
})

test('what is no terminal is not read, and none of a job in the background, which that would stop', () => {
  const pipe = new FakeStdin()
  pipe.isTTY = false

  for (const { keys, press, drill, stdin } of [sit(pipe), sit(new FakeStdin(), true)]) {
    expect(press('hq')).toBe('')
    expect([keys.areRead, stdin.isRaw, stdin.isFlowing, drill.told]).toEqual([false, false, false, []])
  }
})
