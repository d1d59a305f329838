import { expect, test } from 'vitest'
import { readArguments } from '../../../../src/cli/args.ts'
import { gameday } from '../../../../src/cli/commands/gameday.ts'
import { openOtel } from '../../../../src/cli/telemetry/otel.ts'
import { loadPeers } from '../../../../src/cli/telemetry/peers.ts'
import { readTelemetry } from '../../../../src/cli/telemetry/request.ts'
import type { JournalEvent } from '../../../../src/journal/event.ts'
import { compilePlan, type Plan } from '../../../../src/model/timeline.ts'
import { catalogueWith } from '../../../../src/run/catalogue.ts'
import { parseScenario } from '../../../../src/scenario/index.ts'
import { otlpReceiver } from '../../../support/otlp-receiver.ts'

const read = (...words: readonly string[]) => readTelemetry(readArguments(gameday, ['run', 'day.yaml', ...words]))

const catalogue = catalogueWith({})

function planOf(phase: string): Plan {
  const { scenario } = parseScenario(`blackstart: 1\nid: quiet\nphases: [{ name: quiet, for: 10m${phase} }]\n`, {
    catalogue,
  })
  if (!scenario) throw new Error('the scenario is invalid')
  return compilePlan(scenario, catalogue.faults)
}

const quiet = planOf('')
const faulty = planOf(', faults: [{ surface: api, fault: overloaded }]')

/** A drill that is half a minute into its scenario, at a speed of 60. */
function quietDrill(journal: readonly JournalEvent[] = [], plan = quiet) {
  const listeners = new Set<(event: JournalEvent) => void>()
  const origin = Date.now() - 500
  return {
    speed: 60,
    write(event: JournalEvent) {
      for (const listener of listeners) listener(event)
    },
    session: {
      journal: (since = 0) => journal.slice(since),
      plan: () => plan,
      originWallMs: () => origin,
      subscribe(listener: (event: JournalEvent) => void) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
  }
}

const plain = (text: string) => text

test('events take what was written before, and nothing of single requests', async () => {
  await using collector = await otlpReceiver()
  const outlet = await openOtel({ url: new URL(`${collector.url}/v1/logs`), env: {}, say: plain, mask: plain })
  const drill = quietDrill([{ type: 'phase-entered', t: -60_000, phase: 'steady-state' }])

  outlet.begin(drill)
  drill.write({
    type: 'mark',
    t: 30_000,
    mark: 'note',
    says: 'It is slow',
    detail: { category: 'surprise', author: 'Ada' },
  })
  drill.write({ type: 'client-event', t: 31_000, event: 'start-failed', instance: 2 })
  drill.write({ type: 'note', t: 31_000, kind: 'key-leak', says: 'a key went to another host' })
  await outlet.close()

  expect(collector.events.map(({ name, says, facts }) => [name, says, facts])).toEqual([
    [
      'blackstart.phase.entered',
      'phase steady-state',
      { ...common, 'blackstart.t_ms': -60_000, ...phase('steady-state') },
    ],
    [
      ...['blackstart.mark', 'It is slow'],
      {
        ...common,
        'blackstart.t_ms': 30_000,
        ...phase('quiet'),
        'blackstart.mark': 'note',
        'blackstart.note.category': 'surprise',
      },
    ],
    [
      ...['blackstart.app.start_failed', 'app: start-failed'],
      { ...common, 'blackstart.t_ms': 31_000, ...phase('quiet'), 'blackstart.instance': 2 },
    ],
  ])
})

const common = { 'blackstart.scenario': 'quiet', 'blackstart.speed': 60 }
const phase = (name: string) => ({ 'blackstart.phase': name })

test('a drill that was resumed tells nothing twice: no event, and no fault that is in force still', async () => {
  await using collector = await otlpReceiver()
  const outlet = await openOtel({ url: new URL(`${collector.url}/v1/logs`), env: {}, say: plain, mask: plain })
  const drill = quietDrill([{ type: 'phase-entered', t: 0, phase: 'quiet' }], faulty)

  outlet.begin({ ...drill, told: 1 })
  drill.write({ type: 'mark', t: 30_000, mark: 'resumed' })
  await outlet.close()

  expect(collector.events.map(({ says }) => says)).toEqual(['resumed'])
})

test('a collector that refuses is told of once, whatever comes after', async () => {
  const said: string[] = []
  await using collector = await otlpReceiver({ status: 401 })
  const outlet = await openOtel({
    ...{ url: new URL(`${collector.url}/v1/logs`), env: {}, mask: plain },
    say: text => said.push(text),
  })
  const drill = quietDrill()

  outlet.begin(drill)
  drill.write({ type: 'mark', t: 1, mark: 'detected' })
  await expect.poll(() => collector.requests.length).toBe(1)
  drill.write({ type: 'mark', t: 2, mark: 'declared' })
  await outlet.close()

  expect(collector.requests).toHaveLength(2)
  expect(said).toEqual([
    `Events of the drill do not reach 127.0.0.1:${collector.port} (it answered with 401). It goes on without.`,
  ])
})

test('headers of the environment, which hold keys, go nowhere but to the address beside them', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example.com', OTEL_EXPORTER_OTLP_HEADERS: 'api-key=4711' }
  const open = (url: string) => openOtel({ url: new URL(url), env, say: plain, mask: plain })

  await expect(open('http://127.0.0.1:1/v1/logs')).rejects.toThrow(
    '--otel http://127.0.0.1:1: OTEL_EXPORTER_OTLP_HEADERS would go there too, and is for otlp.example.com (OTEL_EXPORTER_OTLP_ENDPOINT).',
  )
  await (await open('https://otlp.example.com/v1/logs')).close()
})

test('--otel is the base address of a collector, and --metrics a port', () => {
  expect(read()).toEqual({ otel: undefined, metrics: undefined })
  expect(read('--otel', 'https://otlp.example.com/otlp/', '--metrics', '0')).toEqual({
    otel: new URL('https://otlp.example.com/otlp/v1/logs'),
    metrics: 0,
  })
  expect(read('--otel', 'http://127.0.0.1:4318/v1/logs').otel?.pathname).toBe('/v1/logs')
  expect(() => read('--otel', 'our-collector')).toThrow('--otel our-collector: this is no web address.')
  expect(() => read('--otel', 'http://a:b@127.0.0.1')).toThrow('an address with a password in it ends up in logs.')
  expect(() => read('--metrics', '70000')).toThrow('--metrics 70000: ports end at 65535.')
})

test('a package that is too old is told, with what to install', async () => {
  const peers = { flag: 'metrics', least: { 'prom-client': '1000' } }

  await expect(loadPeers(peers, async () => 'never')).rejects.toMatchObject({
    message: expect.stringMatching(/^--metrics needs prom-client 1000 or later, and \d+\.\d+\.\d+ is installed\.$/),
    hint: 'Run npm install --save-dev prom-client@latest',
  })
})
