import type { Impact } from '../../model/status.ts'
import { componentDocument, componentsOf, type Shown } from '../../providers/statuspage/components.ts'
import { incidentDocument, isOpen, overall } from '../../providers/statuspage/documents.ts'
import { type Html, html } from '../../reports/html/markup.ts'
import type { ProviderPage } from './sites.ts'

export interface PageOptions {
  readonly shown: Shown
  readonly page: ProviderPage
  /** All that there are. */
  readonly pages: readonly ProviderPage[]
  /** RFC 3339: when it was asked for. */
  readonly asOf: string
  /** Real ms between two looks of its script. */
  readonly everyMs: number
}

/** A provider's status page for people to read. What it says is what the documents of the API say. */
export function statusPageHtml({ shown, page, pages, asOf, everyMs }: PageOptions): string {
  const { name } = page.site
  const { indicator, description } = overall(shown)
  const incidents = shown.view.incidents.map(incident => incidentDocument(incident, shown))
  const [open, past] = [incidents.filter(one => isOpen(one.status)), incidents.filter(one => !isOpen(one.status))]
  const api = `${page.path}/api/v2/summary.json`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta name="color-scheme" content="light dark"/>
<title>${name}: ${description}</title>
<link rel="stylesheet" href="/status-page.css"/>
<link rel="icon" href="data:,"/>
<link rel="alternate" type="application/atom+xml" title="${name}: incidents" href="${page.path}/history.atom"/>
<script type="module" src="/status-page.js"></script>
</head>
<body data-every-ms="${everyMs}">
<header>
<h1>${name} status</h1>
<p class="exercise">Exercise: this page belongs to a game day. It is not the provider’s own.</p>
<nav aria-label="Status pages" id="pages">${tabs(page, pages)}</nav>
</header>
<main id="page">
<p class="banner ${indicator}">${description}</p>
<section aria-labelledby="components"><h2 id="components">Components</h2>
${components(shown)}</section>
<section aria-labelledby="open"><h2 id="open">Open incidents</h2>
${open.length > 0 ? open.map(article) : html`<p class="soft">None.</p>`}</section>
<section aria-labelledby="past"><h2 id="past">Past incidents</h2>
${past.length > 0 ? past.map(article) : html`<p class="soft">None.</p>`}</section>
</main>
<footer>
<p id="as-of">As of ${time(asOf)}.</p>
<p id="news" role="status"></p>
<p>For programs: <a href="${api}">summary</a>, <a href="${page.path}/history.atom">Atom</a>, <a href="${page.path}/history.rss">RSS</a>.</p>
</footer>
</body>
</html>
`.markup
}

function tabs(page: ProviderPage, pages: readonly ProviderPage[]): Html | undefined {
  if (pages.length === 1) return undefined
  const tab = ({ provider, path, site }: ProviderPage) => {
    const href = path === '' ? '/' : path
    if (provider !== page.provider) return html`<li><a href="${href}">${site.name}</a></li>`
    return html`<li><a href="${href}" aria-current="page">${site.name}</a></li>`
  }
  return html`<ul>${pages.map(tab)}</ul>`
}

function components(shown: Shown): Html {
  const lines = componentsOf(shown).map((component, i) => {
    const { name, status } = componentDocument(component, i + 1, shown)
    return html`<li><span>${name}</span> <span class="status ${status}">${words(status)}</span></li>
`
  })
  return html`<ul class="components">
${lines}</ul>
`
}

function article(incident: ReturnType<typeof incidentDocument>): Html {
  const affects = incident.components.map(({ name }) => name).join(', ')
  const impact = affects === '' ? impacts[incident.impact] : `${impacts[incident.impact]} Affects ${affects}.`
  const update = ({ status, body, display_at }: (typeof incident.incident_updates)[number]) => html`
<li><strong>${words(status)}</strong> <span class="says">${body}</span>${time(display_at)}</li>`
  return html`<article><h3>${incident.name}</h3>
<p class="soft">${impact}</p>
<ol class="updates">${incident.incident_updates.map(update)}
</ol></article>
`
}

const impacts: Readonly<Record<Impact, string>> = {
  none: 'No impact.',
  minor: 'Minor impact.',
  major: 'Major impact.',
  critical: 'Critical impact.',
}

/** `partial_outage` as `Partial outage`. */
function words(id: string): string {
  const text = id.replaceAll('_', ' ')
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}

const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })

/** `2 Mar 2026, 11:49:20 UTC`. */
function time(instant: string): Html {
  return html`<time datetime="${instant}">${date.format(Date.parse(instant))}, ${instant.slice(11, 19)} UTC</time>`
}
