import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageRoot, shippedScenarios, yamlFiles } from '../../src/cli/registry.ts'
import { readShipped } from '../../src/cli/shipped.ts'
import { compilePlan } from '../../src/model/timeline.ts'
import { scenarioPage } from '../../src/reports/scenario-page.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import { readScenarioFile, scenarioSchema } from '../../src/scenario/index.ts'
import { cli, rootPath } from '../support/cli.ts'

test('every file that ships has an id of its own, the one that its text shows', () => {
  const files = yamlFiles(join(packageRoot, 'scenarios'))
  const shipped = shippedScenarios()

  expect([...shipped.values()].toSorted()).toEqual(files)
  for (const [id, path] of shipped) expect(readScenarioFile(path, { catalogue }).scenario?.id).toBe(id)
})

test('check prints for each invalid fixture what is stored beside it', async () => {
  const folder = 'fixtures/invalid'
  const files = readdirSync(join(rootPath, folder)).filter(name => name.endsWith('.yaml'))
  expect(files.length).toBeGreaterThan(10)

  const { code, stdout } = await cli(['check', ...files.map(name => `${folder}/${name}`)])

  expect(code).toBe(2)
  expect(stdout).toBe(
    files.map(name => readFileSync(join(rootPath, folder, name.replace('.yaml', '.txt')), 'utf8')).join(''),
  )
})

test('check says ok of a clean file', async () => {
  const file = 'test/support/scenarios/small.yaml'

  expect(await cli(['check', file])).toEqual({ code: 0, stdout: `${file}: ok\n`, stderr: '' })
})

test('list --json names every scenario that ships', async () => {
  const { code, stdout } = await cli(['list', '--json'])

  expect(code).toBe(0)
  expect(JSON.parse(stdout).map((row: { id: string }) => row.id)).toEqual([...shippedScenarios().keys()])
})

test('list --tag keeps those with the tag', async () => {
  const { stdout } = await cli(['list', '--tag', 'staged-restore', '--json'])

  const rows: { id: string; tags: string[] }[] = JSON.parse(stdout)
  expect(rows.map(row => row.id)).toContain('chat-before-api')
  expect(rows.every(row => row.tags.includes('staged-restore'))).toBe(true)
})

test('every scenario that ships can be shown, no line wider than 80 columns', () => {
  for (const { scenario } of readShipped()) {
    const page = scenarioPage(compilePlan(scenario, catalogue.faults), { color: false, width: 80, catalogue })
    expect(page).toContain(scenario.id)
    expect(page.split('\n').filter(line => line.length > 80)).toEqual([])
  }
})

test('show draws a scenario by its id, or a file', async () => {
  const [shipped, file] = await Promise.all([
    cli(['show', 'claude-2026-03-02']),
    cli(['show', 'test/support/scenarios/small.yaml']),
  ])

  expect(shipped).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('status page:') })
  expect(file).toMatchObject({ code: 0, stderr: '' })
})

test('schema prints the schema of the format', async () => {
  const { code, stdout } = await cli(['schema'])

  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(scenarioSchema(catalogue))))
})
