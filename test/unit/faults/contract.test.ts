import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { faults } from '../../../src/faults/index.ts'
import { type Fault, faultParams } from '../../../src/model/fault.ts'
import type { Param } from '../../../src/model/param.ts'
import { contextOf } from './support.ts'

const order =
  `overloaded rate-limited unavailable internal-error bad-gateway gateway-timeout unauthorized forbidden model-missing
  bad-request too-large origin-error quota answer refused dns tls reset black-hole connect-stall slow-first-byte
  slow-tokens stream-cut stream-stall ping-only stream-error no-message-stop odd-event malformed-json truncated-json
  wrong-type empty-answer wrong-answer lost-response brownout idle-close`.split(/\s+/)

const belongsToTheEntry = ['surface', 'share', 'when', 'sticky', 'fault', 'mix', 'from', 'until']

afterEach(() => vi.restoreAllMocks())

test('the table holds the faults of the first version in their order, and others may join them', () => {
  expect([...faults.keys()].filter(id => order.includes(id))).toEqual(order)
})

test('every fault has the file of its id, and every file is a fault of the table', () => {
  const files = readdirSync(new URL('../../../src/faults/', import.meta.url), { withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name !== 'index.ts')
    .map(entry => entry.name)

  expect(files.toSorted()).toEqual([...faults.keys()].map(id => `${id}.ts`).toSorted())
})

test.each([...faults.keys()])('%s is exported from its file under its id in camel case', async id => {
  const module: Record<string, unknown> = await import(`../../../src/faults/${id}.ts`)

  const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  expect(Object.keys(module)).toEqual([name])
  expect(module[name]).toBe(faults.get(id))
})

describe.each([...faults.values()].map(fault => [fault.id, fault] as const))('%s', (_, fault) => {
  test('says in one sentence what happens', () => {
    expect(fault.says).toMatch(oneSentence)
  })

  test('declares parameters that have a sentence, a sound default, and nothing of the entry', () => {
    for (const [name, param] of Object.entries(fault.params)) {
      expect(name).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/)
      expect(belongsToTheEntry).not.toContain(name)
      expect(param.says, name).toMatch(oneSentence)
      if (param.default === undefined) expect(param.says, name).toMatch(/when absent\b/)
      else expect(defaultFits(param), name).toBe(true)
    }
  })

  test('has an effect with nothing but defaults, equal for equal draws', () => {
    const first = effectOf(fault)

    expect(first).toMatchObject({ type: expect.any(String) })
    expect(effectOf(fault)).toEqual(first)
    expect(structuredClone(first)).toEqual(first)
  })

  test('reads neither the clock nor unseeded chance', () => {
    const refuse = () => {
      throw new Error('a fault asked for the time or for chance')
    }
    vi.spyOn(Date, 'now').mockImplementation(refuse)
    vi.spyOn(performance, 'now').mockImplementation(refuse)
    vi.spyOn(Math, 'random').mockImplementation(refuse)

    expect(() => effectOf(fault)).not.toThrow()
  })

  test('reads every parameter that it declares', () => {
    const read = new Set<string>()
    const spy = new Proxy(fault.params, {
      get: (params, name: string) => {
        read.add(name)
        return params[name]
      },
    })

    fault.effect(faultParams(spy, {}), contextOf())

    for (const name of Object.keys(fault.params)) expect(read).toContain(name)
  })
})

/** A capital, no second sentence, a full stop. */
const oneSentence = /^[A-Z][^.!?]*\.$/

function effectOf(fault: Fault) {
  return fault.effect(faultParams(fault.params, {}), contextOf())
}

function defaultFits(param: Param): boolean {
  switch (param.kind) {
    case 'duration':
    case 'number':
      return (param.default ?? 0) >= (param.min ?? 0) && (param.default ?? 0) <= (param.max ?? Number.POSITIVE_INFINITY)
    case 'share':
      return (param.default ?? 0) >= 0 && (param.default ?? 0) <= 1
    case 'choice':
      return new Set(param.options).size === param.options.length && param.options.includes(param.default ?? '')
    case 'boolean':
      return typeof param.default === 'boolean'
    case 'text':
      return typeof param.default === 'string'
    case 'cut-point':
    case 'text-map':
      return typeof param.default === 'object'
    case 'surfaces':
      return false
  }
}
