/**
 * `node --import blackstart/clock app.js`: a Node program that takes its time from the drill it runs in. A drill that goes
 * 20 times as fast sets `BLACKSTART_SPEED=20`, and the app's own deadline of 30 s then ends after 30 s of the scenario.
 * Without the variable, or at 1, nothing is changed; in production it may stay in the command.
 *
 * Covered: `setTimeout` and `setInterval` in the globals, `node:timers` and `node:timers/promises`, `scheduler.wait`,
 * `AbortSignal.timeout`, `Date`, `performance` and `process.hrtime`, in forked processes and in worker threads too (but for
 * those made with `eval: true`, whose code Node starts first); and so the limits of `fetch`, which are made of these. No
 * timer is shorter than a real millisecond: at 20, an interval of 10 ms comes every 20.
 *
 * Not covered, and as long as in real time: the timeouts of sockets and of `node:http` (`socket.setTimeout`, a server's
 * `keepAliveTimeout`, `requestTimeout`), `process.uptime`, what native code and other programs measure (a database's
 * timeout), and how long any work takes.
 */
import { appendFileSync } from 'node:fs'
import { basename } from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { readClockVariables } from './opt-in.ts'
import { scaleTime } from './scaled.ts'

/** Reached by `NODE_OPTIONS` before the app is, and no part of it. */
const managers = /^(?:(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack)(?:-cli)?(?:\.[cm]?js)?)$/

const installed = Symbol.for('blackstart.clock')
const optIn = managers.test(basename(process.argv[1] ?? '')) ? undefined : readClockVariables(process.env)
if (optIn && !(installed in globalThis)) {
  Object.defineProperty(globalThis, installed, { value: true })
  const { speed, fromMs = performance.timeOrigin, ackFile } = optIn
  // What this process starts counts from the same moment.
  if (isMainThread) process.env['BLACKSTART_CLOCK_FROM'] = String(fromMs)
  if (speed !== 1) scaleTime({ speed, fromMs })
  if (isMainThread && ackFile !== undefined) appendFileSync(ackFile, `${process.pid}\n`)
}
