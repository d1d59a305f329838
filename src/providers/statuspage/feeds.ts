import type { IncidentView, UpdateView } from '../../model/status.ts'
import type { Shown } from './components.ts'
import { incidentId, unnamed, usualWords } from './documents.ts'

/** `/history.atom`: newest incident first, and in each the newest update first. */
export function atom(shown: Shown): string {
  const { site, view, instant } = shown
  const entries = view.incidents.map(
    incident =>
      `  <entry>\n    <id>tag:${host(shown)},2005:Incident/${incident.number + 30_000_001}</id>\n` +
      `    <published>${whole(instant(incident.createdMs))}</published>\n` +
      `    <updated>${whole(instant(incident.updatedMs))}</updated>\n` +
      `    <link rel="alternate" type="text/html" href="${site.url}/incidents/${incidentId(incident, shown)}"/>\n` +
      `    <title>${escaped(incident.name ?? unnamed)}</title>\n` +
      `    <content type="html">${escaped(story(incident, shown))}</content>\n  </entry>\n`,
  )
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">\n' +
    `  <title>${site.name} Status - Incident History</title>\n${entries.join('')}</feed>\n`
  )
}

/** `/history.rss`: RSS 2.0 with the same content. */
export function rss(shown: Shown): string {
  const { site, view, instant } = shown
  const items = view.incidents.map(incident => {
    const link = `${site.url}/incidents/${incidentId(incident, shown)}`
    return (
      `    <item>\n      <title>${escaped(incident.name ?? unnamed)}</title>\n` +
      `      <description>${escaped(story(incident, shown))}</description>\n` +
      `      <pubDate>${new Date(Date.parse(instant(incident.createdMs))).toUTCString()}</pubDate>\n` +
      `      <link>${link}</link>\n      <guid>${link}</guid>\n    </item>\n`
    )
  })
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0">\n  <channel>\n' +
    `    <title>${site.name} Status - Incident History</title>\n    <link>${site.url}</link>\n` +
    `${items.join('')}  </channel>\n</rss>\n`
  )
}

function story({ updates }: IncidentView, shown: Shown): string {
  return updates
    .map(
      (update, i) =>
        `<p><small>${day(shown.instant(update.shownMs))}</small><br>${sentence(update, updates[i + 1])}</p>`,
    )
    .join('')
}

/** An update that changes no state is only that. */
function sentence({ state, says }: UpdateView, before: UpdateView | undefined): string {
  const word = before?.state === state ? 'Update' : `${state.charAt(0).toUpperCase()}${state.slice(1)}`
  return `<strong>${word}</strong> - ${says ?? usualWords[state]}`
}

/** `Sep 3, 14:49 UTC`; feeds tell no year. */
function day(instant: string): string {
  const at = new Date(Date.parse(instant))
  const month = at.toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })
  return `${month} ${at.getUTCDate()}, ${instant.slice(11, 16)} UTC`
}

function whole(instant: string): string {
  return instant.replace(/\.\d+Z$/, 'Z')
}

function host({ site }: Shown): string {
  return new URL(site.url).hostname
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
