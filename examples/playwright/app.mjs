// The app under test: a page with one question, a server that asks the model. Nothing in here knows of blackstart; where
// the model is, and with which key it is asked, stands in the environment, under the names that Anthropic's SDK reads.
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

const retries = 2
const timeoutMs = 5_000
const sorry = 'The assistant is not available right now. Please try again later.'

const server = createServer(async (request, response) => {
  if (request.url === '/ask' && request.method === 'POST') {
    const parts = []
    for await (const part of request) parts.push(part)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(await answer(Buffer.concat(parts).toString())))
  } else if (request.url === '/') {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(await readFile(new URL('page.html', import.meta.url)))
  } else response.writeHead(404).end()
})
server.listen(Number(process.env.PORT), '127.0.0.1')

async function answer(question) {
  for (let attempt = 0; attempt <= retries; attempt++) {
    const { text, isWorthAnother } = await ask(question)
    if (text) return { source: 'live', text }
    if (!isWorthAnother) break
    if (attempt < retries) await sleep(Math.random() * 100 * 2 ** attempt)
  }
  return { source: 'fallback', text: sorry }
}

async function ask(question) {
  try {
    const response = await fetch(`${process.env.ANTHROPIC_BASE_URL}/v1/messages`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': process.env.ANTHROPIC_API_KEY,
        'anthropic-version': '2023-06-01',
      },
      body: JSON.stringify({
        model: 'claude-sonnet-5-5',
        max_tokens: 256,
        messages: [{ role: 'user', content: question }],
      }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const body = await response.json()
    return { text: response.ok ? body.content[0]?.text : undefined, isWorthAnother: response.status >= 500 }
  } catch {
    return { text: undefined, isWorthAnother: true }
  }
}
