import { createServer, request as httpRequest } from 'node:http'
import { test } from 'vitest'
import { run, nothingWrong, eventsOf } from '../unit/run/support.ts'
test('x', async () => {
  const server = createServer((_, response) => response.end('pong'))
  await new Promise<void>(l => server.listen(0, '127.0.0.1', l))
  const url = `http://127.0.0.1:${(server.address() as any).port}/health`
  const lines: string[] = []
  const mode = process.env.MODE
  const result = await run({ name: 'lb', perform: async (_, { prompt, question, id }) => {
    const t = [Date.now()]
    if (!mode || mode.includes('a')) { await (await fetch(url, { method: 'POST', body: new Blob(['ping']).stream(), duplex: 'half' } as RequestInit)).text() }
    t.push(Date.now())
    if (!mode || mode.includes('b')) await (await fetch(url)).text()
    t.push(Date.now())
    if (!mode || mode.includes('c')) await new Promise<string>((resolve, reject) => { httpRequest(url, response => response.on('data', data => resolve(String(data)))).on('error', reject).end() })
    t.push(Date.now())
    if (t[3]! - t[0]! > 0) lines.push(`${id} ${t.map(x => x - t[0]!).join(' ')}`)
    return `[q:${question}] [end:${question}]`
  } }, { scenario: nothingWrong })
  console.log(mode, lines.length, lines.slice(0, 8), eventsOf(result, 'task-started').length, result.wallMs, result.notices)
  server.closeAllConnections(); server.close()
})
