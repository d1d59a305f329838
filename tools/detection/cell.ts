import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Integration } from '../../src/model/integration.ts'
import type { Scenario } from '../../src/model/scenario.ts'
import type { Finding } from '../../src/oracles/oracle.ts'
import { catalogue } from '../../src/run/catalogue.ts'
import type { RunResult } from '../../src/run/result.ts'
import { runScenario } from '../../src/run/run-scenario.ts'
import { formatDiagnostics, readScenarioFile } from '../../src/scenario/index.ts'
import { type Head, unstoppable } from './heads.ts'

const root = resolve(import.meta.dirname, '../..')
const places = ['fixtures/clients/catalogue/scenarios', 'scenarios'].map(folder => join(root, folder))

/** What the oracles said of one broken client. */
export interface Row {
  readonly name: string
  readonly exitCode: number
  readonly failed: readonly string[]
  /** Without those that failed. */
  readonly warned: readonly string[]
}

interface Found {
  readonly file: string
  readonly text: string
  readonly scenario: Scenario
}

/** A scenario made for these clients, else one that ships, by its id. Throws where there is none, or it does not parse. */
export function scenarioOf(id: string): Found {
  const files = places.flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(path => path.endsWith('.yaml'))
      .map(path => join(folder, path)),
  )
  const file = files.find(path => new RegExp(`^id: ${id}$`, 'm').test(readFileSync(path, 'utf8')))
  if (file === undefined) throw new Error(`There is no scenario ${id}.`)
  const { scenario, text, diagnostics } = readScenarioFile(file, { catalogue })
  if (!scenario) throw new Error(formatDiagnostics(diagnostics, text))
  return { file, text, scenario }
}

/** Runs a broken client in its scenario, with seed 1. One at a time: a run owns the globals of its process. */
export async function runHead({
  name,
  file,
  scenario: id,
}: Pick<Head, 'name' | 'file' | 'scenario'>): Promise<RunResult> {
  const { default: integration }: { default: Integration } = await import(join(root, file))
  if (integration.name !== name) throw new Error(`${file}: its name is ${integration.name}.`)
  const { scenario, text, file: scenarioFile } = scenarioOf(id)
  return runScenario({ scenario, scenarioText: text, file: scenarioFile, integration, seed: 1 })
}

/** What the oracles say of it; one that no process survives is run by the command line. */
export async function judgeHead(head: Head): Promise<Row> {
  return unstoppable.includes(head.name) ? runSupervised(head) : rowOf(await runHead(head))
}

export function rowOf({ client, exitCode, findings }: Pick<RunResult, 'client' | 'exitCode' | 'findings'>): Row {
  const idsOf = (level: Finding['severity']) =>
    [...new Set(findings.filter(({ severity }) => severity === level).map(({ oracle }) => oracle))].toSorted()
  const failed = idsOf('fail')
  return { name: client, exitCode, failed, warned: idsOf('warn').filter(id => !failed.includes(id)) }
}

function runSupervised({ name, file, scenario }: Head): Promise<Row> {
  const args = [
    'bin/blackstart.js',
    'run',
    scenarioOf(scenario).file,
    '--client',
    file,
    '--seed',
    '1',
    '--report',
    'json',
  ]
  const options = { cwd: root, env: { ...process.env, BLACKSTART_FROM: 'src' }, maxBuffer: 1e9 }
  return new Promise((done, fail) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const exitCode = typeof error?.code === 'number' ? error.code : 0
      if (exitCode > 6) fail(new Error(`${name}: exit ${exitCode}: ${stderr}`))
      else done(rowOf({ client: name, exitCode: exitCode as RunResult['exitCode'], ...JSON.parse(stdout) }))
    })
  })
}
