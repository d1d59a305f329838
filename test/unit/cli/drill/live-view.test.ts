import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LiveView, type LiveViewOptions } from '../../../../src/cli/drill/live-view.ts'
import { faults } from '../../../../src/faults/index.ts'
import { compilePlan } from '../../../../src/model/timeline.ts'
import type { Finding } from '../../../../src/oracles/oracle.ts'
import { FakeDrill, fakeVerdict } from '../../../support/fake-drill.ts'
import { fakeScenario } from '../../../support/fake-result.ts'
import { FakeTerminal } from './fake-terminal.ts'

const plan = compilePlan(fakeScenario, faults)
const minute = 60_000
const [finding] = fakeVerdict.findings as readonly [Finding]

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})

afterEach(() => {
  vi.useRealTimers()
})

function watch(more: Partial<LiveViewOptions> = {}, terminal = new FakeTerminal()) {
  const drill = new FakeDrill()
  const view = new LiveView(drill, { stream: terminal, plan, keys: true, live: true, ...more })
  const pass = (ms: number) => vi.advanceTimersByTime(ms)
  return { drill, view, terminal, pass }
}

/** Nothing but what is written, as a file gets it. */
function log(more: Partial<LiveViewOptions> = {}) {
  let text = ''
  const stream = {
    write(part: string) {
      text += part
    },
  }
  const drill = new FakeDrill()
  const view = new LiveView(drill, { stream, ...more })
  return {
    drill,
    view,
    pass: (ms: number) => vi.advanceTimersByTime(ms),
    written() {
      const all = text
      text = ''
      return all
    },
  }
}

test('the view says where the drill is, what came of it, and what keys do', () => {
  const { terminal } = watch()

  expect(terminal.screen).toMatchInlineSnapshot(`
    "small-outage  A small outage  my-app  loopback 20x  seed 1
    ████████████████████████████████████▇▆▆▆▅▅▅▅▄▄▄▃▃▃▂▂▂▁~~~~~~~~~~~~~~~~~~
                  ▲ 4:00  down, 6 m left (18 s here), then half
    tasks       164  120 ok  41 failed  3 open
    attempts  1,204  120 ok  1,080 error  2 cut  2 open  640 retries
    faults    overloaded 1,080 of 1,080
    h hold  s skip  e +1 m  E +5 m  m mark  a abort  q quit"
  `)
})

test('the mark moves with the drill, in place', () => {
  const { drill, terminal, pass } = watch({ keys: false })

  drill.now = { ...drill.now, t: 19 * minute, phase: 'limited', phaseEndsAt: 20 * minute, nextPhase: 'healed' }
  pass(200)

  expect(terminal.screen).toMatchInlineSnapshot(`
    "small-outage  A small outage  my-app  loopback 20x  seed 1
    ████████████████████████████████████▇▆▆▆▅▅▅▅▄▄▄▃▃▃▂▂▂▁~~~~~~~~~~~~~~~~~~
                      19:00  limited, 1 m left (3 s here), then healed ▲
    tasks       164  120 ok  41 failed  3 open
    attempts  1,204  120 ok  1,080 error  2 cut  2 open  640 retries
    faults    overloaded 1,080 of 1,080"
  `)
})

test('a phase that is held, and a steady state, are told as such', () => {
  const { drill, terminal, pass } = watch({ plan: undefined, keys: true })
  const shown = (more: Partial<typeof drill.now>) => {
    const { phaseEndsAt: _, ...rest } = drill.now
    drill.now = { ...rest, ...more }
    pass(200)
    return terminal.screen.split('\n')[1]
  }

  expect(shown({ held: true })).toMatchInlineSnapshot(`"4:00  down, held: its faults stay, then half"`)
  expect(terminal.screen.split('\n').at(-1)).toMatch(/^h release {2}s skip/)
  expect(shown({ held: false, stage: 'starting', t: -2 * minute })).toMatchInlineSnapshot(
    `"starting: the app is not ready yet"`,
  )
  expect(shown({ stage: 'steady-state', t: -80_000, nextPhase: 'down' })).toMatchInlineSnapshot(
    `"-1:20  steady state, down begins in 1 m 20 s (4 s here)"`,
  )
  expect(shown({ stage: 'healed', t: 21 * minute })).toMatchInlineSnapshot(`"21:00  healed, over in 4 m (12 s here)"`)
  expect(shown({ speed: 1 })).toMatchInlineSnapshot(`"21:00  healed, over in 4 m"`)
  expect(shown({ t: 26 * minute })).toMatchInlineSnapshot(`"26:00  healed, over when 3 open tasks settled"`)
  expect(shown({ stage: 'ended', t: 25 * minute })).toMatchInlineSnapshot(`"25:00  ended"`)
})

test('findings and notes are shown as they come, and what would move the cursor is made visible', () => {
  const { drill, terminal, pass } = watch({ plan: undefined, keys: false })

  const warning: Finding = {
    ...finding,
    oracle: 'herd-at-restore',
    severity: 'warn',
    message: 'all at\nonce \u001b[2J',
  }
  drill.now = { ...drill.now, findings: [finding, warning], notices: ['one', 'api.evil.test was refused.'] }
  pass(200)

  expect(terminal.screen).toMatchInlineSnapshot(`
    "small-outage  A small outage  my-app  loopback 20x  seed 1
    4:00  down, 6 m left (18 s here), then half
    tasks       164  120 ok  41 failed  3 open
    attempts  1,204  120 ok  1,080 error  2 cut  2 open  640 retries
    faults    overloaded 1,080 of 1,080
    findings      2  retry-amplification (fail, down): 9 attempts a call, at most …
                     herd-at-restore (warn, down): all at once �[2J
    note      api.evil.test was refused."
  `)
})

