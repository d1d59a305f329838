import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { loadIntegration } from '../../../src/clients/load.ts'
import { UsageError } from '../../../src/lib/errors.ts'
import type { Integration } from '../../../src/model/integration.ts'

/** A project with these files, far from this repository, gone when the test is over. */
export function project(files: Readonly<Record<string, string>>): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'blackstart-test-')))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  write(root, files)
  return root
}

export function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}

/** Loads a client of a project and closes it when the test is over. */
export async function load(cwd: string, specifier: string) {
  const client = await loadIntegration(specifier, { cwd })
  onTestFinished(() => client.close())
  return client
}

/** What a person would read. */
export async function complaint(cwd: string, specifier: string, folders: readonly string[] = []): Promise<string> {
  const error = await loadIntegration(specifier, { cwd, folders }).then(
    () => new Error('it loaded'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof UsageError)) throw error
  return `${error.message}\n${error.hint}`.replaceAll(cwd, '<cwd>')
}

/** What `perform` gives for a task. */
export function answerOf(integration: Integration): unknown {
  const task = {
    id: 't1',
    prompt: 'hi',
    question: 'q1',
    tenant: 'a',
    session: 's',
    user: 'u',
    stream: false,
    class: 'x',
  }
  return integration.perform(undefined, task, { signal: new AbortController().signal })
}
