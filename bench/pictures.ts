/**
 * `node bench/pictures.ts`: draws the pictures of `docs/images/` anew, from runs on seed 1.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { runPair } from '../test/support/fleet.ts'
import { stormClients, stormPicture, stormScenario } from '../test/support/storm-picture.ts'

const folder = resolve(import.meta.dirname, '../docs/images')
const panels = []
for (const [client, title] of Object.entries(stormClients))
  panels.push({ title, result: await runPair(client, stormScenario) })

mkdirSync(folder, { recursive: true })
writeFileSync(resolve(folder, 'metastable-storm.svg'), stormPicture(panels))
process.stdout.write('docs/images/metastable-storm.svg\n')