test('a narrow terminal gets lines that fit, and a low one the weightiest', () => {
  const { terminal } = watch({}, new FakeTerminal(41, 24))
  const low = watch({}, new FakeTerminal(80, 5))

  expect(terminal.screen).toMatchInlineSnapshot(`
    "small-outage  A small outage  my-app  l…
    ████████████████████▇▆▆▅▄▄▃▃▂▂~~~~~~~~~~
    4:00  down, 6 m left (18 s here), then …
    tasks       164  120 ok  41 failed  3 o…
    attempts  1,204  120 ok  1,080 error  2…
    faults    overloaded 1,080 of 1,080
    h hold  s skip  e +1 m  E +5 m  m mark …"
  `)
  expect(low.terminal.screen).toMatchInlineSnapshot(`
    "small-outage  A small outage  my-app  loopback 20x  seed 1
                  ▲ 4:00  down, 6 m left (18 s here), then half
    tasks       164  120 ok  41 failed  3 open
    attempts  1,204  120 ok  1,080 error  2 cut  2 open  640 retries"
  `)
})

test('a terminal that is made narrower keeps one view, not two', () => {
  const { drill, terminal, pass } = watch()

  terminal.resize(40)
  drill.now = { ...drill.now, t: 5 * minute }
  pass(200)

  expect(terminal.screen.match(/small-outage/g)).toHaveLength(1)
  expect(terminal.screen).toContain('5:00')
  expect(terminal.screen).not.toContain('4:00')
})

test('what the program prints stands above the view, in order, and stays when it closes', () => {
  const { view, terminal, pass } = watch({ plan: undefined })

  view.log('listening on 8080')
  view.log('GET /ask 200\n')
  pass(100)

  expect(terminal.screen).toMatch(/^listening on 8080\nGET \/ask 200\nsmall-outage/)
  view.log('bye')
  view.close()
  expect(terminal.screen).toBe('listening on 8080\nGET /ask 200\nbye')
})

test('what came of a key is said at once, and for a while', () => {
  const { view, terminal, pass } = watch()

  pass(150)
  view.say('Held: down goes on until h is pressed again, and its faults stay on.')
  pass(100)
  expect(terminal.screen).toContain('Held: down goes on until h is pressed again, and its faults stay on.')
  pass(9_000)

  expect(terminal.screen).not.toContain('Held')
})

test('it is drawn ten times a second at most, however much is said', () => {
  const { view, terminal, pass, drill } = watch()

  for (let i = 0; i < 1_000; i++) {
    drill.now = { ...drill.now, t: drill.now.t + 1_000 }
    view.say(`${i}`)
    view.log(`line ${i}`)
    pass(1)
  }

  expect(terminal.writes).toBeLessThanOrEqual(11)
  expect(terminal.screen).toContain('line 998')
})

test('nothing is written while nothing changes', () => {
  const { terminal, pass } = watch()

  pass(10_000)

  expect(terminal.writes).toBe(1)
})

test('colour only where it is asked for', () => {
  const written: string[] = []
  const stream = { isTTY: true, columns: 80, write: (text: string) => written.push(text) }
  const shown = (color: boolean) => {
    using _view = new LiveView(new FakeDrill(), { stream, color, live: true })
    return written.splice(0).join('')
  }

  expect(shown(true)).toContain('\u001b[31m41 failed\u001b[39m')
  expect(shown(false)).not.toMatch(/\[\d*m/)
})

test('a log gets a line for each phase, for what is found, and every 30 s', () => {
  const { drill, pass, written } = log()

  expect(written()).toMatchInlineSnapshot(`
    "blackstart: 4:00  down, for 6 m (18 s here), then half
    "
  `)
  drill.now = { ...drill.now, t: 5 * minute, findings: [finding] }
  pass(1_000)
  expect(written()).toMatchInlineSnapshot(`
    "blackstart: 5:00  found retry-amplification (fail, down): 9 attempts a call, at most 3 are sound.
    "
  `)
  drill.now = { ...drill.now, findings: [{ ...finding, message: '10 attempts a call, at most 3 are sound.' }] }
  pass(10_000)
  expect(written()).toBe('')
  pass(19_000)
  expect(written()).toMatchInlineSnapshot(`
    "blackstart: 5:00  down, 5 m left (15 s here), then half; 164 tasks (120 ok, 41 failed, 3 open); 1,204 attempts (120 ok, 1,080 error, 2 cut, 2 open, 640 retries); overloaded 1,080 of 1,080; 1 finding
    "
  `)
  drill.hold()
  pass(200)
  drill.release()
  pass(200)
  expect(written()).toMatchInlineSnapshot(`
    "blackstart: 5:00  down is held: its faults stay
    blackstart: 5:00  down is released
    "
  `)
  drill.now = { ...drill.now, stage: 'healed', phase: 'healed', t: 20 * minute }
  pass(200)
  expect(written()).toMatchInlineSnapshot(`
    "blackstart: 20:00  healed, over in 5 m (15 s here)
    "
  `)
})

test('a log is never moved in, and says keys where there are any', () => {
  const { view, pass, written } = log({ keys: true })

  view.say('Skipped the rest of down.')
  view.log('from the program')
  pass(1_000)
  view.close()
  pass(60_000)

  const text = written()
  expect(text).not.toContain('\u001b')
  expect(text.split('\n')).toEqual([
    'blackstart: keys: h hold  s skip  e +1 m  E +5 m  m mark  a abort  q quit',
    expect.stringContaining('blackstart: 4:00  down'),
    'blackstart: Skipped the rest of down.',
    'from the program',
    '',
  ])
})
