import { writeFileSync } from 'node:fs'
import type { OpenDrill } from '../../drill/open-drill.ts'
import { notice } from '../output.ts'
import type { DrillRequest } from './request.ts'

/** Variables that say where a provider is, and with which key it is asked. */
const shown = /^(?:[A-Z_]*BASE_URL|[A-Z_]*ENDPOINT[A-Z_]*|BLACKSTART_[A-Z_]+_URL|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/

/** As it was before a drill put its own addresses into it, for an app in this process. */
const ambient = { ...process.env }

/** Says where the providers are, for whoever points something at them; a program has it in its environment. */
export function tellPlaces({ wire, env }: OpenDrill, { envFile }: DrillRequest, hasProgram: boolean): void {
  const own = placesOf(env)
  if (envFile !== undefined)
    writeFileSync(envFile, own.map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600 })
  if (hasProgram) return
  notice(`blackstart: every provider by path at ${wire.sharedUrl}, and each at an address of its own:`)
  for (const [name, value] of own) if (shown.test(name)) notice(`  export ${name}=${value}`)
}

/** What of it is the drill's own: addresses and canary keys, not what the environment had before. */
export function placesOf(env: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(env).filter(([name, value]) => ambient[name] !== value)
}
