import { readdirSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { Assumptions, Integration } from '../../src/model/integration.ts'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'fixtures', 'clients')

/** A client that nothing may be held against. */
export interface SoundClient {
  readonly name: string
  readonly file: string
  /** What it is an example of. */
  readonly style: string
  /** Files and databases are slow in a way that virtual time does not help. */
  readonly isSlow: boolean
}

const slow: readonly string[] = ['disk-queue', 'langgraph-jobs']

/** Sound clients that stand elsewhere, as older tests know them there. */
const elsewhere: Readonly<Record<string, string>> = {
  'fail-fast': 'one attempt',
  'patient-worker': 'patient worker',
  resilient: 'cockatiel and a cache',
  'tool-agent': 'agent of ten tools',
  'catalogue/careful-steps': 'workflow',
  'catalogue/durable-queue': 'durable queue',
  'catalogue/falls-over-and-back': 'second provider',
}

/** What they stand on, where their files do not say. */
const assumed: Readonly<Record<string, Assumptions>> = {
  'careful-steps': { surfaces: { tickets: { http: { host: 'tickets.example' } } } },
  'durable-queue': { workload: { jobs: { share: 0.3 } } },
}

/** All of them, by name. */
export const soundFleet: ReadonlyMap<string, SoundClient> = new Map(
  [
    ...Object.entries(elsewhere).map(([path, style]) => clientOf(join(folder, `${path}.ts`), style)),
    ...readdirSync(join(folder, 'sound'))
      .filter(file => file.endsWith('.ts'))
      .map(file => clientOf(join(folder, 'sound', file), styleOf(join(folder, 'sound', file)))),
  ]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(client => [client.name, client] as const),
)

function clientOf(file: string, style: string): SoundClient {
  const name = basename(file, '.ts')
  return { name, file, style, isSlow: slow.includes(name) }
}

function styleOf(file: string): string {
  const [, style] = /^\/\/ sound: (.+)$/m.exec(readFileSync(file, 'utf8')) ?? []
  if (style === undefined) throw new Error(`${basename(file)} says no style: begin it with \`// sound: STYLE\`.`)
  return style
}

export async function loadSound({ name, file }: Pick<SoundClient, 'name' | 'file'>): Promise<Integration> {
  const { default: integration }: { default: Integration } = await import(file)
  const assumes = integration.assumes ?? assumed[name]
  return { ...integration, ...(assumes && { assumes }) }
}
