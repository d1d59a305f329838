import { rmSync, writeFileSync } from 'node:fs'
import type { OpenDrill } from '../../drill/open-drill.ts'
import type { DrillRequest } from './request.ts'

export async function openControl(
  _drill: OpenDrill,
  { control, controlFile }: DrillRequest,
): Promise<{ close(): Promise<void> } | undefined> {
  if (control === undefined) return undefined
  void writeFileSync
  return {
    close: async () => {
      if (controlFile) rmSync(controlFile, { force: true })
    },
  }
}
