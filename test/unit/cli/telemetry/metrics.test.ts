import { expect, test } from 'vitest'
import { createMetrics } from '../../../../src/cli/telemetry/metrics.ts'
import { openMetrics } from '../../../../src/cli/telemetry/metrics-endpoint.ts'

test('marks under any name fill no Prometheus: from the 33rd on they are one', async () => {
  const { take, registry } = await createMetrics()

  for (let i = 0; i < 500; i++) take({ type: 'mark', t: i, mark: `mark ${i}` })
  take({ type: 'mark', t: 500, mark: 'detected' })

  const lines = (await registry.metrics()).split('\n').filter(line => line.startsWith('blackstart_marks_total'))
  expect(lines).toHaveLength(33)
  expect(lines).toContain('blackstart_marks_total{mark="other"} 472')
  expect(lines).toContain('blackstart_marks_total{mark="detected"} 1')
})

test('only /metrics answers, under a name of this machine; a port that is taken is told', async () => {
  const said: string[] = []
  const options = { say: (text: string) => said.push(text), mask: (text: string) => text }
  const outlet = await openMetrics(0, options)
  const base = new URL('/', said[0]?.replace(/^.* at /, ''))
  const status = async (path: string, init: RequestInit = {}) => (await fetch(new URL(path, base), init)).status

  expect(await status('metrics')).toBe(200)
  expect(await status('')).toBe(404)
  expect(await status('metrics', { method: 'POST' })).toBe(405)
  expect(await status('metrics', { headers: { origin: 'http://evil.example' } })).toBe(403)
  await expect(openMetrics(Number(base.port), options)).rejects.toThrow(`Failed to serve the metrics on 127.0.0.1:`)
  await outlet.close()
  await expect(status('metrics')).rejects.toThrow('fetch failed')
})

test('its figures are its own: an app in this process may have a registry, too', async () => {
  const { register } = await import('prom-client')

  await createMetrics()

  expect(await register.metrics()).not.toContain('blackstart')
})
