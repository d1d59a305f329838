import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { UsageError } from '../lib/errors.ts'
import { suggest } from '../lib/suggest.ts'
import type { Scenario } from '../model/scenario.ts'
import { refusal } from '../run/refusal.ts'
import {
  type Catalogue,
  formatDiagnostics,
  type ParseResult,
  type Positions,
  parseScenario,
  readScenarioFile,
} from '../scenario/index.ts'
import { shippedScenarios } from '../scenario/shipped-files.ts'

/** A scenario: the id of one that ships, a path (with a slash, or ending in `.yaml`), its YAML, or the parsed one. */
export type ScenarioSpec = string | Scenario

/** A scenario as it was found. */
export interface FoundScenario {
  readonly scenario: Scenario
  /** Its text and the places in it, where there is one. */
  readonly text?: string
  readonly positions?: Positions
  readonly file?: string
  /** How a command line names it; absent where it has no file. */
  readonly word?: string
}

/** Finds and reads a scenario. Throws a `UsageError` with every problem of it, or with what might have been meant. */
export function findScenario(spec: ScenarioSpec, catalogue: Catalogue): FoundScenario {
  if (typeof spec !== 'string') return { scenario: spec }
  if (/\n|^blackstart:/.test(spec)) return wellRead(parseScenario(spec, { catalogue }), spec)
  const isPath = /[/\\]/.test(spec) || /\.ya?ml$/.test(spec)
  const file = isPath ? resolve(spec) : shippedFile(spec)
  const read = readScenarioFile(file, { catalogue })
  return { ...wellRead(read, read.text), file: isPath ? spec : file, word: spec }
}

function shippedFile(id: string): string {
  const shipped = shippedScenarios()
  const file = shipped.get(id)
  if (file !== undefined) return file
  const near = suggest(id, shipped.keys())
  const local = [id, `${id}.yaml`].find(name => existsSync(resolve(name)))
  const hints = [
    near && `Did you mean ${near}?`,
    local && `A file is named by a path: ./${local}.`,
    'npx blackstart list shows all ids; a path has a slash, and YAML has lines.',
  ]
  throw refusal(`There is no scenario "${id}".`, hints.filter(Boolean).join(' '))
}

function wellRead({ scenario, positions, diagnostics }: ParseResult, text: string): FoundScenario {
  if (!scenario) throw new UsageError(formatDiagnostics(diagnostics, text))
  return { scenario, positions, text }
}
