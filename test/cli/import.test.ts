import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cli } from '../support/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'blackstart-import-'))
afterAll(() => rmSync(folder, { recursive: true }))
const inFolder = (...args: string[]) => cli(['import', ...args], { cwd: folder })

const rows = Array.from({ length: 300 }, (_, i) => `${i * 10},${i >= 100 && i < 200 ? 529 : 200},120`)
writeFileSync(join(folder, 'requests.csv'), `time,status,latency_ms\n${rows.join('\n')}\n`)

test('a scenario goes to stdout, alone, and passes check', async () => {
  const { code, stdout, stderr } = await inFolder('requests.csv')

  expect({ code, stderr }).toEqual({ code: 0, stderr: 'The times are taken as seconds since the beginning.\n' })
  writeFileSync(join(folder, 'from-stdout.yaml'), stdout)
  expect(await cli(['check', 'from-stdout.yaml'], { cwd: folder })).toMatchObject({
    code: 0,
    stdout: 'from-stdout.yaml: ok\n',
  })
})

test('-o writes a file, and overwrites one only with --force', async () => {
  expect(await inFolder('requests.csv', '-o', 'friday.yaml', '--id', 'our-friday')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringContaining('blackstart show ./friday.yaml draws it.'),
  })
  expect(readFileSync(join(folder, 'friday.yaml'), 'utf8')).toContain('id: our-friday')

  expect(await inFolder('requests.csv', '-o', 'friday.yaml')).toEqual({
    code: 2,
    stdout: '',
    stderr: 'blackstart: friday.yaml is there already.\n  Choose another name, or add --force.\n',
  })
  expect(await inFolder('requests.csv', '-o', 'friday.yaml', '--force')).toMatchObject({ code: 0 })
  expect(readFileSync(join(folder, 'friday.yaml'), 'utf8')).toContain('id: imported-requests')
})

test('what cannot be imported is told with its place, and nothing is written', async () => {
  writeFileSync(join(folder, 'bad.csv'), 'time,status\n1,200\n2,what\n')
  expect(await inFolder('bad.csv', '-o', 'bad.yaml')).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining('bad.csv:3: "what" is no status.'),
  })
  expect(await inFolder('bad.yaml')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no such file'),
  })
  expect(await inFolder('https://status.claude.com/api/v2/incidents.json')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Save it first, for example: curl'),
  })
  expect(await inFolder('.')).toMatchObject({ code: 2, stderr: expect.stringContaining('is a folder') })
})

test('flags that make no sense are refused', async () => {
  const said = async (...args: string[]) => (await inFolder('requests.csv', ...args)).stderr.split('\n')[0]

  expect(await said('--latency', 'hours')).toBe('blackstart: --latency hours: expected ms or s.')
  expect(await said('--id', 'Our Friday')).toBe(
    'blackstart: --id Our Friday: expected small letters, digits and single hyphens.',
  )
  expect(await said('--force')).toBe('blackstart: --force needs a file to overwrite: -o FILE.')
  expect(await said('--provider', 'opnai')).toBe('blackstart: There is no provider "opnai".')
})
