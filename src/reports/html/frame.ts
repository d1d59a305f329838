import { type Html, html, type Piece } from './markup.ts'
import { style } from './style.ts'

/** A part of a page, below a heading of its own. */
export interface Part {
  /** Unique on the page. */
  readonly id: string
  readonly name: string
  readonly body: Html
}

export interface Frame {
  readonly title: string
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  readonly reason: string
  /** What it is a report of. */
  readonly kind: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly parts: readonly Part[]
  readonly foot: string
}

/** A page that needs nothing else: no script, no network. */
export function framed({ title, verdict, reason, kind, facts, parts, foot }: Frame): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
<meta name="color-scheme" content="light dark"/>
<title>${title}: ${verdict}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p class="verdict"><span class="pill ${verdict}">${verdict}</span> <span>${reason}</span> <span class="soft">${kind}</span></p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>
<nav aria-label="Contents"><ul>${parts.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>
${parts.map(section)}</main>
<footer><p>${foot}</p></footer>
</body>
</html>
`.markup
}

function section({ id, name, body }: Part): Piece {
  return html`<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${name}</h2>
${body}
</section>
`
}
