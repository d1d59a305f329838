import type { DrillControls } from '../../drill/controls.ts'

export function watchDrill(_controls: DrillControls, _options: { onQuit(): void }): { close(): void } {
  return { close() {} }
}
