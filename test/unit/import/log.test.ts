import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isProblems, type Log, readLog } from '../../../src/import/log.ts'
import { formatProblems } from '../../../src/import/problem.ts'

/** The rows of a log as a person reads them. */
function rowsOf(text: string): string[] {
  const log = read(text)
  const columns = log.dimensions.map(
    ({ name, values, of }) =>
      (i: number) =>
        `${name}=${values[of[i] ?? 0]}`,
  )
  return [...log.times].map((time, i) =>
    [time, log.meanings[log.kinds[i] ?? 0]?.name, log.latencies[i], ...columns.map(cell => cell(i))].join(' '),
  )
}

function read(text: string): Log {
  const log = readLog(text)
  if (isProblems(log)) throw new Error(formatProblems('log.csv', log))
  return log
}

/** What is wrong with a text, as it is printed. */
function wrongWith(text: string): string {
  const log = readLog(text)
  return isProblems(log) ? formatProblems('log.csv', log) : 'nothing'
}

test('a log is read by its header, whatever the columns are called', () => {
  const t = Date.UTC(2026, 2, 2, 11)
  expect(rowsOf('time,status,latency\n2026-03-02T11:00:00Z,200,120\n')).toEqual([`${t} ok 120`])
  expect(rowsOf('Timestamp;HTTP Status;Duration (ms)\r\n2026-03-02 12:00:00+01:00;529;80\r\n')).toEqual([`${t} 529 80`])
  expect(rowsOf('\uFEFF"model",ts,"path","code"\n"a ""b"", c",1772449200,/v1/messages,"timeout"\n')).toEqual([
    `${t} timeout NaN model=a "b", c surface=/v1/messages`,
  ])
})

test('times are dates, or seconds, milliseconds, microseconds or nanoseconds since 1970', () => {
  const of = (time: string) => read(`time,status\n${time},200`).times[0]
  const t = Date.UTC(2026, 2, 2, 11)
  const spelled = ['1772449200', '1772449200.000', '1772449200000', '1772449200000000', '1772449200000000000']
  expect(spelled.map(of)).toEqual(spelled.map(() => t))
  expect(of('2026-03-02 11:00:00')).toBe(t)
  expect(of('2026-03-02T13:30:00.250+0230')).toBe(t + 250)
  expect(of('"2026-03-02T11:00:00,250Z"')).toBe(t + 250)
  expect(of('12.5')).toBe(12_500)
})

