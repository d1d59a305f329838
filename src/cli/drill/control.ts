import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { type ControlServer, openControlServer } from '../../drill/control/server.ts'
import type { OpenDrill } from '../../drill/open-drill.ts'
import { notice } from '../output.ts'
import { placesOf } from './places.ts'
import type { DrillRequest } from './request.ts'

export type OpenControl = Pick<ControlServer, 'url' | 'token' | 'close'>

/** Opens the control API where it was asked for, and says how it is reached: in a file that only its owner can read. */
export async function openControl(
  { session, wire, env }: OpenDrill,
  { control, controlFile }: Pick<DrillRequest, 'control' | 'controlFile'>,
): Promise<OpenControl | undefined> {
  if (control === undefined) return undefined
  const server = await openControlServer(session, { port: control })
  if (controlFile === undefined) {
    notice(`blackstart: control API at ${server.url} (docs/drills.md), with the token ${server.token}`)
    return server
  }
  const remove = () => rmSync(controlFile, { force: true })
  process.once('exit', remove)
  const told = {
    ...{ url: server.url, token: server.token, pid: process.pid },
    base_urls: wire.baseUrls,
    env: Object.fromEntries(placesOf(env)),
  }
  // Whoever waits for the file finds it whole, and nobody else can read it, whatever stood there before.
  const beside = besideOf(controlFile)
  writeFileSync(beside, `${JSON.stringify(told, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(beside, controlFile)
  return {
    ...{ url: server.url, token: server.token },
    async close() {
      remove()
      process.off('exit', remove)
      await server.close()
    },
  }
}

/** What is on disk of it at one time or another. */
export function controlFilesOf({ controlFile }: DrillRequest): readonly string[] {
  return controlFile === undefined ? [] : [controlFile, besideOf(controlFile)]
}

function besideOf(controlFile: string): string {
  return `${controlFile}.${process.pid}`
}
