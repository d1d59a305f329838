import { soundFleet } from './sound-clients.ts'
import type { Tally } from './soundness-runs.ts'

/** Markdown about the sound clients: how many outages each went through, and in how many it was accused of something. */
export function soundTable(tallies: ReadonlyMap<string, Tally>): string {
  const rows = [...tallies].map(([name, { runs, accusations }]) => {
    const client = soundFleet.get(name)
    const accused = new Set(accusations.map(({ outage }) => outage)).size
    const shown = client ? `[${name}](../${client.file.slice(client.file.indexOf('fixtures/'))})` : name
    return `| ${shown} | ${client?.style ?? ''} | ${runs.toLocaleString('en')} | ${accused} |`
  })
  return [
    'Each went through outages made at random, as `blackstart search` makes them; none may fail any of them.',
    '',
    '| client | style | outages | accused in |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')
}
