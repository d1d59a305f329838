import type { AppSpec } from '../../model/app.ts'
import type { LoadedConfig } from '../../run/config/load-config.ts'
import type { RunRequest } from '../run/request.ts'
import type { DrillRequest } from './request.ts'

/** Who asks the app something, user by user. */
export type Asker =
  | { readonly type: 'module'; readonly specifier: string }
  /** The config’s `app.perform`. */
  | { readonly type: 'config' }
  | { readonly type: 'nobody' }

export interface AskerOptions {
  readonly request: Pick<DrillRequest, 'command'>
  readonly run: Pick<RunRequest, 'client'>
  readonly config: Pick<LoadedConfig, 'app' | 'client'>
}

/** The module that was named; else what the config says, whose module is no driver of a program. */
export function askerOf({ request, run, config }: AskerOptions): Asker {
  if (run.client !== undefined) return { type: 'module', specifier: run.client }
  if (config.app?.perform) return { type: 'config' }
  if (!hasProgram(request, config.app) && config.client !== undefined)
    return { type: 'module', specifier: config.client }
  return { type: 'nobody' }
}

function hasProgram({ command }: AskerOptions['request'], app: AppSpec | undefined): boolean {
  return command.length > 0 || (app?.start ?? []).length > 0
}
