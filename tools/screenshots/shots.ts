import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openStatusPage } from '../../src/console/status-page/open-status-page.ts'
import { minuteMs } from '../../src/model/timeline.ts'
import type { Show } from './show.ts'

/** A page of a game day, for the pictures of the docs. */
export interface Shot {
  /** Of its files: `NAME-desktop-light.png`. */
  readonly name: string
  readonly title: string
  /** What is to be seen on it, for who does not see it. */
  readonly says: string
  open(show: Show): Promise<Opened>
}

export interface Opened {
  readonly url: string
  /** A selector of what is there once all of it is; the picture begins with it. */
  readonly from: string
  close(): Promise<void>
}

/** The pages, in the order of the docs. One more is one line more. */
export const shots: readonly Shot[] = [
  {
    name: 'status-page',
    title: 'The status page',
    says: 'Three components have a partial outage, and the API is called operational, in an incident with three updates',
    open: statusPage,
  },
  {
    name: 'report',
    title: 'The report: summary',
    says: 'What the report says first: the verdict, the facts, and what it came to',
    open: show => report(show, 'header'),
  },
  {
    name: 'report-pictures',
    title: 'The report: what happened',
    says: 'The phases with their faults, what people marked, were told and noted, and the requests beneath',
    open: show => report(show, '#pictures'),
  },
  {
    name: 'report-scorecard',
    title: 'The report: the scorecard',
    says: 'Times to detect, declare, mitigate and recover, beside the precedent',
    open: show => report(show, '#scorecard'),
  },
]

/** When the provider's page clears the API, which users know better. */
async function statusPage({ plan, originMs }: Show): Promise<Opened> {
  const cleared = plan.phases.find(({ name }) => name === 'api-cleared')?.startMs ?? 0
  const t = cleared + 5 * minuteMs
  const page = await openStatusPage({ plan: () => plan, t: () => t, originMs: () => originMs, speed: 1 })
  return { url: `${page.url}/`, from: 'header', close: () => page.close() }
}

async function report({ report, folder }: Show, from: string): Promise<Opened> {
  const file = join(folder, 'report.html')
  writeFileSync(file, report)
  return { url: pathToFileURL(file).href, from, close: async () => {} }
}
