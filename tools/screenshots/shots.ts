import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Role } from '../../src/console/protocol.ts'
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
  /** A selector of what is there once all of it is. */
  readonly ready: string
  /** Of what the picture begins with; the top of the page when absent. */
  readonly from?: string
  close(): Promise<void>
}

/** The pages, in the order of the docs. One more is one line more. */
export const shots: readonly Shot[] = [
  {
    name: 'facilitator',
    title: 'The console: facilitator',
    says: 'The controls, the phases and what comes next, 49 minutes into the show',
    open: show => consolePage(show, 'facilitator', '#next'),
  },
  {
    name: 'facilitator-charts',
    title: 'The console: live charts',
    says: 'Attempts by outcome, retries per call, latency, backlog and share by provider, as they come in',
    open: async show => ({ ...(await consolePage(show, 'facilitator', '#charts canvas')), from: '#charts' }),
  },
  {
    name: 'responder',
    title: 'The console: responder',
    says: 'What a responder sees: tickets and mails, the status page, and buttons for what the team does',
    open: show => consolePage(show, 'responder', '#inbox'),
  },
  {
    name: 'observer',
    title: 'The console: observer',
    says: 'The show, and a form for notes by category',
    open: show => consolePage(show, 'observer', '#next'),
  },
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
    open: show => report(show, 'body'),
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
function clearedMs({ plan }: Show): number {
  return (plan.phases.find(({ name }) => name === 'api-cleared')?.startMs ?? 0) + 5 * minuteMs
}

async function consolePage(show: Show, role: Role, ready: string): Promise<Opened> {
  // Only who makes the pictures needs what bundles the page.
  const { openConsoleAt } = await import('./console.ts')
  return { ...(await openConsoleAt(show, role, clearedMs(show))), ready }
}

async function statusPage(show: Show): Promise<Opened> {
  const [plan, t, originMs] = [() => show.plan, () => clearedMs(show), () => show.originMs]
  const page = await openStatusPage({ plan, t, originMs, speed: 1 })
  return { url: `${page.url}/`, ready: 'main', close: () => page.close() }
}

async function report({ report, folder }: Show, from: string): Promise<Opened> {
  const file = join(folder, 'report.html')
  writeFileSync(file, report)
  return { url: pathToFileURL(file).href, ready: 'footer', from, close: async () => {} }
}
