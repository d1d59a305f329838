import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { type Role, roles } from '../../console/protocol.ts'

/** How a console is reached: kept beside the journal while the show lasts, so that a show that goes on is found by open pages. */
export interface ConsolePlace {
  readonly port: number
  readonly tokens: Readonly<Record<Role, string>>
  /** Once the status page is open. */
  readonly statusPort?: number | undefined
}

const shortestToken = 16

/** Where it is kept. */
export function consoleFileOf(journal: string): string {
  return `${journal}.console.json`
}

/** What a show that was killed has left; nothing where there is none, or it is not whole. */
export function readConsoleFile(file: string): ConsolePlace | undefined {
  try {
    const { port, tokens, statusPort } = JSON.parse(readFileSync(file, 'utf8')) as Partial<ConsolePlace>
    const isWhole = tokens !== undefined && roles.every(role => isToken(tokens[role]))
    if (!isWhole || !isPort(port)) return undefined
    return { port, tokens, ...(isPort(statusPort) && { statusPort }) }
  } catch {
    return undefined
  }
}

function isToken(text: unknown): boolean {
  return typeof text === 'string' && text.length >= shortestToken && !/\s/.test(text)
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536
}

/** Nobody but its owner can read it, whatever stood there before. */
export function writeConsoleFile(file: string, { port, tokens, statusPort }: ConsolePlace): void {
  const beside = `${file}.${process.pid}`
  rmSync(beside, { force: true })
  writeFileSync(beside, `${JSON.stringify({ port, tokens, statusPort })}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(beside, file)
}

export function removeConsoleFile(file: string): void {
  rmSync(file, { force: true })
}
