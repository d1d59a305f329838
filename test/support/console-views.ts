import type { Bin, Bins, Entry, FacilitatorView, ResponderView } from '../../src/console/protocol.ts'

const minute = 60_000

const status: FacilitatorView['status'] = [
  {
    page: 'Claude',
    state: 'Partially degraded',
    components: [
      { name: 'Claude API', status: 'degraded_performance' },
      { name: 'claude.ai', status: 'operational' },
    ],
    says: 'We are looking into elevated errors.',
  },
]

/** A show half-way through its outage. */
export const showView: FacilitatorView = {
  role: 'facilitator',
  show: 'one',
  title: 'Claude is down, in stages',
  briefing: ['See whether we know before our users tell us.', 'Hypothesis: users get an honest word.'],
  speed: 1,
  statusPage: 'http://127.0.0.1:9/status',
  app: 'http://127.0.0.1:9/app',
  scenario: 'staged',
  stage: 'outage',
  t: 12 * minute + 5_000,
  checks: [
    { what: 'right environment', state: 'go', why: 'it is staging' },
    { what: 'caps set', state: 'go', why: 'nothing reaches a real provider' },
    { what: 'steady state holds', state: 'later', why: 'in the warm-up' },
    { what: 'support is told', state: 'ask', why: 'facilitator' },
    { what: 'users ask the app', state: 'warning', why: 'nobody does' },
  ],
  phases: [
    { name: 'down', startMs: 0, endMs: 10 * minute, isFaulty: true, note: 'The API sheds load.' },
    { name: 'half', startMs: 10 * minute, endMs: 25 * minute, isFaulty: true },
    { name: 'breather', startMs: 25 * minute, endMs: 30 * minute, isFaulty: false },
    { name: 'limited', startMs: 30 * minute, endMs: 45 * minute, isFaulty: true },
  ],
  warmUpMs: 5 * minute,
  lengthMs: 45 * minute,
  endMs: 55 * minute,
  phase: 'half',
  phaseEndsAt: 25 * minute,
  held: false,
  next: [
    {
      t: 15 * minute,
      kind: 'mail',
      text: 'Are we affected?',
      owner: 'facilitator',
      expected: 'A link to the incident',
    },
    { t: 18 * minute, kind: 'status', text: 'investigating' },
    { t: 25 * minute, kind: 'phase', text: 'breather' },
  ],
  faults: [
    {
      ...{ entry: 'phases[0].faults[0]', id: 'overloaded', surface: ['api'], phase: 'down', status: 'landed' },
      ...{ hits: 812, eligible: 1_400, when: 'over', isInjected: false },
    },
    {
      ...{ entry: 'phases[1].faults[0]', id: 'black-hole', surface: ['api'], phase: 'half', status: 'landed' },
      ...{ hits: 77, eligible: 240, when: 'now', isInjected: false },
    },
    {
      ...{ entry: 'injected[0]', id: 'refused', surface: ['cache'], phase: 'half', status: 'thin' },
      ...{ hits: 0, eligible: 3, when: 'now', isInjected: true, hint: 'Expected 0.9 hits: a larger share would do.' },
    },
  ],
  findings: [{ oracle: 'settles', severity: 'fail', message: '14 tasks took more than 30s', phase: 'down' }],
  stops: [
    { says: 'more than half of the tasks fail', above: 0.5, now: 0.31 },
    { says: 'nothing is answered', above: 0.95 },
  ],
  tasks: { open: 31, settled: { ok: 900, failed: 210, degraded: 44 } },
  attempts: { total: 2_240, open: 12, retries: 640, perCall: 1.4, ended: { ok: 1_200, error: 900, reset: 12 } },
  status,
  notices: ['The kill switch answers.'],
  people: { facilitator: 1, responder: 3, observer: 1 },
  surfaces: ['api', 'chat', 'cache'],
  faultIds: [
    { id: 'overloaded', says: 'The provider sheds load: it refuses a share of calls at once.' },
    { id: 'black-hole', says: 'Requests are taken, and nothing comes back.' },
  ],
  links: {
    facilitator: '/facilitator#token=lead',
    responder: '/responder#token=respond',
    observer: '/observer#token=watch',
  },
}

export const observerView: FacilitatorView = withoutLinks({ ...showView, role: 'observer' })

export const responderView: ResponderView = {
  role: 'responder',
  show: 'one',
  title: 'Claude is down, in stages',
  briefing: ['Work as you would.'],
  speed: 1,
  statusPage: 'http://127.0.0.1:9/status',
  app: 'http://127.0.0.1:9/app',
  stage: 'running',
  t: 17 * minute + 5_000,
  marks: { detected: { t: 14 * minute, author: 'Grace' } },
  status,
}

export const endedView: FacilitatorView = {
  ...showView,
  stage: 'ended',
  ended: 'aborted',
  ending: {
    ...{ verdict: 'fail', exitCode: 1, reason: 'The facilitator aborted it.', allClearMs: 1_340, leftovers: [] },
    papers: ['report.html', 'report.md', 'scorecard.md'],
  },
}

export const entries: readonly Entry[] = [
  { id: 3, t: 0, kind: 'phase', text: 'down begins' },
  {
    ...{ id: 8, t: 2 * minute, kind: 'inject', inject: 'ticket', from: 'a customer', to: 'support' },
    ...{ subject: 'Nothing works', text: 'All my requests fail since this morning.' },
  },
  { id: 11, t: 4 * minute, kind: 'mark', mark: 'detected', text: 'detected', author: 'Grace', role: 'responder' },
  { id: 12, t: 5 * minute, kind: 'alert', text: 'ErrorBudgetBurn: firing' },
  {
    id: 15,
    t: 6 * minute,
    kind: 'note',
    text: 'Somebody reads the status page',
    author: 'Kay',
    category: 'observation',
  },
  { id: 19, t: 10 * minute, kind: 'steer', text: 'extended by 5m', role: 'facilitator' },
]

/** So many bins of ten seconds, of a storm that comes and goes. */
export function stormBins(count: number): Bins {
  return { widthMs: 10_000, startMs: -5 * minute, from: 0, rows: Array.from({ length: count }, (_, at) => binAt(at)) }
}

function binAt(at: number): Bin {
  const storm = at < 30 ? 0 : Math.abs(Math.sin(at / 18))
  return {
    tasks: { ok: 20, failed: Math.round(12 * storm) },
    attempts: { ok: 20, error: Math.round(30 * storm), reset: Math.round(6 * storm), 'body-timeout': at % 4 },
    ...{ calls: 22, retries: Math.round(24 * storm), backlog: Math.round(40 * storm), limited: Math.round(9 * storm) },
    ...{ p50Ms: 800 + 900 * storm, p95Ms: 1_900 + 9_000 * storm },
    providers: { anthropic: 30, ...(at > 40 && { bedrock: Math.round(12 * storm) }) },
    ...(at > 20 && { limitPerMinute: at < 60 ? 600 : 300 }),
  }
}

function withoutLinks({ links: _, ...view }: FacilitatorView): FacilitatorView {
  return view
}