test('what a status may be', () => {
  const statuses = [
    '200',
    '304',
    '529',
    '429',
    '499',
    '0',
    '',
    'timeout',
    'ETIMEDOUT',
    'ECONNRESET',
    'socket hang up',
  ].concat(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT', 'HTTP/1.1 503 Unavailable', '418', '521', 'error'])
  const log = read(`time,status\n${statuses.map((status, i) => `${i},${status}`).join('\n')}`)

  expect(statuses.map((_, i) => log.meanings[log.kinds[i] ?? 0]?.fault?.id ?? 'ok')).toEqual(
    [
      'ok',
      'ok',
      'overloaded',
      'rate-limited',
      'black-hole',
      'reset',
      'reset',
      'black-hole',
      'black-hole',
      'reset',
    ].concat(['reset', 'refused', 'dns', 'connect-stall', 'unavailable', 'answer', 'origin-error', 'internal-error']),
  )
})

test('the unit of a latency is told by its header, by the cell, or by the numbers, which is said', () => {
  const of = (header: string, cell: string) => {
    const { latencies, notices } = read(`time,status,${header}\n1,200,${cell}`)
    return [latencies[0], ...notices.filter(says => says.startsWith('Latency'))]
  }
  expect(of('latency_ms', '1.5')).toEqual([1.5])
  expect(of('duration_seconds', '2')).toEqual([2000])
  expect(of('latency', '1.2s')).toEqual([1200])
  expect(of('latency', '250')).toEqual([250, 'Latency is taken as milliseconds; --latency s says otherwise.'])
  expect(of('latency', '1.25')).toEqual([1250, 'Latency is taken as seconds; --latency ms says otherwise.'])
  expect(of('latency', '')).toEqual([Number.NaN])
})

test('rows out of order are sorted, columns that mean nothing are left aside, and both are said', () => {
  const { times, notices } = read('ts,user,status\n30,a,200\n10,b,529\n20,c,200\n')

  expect([...times]).toEqual([10_000, 20_000, 30_000])
  expect(notices).toEqual([
    'Rows are not in the order of time, first on line 3: they were sorted.',
    'Left aside: 1 column (user).',
    'The times are taken as seconds since the beginning.',
  ])
})

describe('what is wrong is told by line', () => {
  test('cells', () => {
    expect(wrongWith('time,status,latency\n1,200,5\nfoo,700,x\n3,nonsense,5')).toMatchInlineSnapshot(`
      "log.csv:3: "foo" is no time.
        Write 2026-03-02T11:00:00Z, or seconds or milliseconds since 1970.
      log.csv:3: "700" is no status.
        Known are a number such as 529, ok, timeout, reset, refused, dns, tls, ECONNREFUSED, aborted, error, or 0.
      log.csv:3: "x" is no latency.
        Write a number of milliseconds, or 120ms, or 1.2s.
      log.csv:4: "nonsense" is no status.
        Known are a number such as 529, ok, timeout, reset, refused, dns, tls, ECONNREFUSED, aborted, error, or 0."
    `)
  })

  test('lines count line ends within quotes', () => {
    expect(wrongWith('time,status,note\n1,200,"two\nlines"\n2,bad,\n')).toMatch(/^log\.csv:4: /)
  })

  test('two spellings of time', () => {
    expect(wrongWith('time,status\n1772449200,200\n1772449200000,200')).toMatchInlineSnapshot(`
      "log.csv:3: "1772449200000" reads as milliseconds since 1970, and the rows before as seconds since 1970.
        One column of times has one spelling."
    `)
  })

  test('dates that are not', () => {
    expect(wrongWith('time,status\n2026-02-30T00:00:00Z,200')).toContain('is no time')
    expect(wrongWith('time,status\n2026-02-03T25:00:00Z,200')).toContain('is no time')
  })

  test('columns that are missing', () => {
    expect(wrongWith('timestmp,status\n1,200')).toMatchInlineSnapshot(`
      "log.csv:1: There is no column for the time.
        Is it "timestmp"? Name it "time"."
    `)
    expect(wrongWith('a,b\n1,2')).toMatchInlineSnapshot(`
      "log.csv:1: There is no column for the time.
        Found: a, b. Name one of them "time".
      log.csv:1: There is no column for the status.
        Found: a, b. Name one of them "status"."
    `)
    expect(wrongWith('2026-03-02T11:00:00Z,200,12')).toContain('Put a header above it')
  })

  test('nothing there', () => {
    expect(wrongWith('')).toContain('log.csv: The file is empty.')
    expect(wrongWith('\n  \n')).toContain('log.csv: The file is empty.')
    expect(wrongWith('time,status\n\n')).toContain('log.csv:2: There is a header and no row.')
  })

  test('many problems are counted', () => {
    const text = `time,status\n${Array.from({ length: 50 }, (_, i) => `${i},?`).join('\n')}`
    expect(wrongWith(text)).toMatch(/log\.csv:11: [^\n]+\n[^\n]+\nand 40 more problems like these$/)
  })
})

test('no text makes it crash', () => {
  const cell = fc.oneof(
    fc.string(),
    fc.constantFrom('', '0', '200', '529', 'timeout', '1772449200', '2026-03-02T11:00:00Z', '1.2s', '"', '1e308', '-1'),
  )
  const rows = fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 20 })
  const header = fc.constantFrom('time,status,latency', 'ts;code;ms', 'time\tstatus', 'status', '')
  fc.assert(
    fc.property(header, rows, fc.constantFrom(',', ';', '\t'), (head, body, mark) => {
      const log = readLog([head, ...body.map(cells => cells.join(mark))].join('\n'))
      if (isProblems(log)) expect(formatProblems('x', log)).toMatch(/^x/)
      else expect(log.times.every(Number.isFinite)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
