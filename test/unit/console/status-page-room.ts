import { type OpenStatusPage, openStatusPage } from '../../../src/console/status-page/open-status-page.ts'
import { compilePlan, minuteMs, type Plan } from '../../../src/model/timeline.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { parseScenario } from '../../../src/scenario/index.ts'
import { library } from '../../support/library.ts'
import { type Element, elements, parsePage } from '../../support/page.ts'

/** When t = 0 is. */
export const originMs = Date.parse('2026-03-02T11:37:00Z')

/** A status page whose time is set by hand. */
export class Room implements AsyncDisposable {
  t = 0
  readonly plan: Plan
  private opened: OpenStatusPage | undefined

  private constructor(plan: Plan) {
    this.plan = plan
  }

  static async open(plan: Plan, { speed = 1, origin = originMs } = {}): Promise<Room> {
    const room = new Room(plan)
    room.opened = await openStatusPage({ plan: () => plan, t: () => room.t, originMs: () => origin, speed })
    return room
  }

  get url(): string {
    return this.opened?.url ?? ''
  }

  /** Some minutes into a phase, or before or after all of them. */
  at(phase: string, minutes: number): this {
    const start = this.plan.phases.find(({ name }) => name === phase)?.startMs ?? 0
    this.t = Math.round(start + minutes * minuteMs)
    return this
  }

  async text(path: string): Promise<string> {
    return (await fetch(`${this.url}${path}`)).text()
  }

  /** A document of the API v2. */
  async json(name: string, page = '') {
    return JSON.parse(await this.text(`${page}/api/v2/${name}.json`))
  }

  /** What is read on the page: the banner, the components that are not well, and each update of each incident. */
  async read(path = '/'): Promise<readonly string[]> {
    const page = parsePage(await this.text(path))
    const classed = (element: Element, name: string) => element.attributes.get('class')?.split(' ').includes(name)
    const banner = elements(page, 'p').filter(one => classed(one, 'banner'))
    const components = elements(page, 'li').filter(one => one.children.some(child => classed(child, 'status')))
    const updates = elements(page, 'ol').flatMap(list => elements(list, 'li'))
    return [...banner, ...components, ...updates]
      .map(({ text }) => text.trim())
      .filter(text => !text.endsWith(' Operational') || text === banner[0]?.text)
  }

  async close(): Promise<void> {
    await this.opened?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

export function planOf(text: string): Plan {
  const { scenario, diagnostics } = parseScenario(`blackstart: 1\nid: said\n${text}`, { catalogue })
  if (!scenario) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return compilePlan(scenario, catalogue.faults)
}

export function shippedPlan(id: string): Plan {
  const found = library.find(({ scenario }) => scenario.id === id)
  if (!found) throw new Error(`There is no ${id}`)
  return compilePlan(found.scenario, catalogue.faults)
}
