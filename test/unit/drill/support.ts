import { compilePlan, type Plan } from '../../../src/model/timeline.ts'
import { catalogue } from '../../../src/run/catalogue.ts'
import { parseScenario } from '../../../src/scenario/index.ts'

/** A scenario's plan; `text`: what stands below its id. */
export function planOf(text: string): Plan {
  const { scenario, diagnostics } = parseScenario(`blackstart: 1\nid: short\n${text}`, { catalogue })
  if (!scenario || diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return compilePlan(scenario, catalogue.faults)
}
