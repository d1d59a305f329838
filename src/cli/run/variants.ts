import { readFileSync } from 'node:fs'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import type { Target } from '../registry.ts'

/** Each scenario that has a matrix becomes a target for every variant of it. */
export async function expandTargets(targets: readonly Target[], config: LoadedConfig): Promise<readonly Target[]> {
  const expanded: Target[] = []
  for (const target of targets) expanded.push(...(hasMatrix(target) ? await variantTargets(target, config) : [target]))
  return expanded
}

/** Told by the text alone: most scenarios have none, and need not be read twice. */
function hasMatrix({ path }: Target): boolean {
  try {
    return /^["']?matrix["']?[ \t]*:/m.test(readFileSync(path, 'utf8'))
  } catch {
    // What cannot be read is told when it is read in earnest.
    return false
  }
}

async function variantTargets(target: Target, config: LoadedConfig): Promise<readonly Target[]> {
  const [{ readScenarioFile, variantsOf }, { catalogueOf }] = await Promise.all([
    import('../../scenario/index.ts'),
    import('../../run/config/apply-config.ts'),
  ])
  const catalogue = catalogueOf(config)
  const { scenario } = readScenarioFile(target.path, { catalogue })
  const variants = scenario ? variantsOf(scenario, catalogue).variants : []
  return variants.length === 0 ? [target] : variants.map((_, variant) => ({ ...target, variant }))
}
