import { expect, test } from 'vitest'
import { reports } from '../../../src/reports/index.ts'
import type { JsonReport } from '../../../src/reports/json.ts'
import { aFinding, foundDocument, partsOf, runDocument } from '../../support/documents.ts'
import { junitProblems } from '../../support/junit.ts'

const several = (...documents: readonly JsonReport[]) => reports.junit.several(partsOf(...documents), { color: false })

test('a suite is a scenario, a case an oracle in a phase, with the line of the fault there', async () => {
  const xml = several(
    foundDocument([
      aFinding(),
      aFinding({ phase: 'trickle#3', message: 'Late.' }),
      aFinding({ oracle: 'herd-at-restore', severity: 'warn' }),
    ]),
  )

  expect(await junitProblems(xml)).toEqual([])
  expect(xml).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="blackstart" tests="4" failures="2" errors="0" time="0.250">
      <testsuite name="down" tests="4" failures="2" errors="0" skipped="0" time="0.250">
        <properties>
          <property name="client" value="assistant"/>
          <property name="seed" value="1"/>
          <property name="journalHash" value="abc"/>
          <property name="replay" value="npx blackstart run outages/down.yaml --seed 1"/>
        </properties>
        <testcase name="settles in blackout" classname="down" file="outages/down.yaml" line="7" time="0">
          <failure message="3 tasks never settled." type="settles">3 tasks never settled.&#10;evidence: t1, t2&#10;Give every task a deadline.&#10;&#10;replay: npx blackstart run outages/down.yaml --seed 1</failure>
        </testcase>
        <testcase name="settles in trickle#3" classname="down" file="outages/down.yaml" line="12" time="0">
          <failure message="Late." type="settles">Late.&#10;evidence: t1, t2&#10;Give every task a deadline.&#10;&#10;replay: npx blackstart run outages/down.yaml --seed 1</failure>
        </testcase>
        <testcase name="herd-at-restore in blackout" classname="down" file="outages/down.yaml" line="7" time="0">
          <system-out>warn&#10;3 tasks never settled.&#10;evidence: t1, t2&#10;Give every task a deadline.</system-out>
        </testcase>
        <testcase name="verdict" classname="down" file="outages/down.yaml" line="7" time="0"/>
      </testsuite>
    </testsuites>
    "
  `)
})

test('what had nothing to look at or is accepted is skipped, with the reason', async () => {
  const accepted = { reason: 'until the gateway is gone', owner: 'ops', until: '2027-01-31' }
  const document = foundDocument([aFinding({ accepted })])
  const xml = several({
    ...document,
    oracles: [...document.oracles, { id: 'order', status: 'vacuous', examined: 0, findings: 0, reason: 'no jobs' }],
  })

  expect(await junitProblems(xml)).toEqual([])
  expect(xml).toContain('tests="3" failures="0" errors="0" skipped="2"')
  expect(xml).toContain('<skipped message="accepted: until the gateway is gone"/>')
  expect(xml).toContain('<skipped message="no jobs"/>')
})

test('a run that proves nothing is an error', async () => {
  const xml = several(runDocument({ verdict: 'inconclusive', exitCode: 6, reason: 'No fault reached the client.' }))

  expect(await junitProblems(xml)).toEqual([])
  expect(xml).toContain('<error message="No fault reached the client." type="inconclusive">')
  expect(xml).toContain('failures="0" errors="1"')
})

test('whatever a finding says, the file is XML', async () => {
  const nasty = 'a < b && "c" > \'d\' ]]> \u0000\u001b[31m \ud800 \n\tnext\r 🦜'
  const xml = several(
    foundDocument([aFinding({ message: nasty, advice: nasty, phase: 'x"<y' })], {
      scenario: { id: 'down', file: 'a&b.yaml' },
      client: nasty,
    }),
  )

  expect(await junitProblems(xml)).toEqual([])
})

test('files outside of the checkout have no place in it', () => {
  const xml = several(foundDocument([aFinding()], { scenario: { id: 'down', file: '/opt/blackstart/down.yaml' } }))

  expect(xml).not.toContain('file=')
})

test('in a folder of the checkout, paths are told from its root', () => {
  const xml = reports.junit.several(partsOf(foundDocument([aFinding()])), { color: false, filesBelow: 'apps/bot/' })

  expect(xml).toContain('file="apps/bot/outages/down.yaml" line="7"')
})

test('what was refused before a run is an error at its place', async () => {
  const xml = reports.junit.refused(
    [
      {
        file: 'down.yaml',
        line: 3,
        column: 5,
        code: 'unknown-key',
        message: 'Unknown key "fr".',
        hint: 'Did you mean "for"?',
      },
      { file: null, line: null, column: null, code: 'usage', message: 'There is no client.' },
    ],
    { color: false },
  )

  expect(await junitProblems(xml)).toEqual([])
  expect(xml).toContain(
    '<testcase name="unknown-key at down.yaml:3:5" classname="blackstart" file="down.yaml" line="3"',
  )
  expect(xml).toContain('tests="2" failures="0" errors="2"')
})

test('an attribute that no reader knows, or a second result, would be noticed', async () => {
  const xml = several(runDocument())

  expect(await junitProblems(xml.replace('<testcase ', '<testcase bogus="1" '))).not.toEqual([])
  expect(await junitProblems(xml.replace('tests="', 'tests="-'))).not.toEqual([])
})
