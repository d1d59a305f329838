import { inNoContext } from '../attribution/attribution.ts'
import { replace } from '../clock/chance.ts'
import type { Clock } from '../clock/clock.ts'
import { nativeClearTimeout, nativeSetTimeout } from '../clock/native.ts'

interface Tick {
  readonly _onTimeout: (() => void) | null
  readonly _idleTimeout: number
}

/**
 * undici counts all its long timeouts (300 s of silence) by one timer of 499 ms that it makes once in a process and
 * refreshes for ever. Where that timer was made before the run, this moves it to the run's clock. Returns the undo.
 */
export function virtualUndiciTick(clock: Clock): () => void {
  const sample = nativeSetTimeout(() => {}, 0)
  nativeClearTimeout(sample)
  const prototype: { refresh(): unknown } = Object.getPrototypeOf(sample)
  const { refresh } = prototype
  let cancel = () => {}
  return replace(prototype, 'refresh', function (this: Tick) {
    const { _onTimeout: tick, _idleTimeout: ms } = this
    if (!isUndiciTick(tick, ms)) return Reflect.apply(refresh, this, [])
    cancel()
    // It serves the whole process: it must outlive the app instance whose request it happened to be.
    cancel = inNoContext(() => clock.after(ms, tick))
    return this
  })
}

/** Told by its name and its length: `lib/util/timers.js` of undici 6 to 8. */
function isUndiciTick(callback: unknown, ms: number): callback is () => void {
  return typeof callback === 'function' && callback.name === 'onTick' && ms === 499
}
