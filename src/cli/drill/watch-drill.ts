import type { DrillControls } from '../../drill/controls.ts'
import type { Plan } from '../../model/timeline.ts'
import { useColor } from '../output.ts'
import { type Keys, readKeys } from './keys.ts'
import { LiveView } from './live-view.ts'

export interface WatchOptions {
  readonly plan: Plan
  /** Somebody wants the drill to end, as by SIGINT. */
  onQuit(): void
}

/** A drill under way, for whoever sits before it. */
export interface Watching {
  /** A line of the program's, or a notice: above what is drawn. */
  line(text: string): void
  close(): void
}

/** Shows the drill on standard error, and steers it by keys where there is a terminal. */
export function watchDrill(controls: DrillControls, { plan, onQuit }: WatchOptions): Watching {
  // A terminal that was closed is told by SIGHUP; it is no accident of the app's.
  for (const stream of [process.stdin, process.stderr]) stream.on('error', () => {})
  let view: LiveView | undefined
  const keys: Keys = readKeys(process.stdin, controls, { onQuit, say: text => view?.say(text) })
  view = new LiveView(controls, {
    ...{ stream: process.stderr, plan, color: useColor(process.stderr), keys: keys.areRead },
  })
  return {
    line: text => view.log(text),
    close() {
      keys.close()
      view[Symbol.dispose]()
    },
  }
}
