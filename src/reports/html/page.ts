import type { PostIncident } from '../post-incident/document.ts'
import { evidenceOf } from '../post-incident/evidence.ts'
import { shellWord } from '../text.ts'
import { blocksMarkup } from './blocks.ts'
import { type Html, html, type Piece } from './markup.ts'
import { pictures } from './pictures.ts'
import * as sections from './sections.ts'
import { storyArticles } from './stories.ts'
import { style } from './style.ts'

export interface PageOptions {
  /** The journal's name, for the commands that the page shows. */
  readonly journal: string
}

/** A report as one page that needs nothing else: no script, no network. */
export function htmlPage(report: PostIncident, { journal }: PageOptions): string {
  const { run, title, kind, facts } = report
  const { verdict, reason } = run.result
  const evidence = evidenceOf(run.view, report.findings)
  const again = (number: number) => `npx blackstart report ${shellWord(journal)} --finding ${number} --as scenario`
  const parts: readonly Part[] = [
    { id: 'summary', name: 'Summary', body: sections.summary(report) },
    { id: 'impact', name: 'Impact', body: sections.impact(report) },
    { id: 'pictures', name: 'What happened', body: pictures(report) },
    ...report.sections.map(({ id, name, blocks }) => ({ id, name, body: blocksMarkup(blocks) })),
    { id: 'findings', name: 'Findings', body: sections.findings(report, evidence, again) },
    { id: 'phases', name: 'Phase by phase', body: sections.phases(report) },
    { id: 'landing', name: 'What was felt', body: sections.landing(report) },
    { id: 'timeline', name: 'Timeline', body: sections.timeline(report) },
    {
      id: 'went-well',
      name: 'What went well',
      body: sections.lessons(report.wentWell, 'No check that had something to look at held.', 'What else went well?'),
    },
    {
      id: 'surprised',
      name: 'What surprised',
      body: sections.lessons(
        report.surprised,
        'Nothing that the journal shows.',
        'What surprised those who were there?',
      ),
    },
    ...(report.questions.length > 0
      ? [{ id: 'questions', name: 'Open questions', body: sections.bullets(report.questions) }]
      : []),
    { id: 'actions', name: 'Actions', body: sections.actions(report) },
    ...(evidence.stories.length > 0 ? [{ id: 'evidence', name: 'Evidence', body: storyArticles(evidence) }] : []),
    { id: 'not-judged', name: 'Not judged', body: sections.notJudged(report) },
    { id: 'scenario', name: 'Scenario', body: scenarioText(run.started.scenario) },
  ]
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
<p class="verdict"><span class="pill ${verdict}">${verdict}</span> <span>${reason}</span> <span class="soft">${kind} of an outage</span></p>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</header>
<nav aria-label="Contents"><ul>${parts.map(({ id, name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
<main>
${parts.map(section)}</main>
<footer><p>Made from a journal by blackstart ${run.started.blackstart}; times are the scenario’s own, counted from the start of its first phase.</p></footer>
</body>
</html>
`.markup
}

interface Part {
  readonly id: string
  readonly name: string
  readonly body: Html
}

function section({ id, name, body }: Part): Piece {
  return html`<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${name}</h2>
${body}
</section>
`
}

function scenarioText(text: string): Html {
  return html`<details><summary>The scenario as it was run</summary><pre tabindex="0" aria-label="The scenario as it was run" role="region">${text}</pre></details>`
}
