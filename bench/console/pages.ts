import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test'
import { type Role, roles } from '../../src/console/protocol.ts'

/** What befell one page since it was last asked. */
export interface Drawn {
  readonly role: Role
  readonly frames: number
  /** Frames that came more than {@link lateMs} after the one before. */
  readonly late: number
  /** Frames of a screen of 60 Hz that never came. */
  readonly dropped: number
  readonly longestMs: number
  /** Tasks of more than 50 ms, by the browser's own account. */
  readonly longTasks: number
  /** Of its main thread: the processor's time, not that on the wall. */
  readonly cpuMs: number
  /** After a collection. */
  readonly heapBytes: number
  readonly nodes: number
}

const lateMs = 50
/** The browser. */
export const binary = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

/** In the page: counts frames for as long as it is there. */
const counting = `
  const none = () => ({ frames: 0, late: 0, dropped: 0, longestMs: 0, longTasks: 0 })
  let seen = none()
  let last = performance.now()
  const frame = now => {
    const gap = now - last
    last = now
    seen.frames++
    seen.dropped += Math.max(0, Math.round(gap / (1000 / 60)) - 1)
    if (gap > ${lateMs}) seen.late++
    seen.longestMs = Math.max(seen.longestMs, gap)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  new PerformanceObserver(list => { seen.longTasks += list.getEntries().length }).observe({ type: 'longtask' })
  globalThis.framesSeen = () => {
    const told = seen
    seen = none()
    return told
  }
`

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: binary, args: ['--no-sandbox'] })
}

type Frames = Pick<Drawn, 'frames' | 'late' | 'dropped' | 'longestMs' | 'longTasks'>

interface Watched {
  readonly role: Role
  readonly page: Page
  readonly devtools: CDPSession
  cpuMs: number
}

/** The console in real pages, one of each role: the responder on a phone, the others at a desk. */
export class Pages implements AsyncDisposable {
  private readonly contexts: readonly BrowserContext[]
  private readonly watched: readonly Watched[]

  private constructor(contexts: readonly BrowserContext[], watched: readonly Watched[]) {
    this.contexts = contexts
    this.watched = watched
  }

  static async open(browser: Browser, urls: Readonly<Record<Role, string>>): Promise<Pages> {
    const contexts: BrowserContext[] = []
    const watched: Watched[] = []
    for (const role of roles) {
      const viewport = role === 'responder' ? { width: 390, height: 844 } : { width: 1280, height: 900 }
      const context = await browser.newContext({ viewport })
      contexts.push(context)
      const page = await context.newPage()
      await page.goto(urls[role])
      await page.getByText('Connected', { exact: true }).waitFor()
      await page
        .locator(role === 'responder' ? '#inbox' : '#charts canvas')
        .first()
        .waitFor()
      await page.evaluate(counting)
      const devtools = await context.newCDPSession(page)
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
      watched.push({ role, page, devtools, cpuMs: 0 })
    }
    return new Pages(contexts, watched)
  }

  /** What happened since the last time; memory after a collection, which is in no page's time. */
  drawn(): Promise<readonly Drawn[]> {
    return Promise.all(
      this.watched.map(async one => {
        const { role, page, devtools } = one
        const { cpuMs } = await metricsOf(devtools)
        const frames = await page.evaluate<Frames>('framesSeen()')
        await devtools.send('HeapProfiler.collectGarbage')
        const { heapBytes, nodes, cpuMs: afterMs } = await metricsOf(devtools)
        const told = { role, ...frames, cpuMs: cpuMs - one.cpuMs, heapBytes, nodes }
        one.cpuMs = afterMs
        await page.evaluate('framesSeen()')
        return told
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.contexts.map(context => context.close()))
  }
}

async function metricsOf(devtools: CDPSession) {
  const { metrics } = await devtools.send('Performance.getMetrics')
  const of = (wanted: string) => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  return { cpuMs: of('TaskDuration') * 1_000, heapBytes: of('JSHeapUsedSize'), nodes: of('Nodes') }
}
