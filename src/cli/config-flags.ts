import { UsageError } from '../lib/errors.ts'
import type { Flag, Invocation } from './command.ts'

/** The flags of every command that heeds a config. */
export const configFlags: Readonly<Record<'config' | 'no-config', Flag>> = {
  config: {
    value: 'FILE',
    says: 'the config (default: the nearest blackstart.config.ts, .js, .json or .yaml, from here upwards)',
  },
  'no-config': { says: 'heed no config' },
}

/** What those flags say, as `loadConfig` takes it. */
export function configFlag(invocation: Invocation): string | false | undefined {
  const file = invocation.value('config')
  if (!invocation.has('no-config')) return file
  if (file !== undefined) throw new UsageError('--config and --no-config contradict each other.', 'Keep one of them.')
  return false
}
