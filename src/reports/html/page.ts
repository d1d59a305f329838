import type { PostIncident } from '../post-incident/document.ts'
import { evidenceOf } from '../post-incident/evidence.ts'
import { shellWord } from '../text.ts'
import { blocksMarkup } from './blocks.ts'
import { framed, type Part } from './frame.ts'
import { type Html, html } from './markup.ts'
import { pictures } from './pictures.ts'
import * as sections from './sections.ts'
import { storyArticles } from './stories.ts'

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
  return framed({
    ...{ title, verdict, reason, facts, parts, kind: `${kind} of an outage` },
    foot: `Made from a journal by blackstart ${run.started.blackstart}; times are the scenario’s own, counted from the start of its first phase.`,
  })
}

function scenarioText(text: string): Html {
  return html`<details><summary>The scenario as it was run</summary><pre tabindex="0" aria-label="The scenario as it was run" role="region">${text}</pre></details>`
}
