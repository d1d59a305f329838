import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { readShipped } from '../src/cli/shipped.ts'
import { nativeNow } from '../src/clock/native.ts'
import { parseScenario } from '../src/index.ts'
import { count, median } from './support.ts'

/** Time to read and check every shipped scenario, beside what the YAML parser alone takes for the same text. */
export async function* parsing(): AsyncGenerator<string> {
  const texts = readShipped().map(({ path }) => readFileSync(path, 'utf8'))
  const bytes = texts.reduce((sum, text) => sum + text.length, 0)
  yield `Reading all ${texts.length} shipped scenarios (${count(bytes)} characters), beside the YAML parser alone, taking turns`
  const ours: number[] = []
  const floor: number[] = []
  for (let round = 0; round < 8; round++) {
    const started = nativeNow()
    for (const text of texts) parseScenario(text)
    const between = nativeNow()
    for (const text of texts) parse(text)
    if (round === 0) continue
    ours.push(between - started)
    floor.push(nativeNow() - between)
  }
  const perFile = (ms: number) => `${(ms / texts.length).toFixed(2)} ms a file`
  yield `  check ${median(ours).toFixed(0)} ms (${perFile(median(ours))}), yaml alone ${median(floor).toFixed(0)} ms (${perFile(median(floor))}), ratio ${(median(ours) / median(floor)).toFixed(2)}, median of 7`
}
