import crypto, { getRandomValues, randomBytes, randomFillSync, randomInt, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { installChance } from '../../../src/clock/chance.ts'
import { randomStream } from '../../../src/lib/draw.ts'

let undo = () => {}
afterEach(() => undo())

/** Under this seed, what every source of chance says. */
async function sample(seed: number) {
  const stream = randomStream(seed, 'test')
  undo = installChance(() => stream)
  const said = {
    random: Math.random(),
    uuid: randomUUID(),
    webUuid: globalThis.crypto.randomUUID(),
    bytes: randomBytes(8).toString('hex'),
    laterBytes: (await promisify(randomBytes)(8)).toString('hex'),
    fill: randomFillSync(Buffer.alloc(4)).toString('hex'),
    laterFill: Buffer.from((await promisify(crypto.randomFill)(new Uint8Array(4))) as Uint8Array).toString('hex'),
    int: randomInt(1_000),
    laterInt: await promisify<number, number, number>(randomInt)(5, 10),
    values: [...getRandomValues(new Uint16Array(4))],
    webValues: [...globalThis.crypto.getRandomValues(new Uint8Array(4))],
    alias: crypto.pseudoRandomBytes(4).toString('hex'),
  }
  undo()
  return said
}

test('the same seed says the same through every function, by named imports too; another says else', async () => {
  const first = await sample(1)

  expect(await sample(1)).toEqual(first)
  const other = await sample(2)
  for (const key of Object.keys(first) as (keyof typeof first)[])
    if (key !== 'laterInt') expect([key, other[key]]).not.toEqual([key, first[key]])
})

test('values have the shape of the real ones', async () => {
  const { uuid, webUuid, random, laterInt, bytes } = await sample(3)

  for (const id of [uuid, webUuid])
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(random).toBeGreaterThanOrEqual(0)
  expect(random).toBeLessThan(1)
  expect([5, 6, 7, 8, 9]).toContain(laterInt)
  expect(bytes).toHaveLength(16)
})

test('integers cover their range and stay in it', () => {
  const stream = randomStream(1)
  undo = installChance(() => stream)
  const drawn = new Set(Array.from({ length: 500 }, () => randomInt(-3, 4)))
  expect([...drawn].toSorted((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3])
})

test('a fill keeps to its offset and size, which count elements', () => {
  undo = installChance(() => () => 0.999)

  expect([...randomFillSync(Buffer.alloc(5), 1, 3)]).toEqual([0, 255, 255, 255, 0])
  expect([...randomFillSync(new Uint16Array(4), 1, 2)]).toEqual([0, 0xffff, 0xffff, 0])
  expect([...new Uint8Array(randomFillSync(new DataView(new ArrayBuffer(3))).buffer)]).toEqual([255, 255, 255])
  const inner = Buffer.alloc(6).subarray(2, 4)
  expect([...new Uint8Array(randomFillSync(inner).buffer, inner.byteOffset - 2, 6)]).toEqual([0, 0, 255, 255, 0, 0])
})

test('callbacks come later, as the real ones do', async () => {
  undo = installChance(() => () => 0.5)
  const order: string[] = []
  const done = new Promise<void>(resolve =>
    randomBytes(4, (error, bytes) => {
      order.push(`callback ${error} ${bytes.length}`)
      resolve()
    }),
  )
  order.push('after the call')
  await done
  expect(order).toEqual(['after the call', 'callback null 4'])
})

test('each context may have a stream of its own', () => {
  const streams = [randomStream(1, 0), randomStream(1, 1)] as const
  let who: 0 | 1 = 0
  undo = installChance(() => streams[who])
  const zero = [Math.random(), randomUUID()]
  who = 1
  const one = [Math.random(), randomUUID()]
  undo()

  const alone = randomStream(1, 1)
  undo = installChance(() => alone)
  expect([Math.random(), randomUUID()]).toEqual(one)
  expect(one).not.toEqual(zero)
})

test('everything is given back, once', () => {
  const owners = [Math, crypto, globalThis.crypto]
  const look = () => owners.map(owner => Object.getOwnPropertyDescriptors(owner))
  const before = look()

  const restore = installChance(() => () => 0.5)
  expect(Math.random()).toBe(0.5)
  restore()
  restore()

  const after = look()
  for (const [i, descriptors] of before.entries()) {
    expect(Reflect.ownKeys(after[i] ?? {})).toEqual(Reflect.ownKeys(descriptors))
    for (const [name, { value, get, ...flags }] of Object.entries(descriptors)) {
      const now = (after[i] as Record<string, PropertyDescriptor>)[name]
      expect(now?.value === value && now?.get === get, name).toBe(true)
      expect({ enumerable: now?.enumerable, configurable: now?.configurable }).toEqual({
        enumerable: flags.enumerable,
        configurable: flags.configurable,
      })
    }
  }
  expect(new Set(Array.from({ length: 20 }, () => randomUUID())).size).toBe(20)
})
