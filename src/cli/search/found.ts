import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { phasesOf } from '../../arbitraries/parts.ts'
import { nativeNow } from '../../clock/native.ts'
import { catalogueOf } from '../../run/config/apply-config.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { version } from '../../run/version.ts'
import { foundText, nameFound } from '../../search/found-file.ts'
import { earliest } from '../../search/merge.ts'
import { type FoundFailure, isProven } from '../../search/summary.ts'
import type { Loss } from './lane.ts'
import type { SearchRequest } from './order.ts'

/** The failures of a search: of each oracle the first, however many workers met it, written to the corpus at once. */
export class Found {
  private readonly request: SearchRequest
  private readonly config: LoadedConfig
  private readonly startMs = nativeNow()
  private readonly seenMs = new Map<string, number>()
  private readonly shrinking = new Set<string>()
  private best: readonly FoundFailure[] = []

  constructor(request: SearchRequest, config: LoadedConfig) {
    this.request = request
    this.config = config
  }

  get all(): readonly FoundFailure[] {
    return this.best
  }

  /** For the progress line: what is at its smallest, then what is on its way there. */
  get going(): readonly { readonly oracle: string; readonly phases?: number }[] {
    const on = [...this.shrinking].filter(oracle => !this.best.some(one => one.oracle === oracle))
    return [...this.best, ...on.map(oracle => ({ oracle }))]
  }

  see(oracle: string): void {
    if (!this.seenMs.has(oracle)) this.seenMs.set(oracle, this.elapsed())
    this.shrinking.add(oracle)
  }

  /** Returns what is to be said of it, where it is news. */
  take(failure: Omit<FoundFailure, 'seenMs' | 'foundMs'>): string | undefined {
    const { oracle } = failure
    this.shrinking.delete(oracle)
    const before = this.best.find(one => one.oracle === oracle)
    const foundMs = this.elapsed()
    const one: FoundFailure = { ...failure, seenMs: this.seenMs.get(oracle) ?? foundMs, foundMs }
    const best = earliest([...this.best, one])
    if (!best.includes(one)) return undefined
    if (before?.file !== undefined) rmSync(before.file, { force: true })
    const file = isProven(one) ? this.write(one) : undefined
    const written = { ...one, ...(file !== undefined && { file }) }
    this.best = best.map(known => (known === one ? written : known))
    if (!isProven(written)) return undefined
    return before?.file === undefined
      ? `found ${oracle}, ${sizeOf(written)}: ${file}`
      : `found ${oracle} earlier in the search, ${sizeOf(written)}: ${file}, in place of ${before.file}`
  }

  /** A run that brought the process down: as it is, since each try to make it smaller would cost as long again. */
  lost({ trying, beat, why }: Loss, client: string): string | undefined {
    const { finding } = why
    if (!trying) return undefined
    const catalogue = catalogueOf(this.config)
    const scenario = nameFound(trying.scenario, finding.oracle, catalogue)
    const provenance = {
      ...{ client, search_seed: this.request.seed, engine: 'msw', blackstart: version, node: process.versions.node },
      ended: `at ${beat.t} ms`,
    }
    const text = foundText({
      ...{ scenario, oracle: finding.oracle, message: finding.message, journalHash: undefined, client, provenance },
      clientFlag: this.request.client === undefined ? '' : `--client ${this.request.client}`,
      catalogue,
    })
    return this.take({
      ...{ oracle: finding.oracle, message: finding.message, origin: trying.origin, place: trying.place, text },
      ...{ fileName: `${scenario.id}.yaml`, journalHash: '', runs: 0, shrinkMs: 0, confirmed: true },
      phases: phasesOf(scenario).length,
    })
  }

  private write({ fileName, text }: FoundFailure): string | undefined {
    const { corpus } = this.request
    const file = join(corpus, fileName)
    if (existsSync(file)) return file
    mkdirSync(corpus, { recursive: true })
    writeFileSync(file, text)
    return file
  }

  private elapsed(): number {
    return Math.round(nativeNow() - this.startMs)
  }
}

function sizeOf({ phases, runs }: FoundFailure): string {
  return runs === 0 ? 'as it was met' : `in ${phases === 1 ? '1 phase' : `${phases} phases`}`
}
