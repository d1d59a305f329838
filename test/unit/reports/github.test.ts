import { expect, test } from 'vitest'
import { reports } from '../../../src/reports/index.ts'
import type { JsonReport } from '../../../src/reports/json.ts'
import { aFinding, foundDocument, partsOf, runDocument } from '../../support/documents.ts'

const several = (...documents: readonly JsonReport[]) => reports.github.several(partsOf(...documents), { color: false })

test('annotations stand at the line of the fault, worst first, and the last one counts the runs', () => {
  const text = several(
    runDocument(),
    foundDocument([aFinding({ severity: 'warn', phase: 'trickle', message: 'Late.' })], {
      scenario: { id: 'late', file: 'late.yaml' },
    }),
    foundDocument([aFinding()]),
  )

  expect(text).toMatchInlineSnapshot(`
    "::error file=outages/down.yaml,line=7,title=down%3A settles in blackout::3 tasks never settled.%0AGive every task a deadline.%0Anpx blackstart run outages/down.yaml --seed 1
    ::warning file=late.yaml,line=12,title=late%3A settles in trickle::Late.%0AGive every task a deadline.%0Anpx blackstart run outages/down.yaml --seed 1
    ::notice title=blackstart::2 passed, 1 failed
    "
  `)
})

test('no text can end its command or begin another', () => {
  const message = '100%\r\n::error::forged'
  const text = several(
    foundDocument([aFinding({ message, advice: '', oracle: 'own', phase: 'a,b:c%' })], {
      scenario: { id: 'down', file: 'out,ages/a:b.yaml' },
      replay: 'npx blackstart run x',
    }),
  )

  expect(text.split('\n')[0]).toBe(
    '::error file=out%2Cages/a%3Ab.yaml,line=12,title=down%3A own in a%2Cb%3Ac%25::100%25%0D%0A::error::forged%0A%0Anpx blackstart run x',
  )
  expect(text.match(/^::/gm)).toHaveLength(2)
})

test('no more of a level than are shown, and the rest is counted', () => {
  const findings = Array.from({ length: 14 }, (_, i) => aFinding({ oracle: `oracle-${i + 1}` }))
  const lines = several(foundDocument(findings)).trim().split('\n')

  expect(lines.filter(line => line.startsWith('::error'))).toHaveLength(10)
  expect(lines.slice(10)).toEqual([
    '::notice title=blackstart::4 more annotations did not fit: the summary of this step has all findings.',
    '::notice title=blackstart::0 passed, 1 failed',
  ])
})

test('what is accepted is no annotation; that it need not be is a warning', () => {
  const accepted = { reason: 'known' }
  const text = reports.github.several(partsOf(foundDocument([aFinding({ accepted })])), {
    color: false,
    notices: ['The accepted finding order did not occur: remove it from "accepted".'],
  })

  expect(text).toBe(
    [
      '::warning title=accepted findings::The accepted finding order did not occur: remove it from "accepted".',
      '::notice title=blackstart::1 passed, 0 failed',
      '',
    ].join('\n'),
  )
})

test('a run that proves nothing is an error', () => {
  const text = several(runDocument({ verdict: 'inconclusive', exitCode: 6, reason: 'No fault landed.' }))

  expect(text).toContain('::error file=outages/down.yaml,line=7,title=down%3A inconclusive::No fault landed.')
})

test('a broken scenario is an error at its line', () => {
  const diagnostic = {
    file: 'a.yaml',
    line: 3,
    column: 5,
    code: 'bad-share',
    message: 'Expected a share.',
    hint: '50%',
  }

  expect(reports.github.refused([diagnostic], { color: false })).toBe(
    '::error file=a.yaml,line=3,title=blackstart%3A bad-share::Expected a share.%0A50%25\n',
  )
})

test('no control character of a client reaches the log', () => {
  const message = 'lost \u0000\u001b[31m\n::error::injected'
  const text = reports.github.several(partsOf(foundDocument([aFinding({ message })])), { color: false })

  expect(text).toContain('lost \ufffd\ufffd[31m%0A::error::injected')
})
