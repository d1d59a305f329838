// An app that asks by itself, twice a second, and says what came of it. It needs nothing but Node.
import { setTimeout as sleep } from 'node:timers/promises'

const { ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: key } = process.env

for (let parcel = 1; ; parcel++) {
  const answer = await ask(`Where is parcel ${parcel}?`).catch(error => `no answer: ${error.cause?.code ?? error.message}`)
  console.log(`${parcel} ${answer}`)
  await sleep(500)
}

async function ask(question) {
  const response = await fetch(`${base}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-sonnet-5-5', max_tokens: 64, messages: [{ role: 'user', content: question }] }),
    signal: AbortSignal.timeout(10_000),
  })
  if (!response.ok) throw new Error(`status ${response.status}`)
  return (await response.json()).content[0].text
}
