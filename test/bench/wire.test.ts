import { expect, test } from 'vitest'
import { wireAnswers } from '../../bench/wire/answers.ts'
import { wireProxy } from '../../bench/wire/proxy.ts'
import { wireStreams } from '../../bench/wire/streams.ts'

const small = { rounds: 1, busyMs: 60, singleMs: 30, connections: 4, warmMs: 60 }

async function linesOf(part: AsyncIterable<string>): Promise<string> {
  const lines: string[] = []
  for await (const line of part) lines.push(line)
  return lines.join('\n')
}

/** The figures alone are this machine's; what is compared with what, and that each was measured, is not. */
function withoutFigures(text: string): readonly string[] {
  return text.split('\n').map(line =>
    line
      .trim()
      .replace(/[\d.,]*\d/g, 'n')
      .replaceAll(/ {2,}/g, '  '),
  )
}

const measured = 'n a second  ratio n (n to n)  server n µs each (n)  client n µs each  alone pn n µs, pn n µs'

test('whole answers of each kind are measured beside those of a bare server', async () => {
  const [, bare, ...rows] = withoutFigures(await linesOf(wireAnswers(small)))

  expect(bare).toBe(`bare node:http  ${measured}`)
  expect(rows.map(row => row.split('  ')[0])).toEqual([
    'recorded answer',
    'recorded, journal in a file',
    'answer made up by the provider',
    'overloaded, by a fault',
  ])
  for (const row of rows) expect(row).toContain(measured)
  for (const row of rows) expect(row).toMatch(/ {2}adds -?n and -?n µs$/)
})

test('the way through Toxiproxy is measured beside the direct one, or it is said why not', async () => {
  const [, ...rows] = withoutFigures(await linesOf(wireProxy(small)))

  if (rows[0]?.startsWith('skipped: ')) expect(rows).toHaveLength(1)
  else {
    expect(rows[0]).toBe(`app → server  ${measured}`)
    expect(rows[1]).toContain(`app → Toxiproxy → server  ${measured}`)
  }
})

test('streams are all read to their end, and their events are told when they were due', async () => {
  const text = await linesOf(wireStreams([{ count: 6, perSecond: 20, forMs: 900, settleMs: 50 }]))
  const [, row] = withoutFigures(text)

  expect(row).toMatch(/^n streams, n a second each: {2}RSS -?n KiB each/)
  expect(row).toMatch(
    / {2}written late pn n ms, pn n ms, max n ms {2}read late pn n ms, pn n ms, max n ms {2}no errors$/,
  )
})
