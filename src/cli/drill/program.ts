import type { ProgramSpec } from '../../drill/open-drill.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import { notice } from '../output.ts'
import type { DrillRequest } from './request.ts'

/** The program that is drilled: the command behind `--`. */
export function programOf({ command }: DrillRequest, _config: LoadedConfig, cwd: string): ProgramSpec | undefined {
  if (command.length === 0) return undefined
  return {
    argv: command,
    cwd,
    ready: async () => {},
    onOutput: line => notice(line),
  }
}
