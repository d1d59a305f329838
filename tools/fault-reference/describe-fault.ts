import { formatDuration } from '../../src/lib/duration.ts'
import type { Effect } from '../../src/model/effect.ts'
import { type Fault, type FaultContext, faultParams } from '../../src/model/fault.ts'
import type { Param } from '../../src/model/param.ts'

/** The section of one fault: its sentence, its parameters and its effect, all from its declaration. */
export function faultSection(fault: Fault): string {
  const { id, says, params, streamingOnly } = fault
  const rows = Object.entries(params).map(
    ([name, param]) => `| \`${name}\` | ${kindOf(param)} | ${defaultOf(param)} | ${param.says} |`,
  )
  const table =
    rows.length === 0
      ? 'No parameters.'
      : ['| parameter | value | default | what |', '|---|---|---|---|', ...rows].join('\n')
  return [
    `### ${id}`,
    `${says}${streamingOnly === true ? ' For streams alone: an answer that is not streamed is left as it is.' : ''}`,
    `Effect: ${effectText(fault.effect(faultParams(params, {}), context))}.`,
    table,
  ].join('\n\n')
}

export function kindOf(param: Param): string {
  switch (param.kind) {
    case 'duration':
      return `a duration (\`500ms\`, \`30s\`, \`5m\`)${range(param, formatDuration)}`
    case 'share':
      return 'a share (`50%`, `0.5`)'
    case 'number': {
      const unit = param.unit === undefined ? '' : ` of ${param.unit}`
      return `${param.integer ? 'a whole number' : 'a number'}${unit}${range(param, String)}`
    }
    case 'boolean':
      return '`true` or `false`'
    case 'text':
      return 'text'
    case 'choice':
      return param.options.map(option => `\`${option}\``).join(', ')
    case 'cut-point':
      return 'a point (`3 events`, `120 bytes`, `5s`, `inside frame`, `inside code-point`, `inside tool-json`)'
    case 'text-map':
      return 'a map of names to text'
    case 'surfaces':
      return 'a surface, or a list of them'
  }
}

function range({ min, max }: { min?: number; max?: number }, spell: (value: number) => string): string {
  if (min !== undefined && max !== undefined) return `, ${spell(min)} to ${spell(max)}`
  if (min !== undefined) return `, at least ${spell(min)}`
  return max === undefined ? '' : `, at most ${spell(max)}`
}

export function defaultOf(param: Param): string {
  if (param.default === undefined) return 'absent'
  if (param.kind === 'duration') return `\`${formatDuration(param.default)}\``
  if (param.kind === 'cut-point') return `\`${words(param.default)}\``
  if (param.kind === 'text-map') return '`{}`'
  return param.default === '' ? "`''`" : `\`${String(param.default)}\``
}

/** Draws that fall in the middle of whatever is drawn from them. */
const context: FaultContext = {
  arrival: {
    provider: 'anthropic',
    surface: 'api.messages',
    model: undefined,
    streaming: true,
    key: 'canary',
    tenant: undefined,
    region: undefined,
    session: undefined,
    inputTokens: 0,
    maxOutputTokens: 0,
    instance: 0,
    user: 0,
    taskNumber: 1,
    attemptNumber: 1,
    call: undefined,
    callNumber: 1,
  },
  draw: () => 0.75,
}

/** `cut` (after 3 events, by fin). */
function effectText({ type, ...rest }: Effect): string {
  const details = Object.entries(rest)
    .map(([name, value]) => [
      name.replace(/Ms$/, ''),
      name.endsWith('Ms') ? formatDuration(Number(value)) : words(value),
    ])
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}: ${text}`)
  return details.length === 0 ? `\`${type}\`` : `\`${type}\` (${details.join(', ')})`
}

function words(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const effect = 'type' in value && typeof value.type === 'string' ? value.type : undefined
  if (effect !== undefined) return effect
  return Object.entries(value)
    .map(([name, inner]) => {
      if (name.endsWith('Ms') || name === 'ms') return `${name.replace(/Ms$/, '')} ${formatDuration(Number(inner))}`
      if (name === 'events' || name === 'bytes') return `${inner} ${name}`
      return `${name} ${words(inner)}`
    })
    .join(', ')
}
