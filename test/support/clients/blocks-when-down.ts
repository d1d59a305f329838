// Asks plainly; where the provider answers that it is overloaded, it spins for good.
export default {
  name: 'blocks-when-down',
  async perform(_app: unknown, { prompt }: { prompt: string }) {
    const response = await fetch(`${process.env['ANTHROPIC_BASE_URL']}/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': process.env['ANTHROPIC_API_KEY'] ?? '', 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({
        model: 'claude-sonnet-5',
        max_tokens: 100,
        messages: [{ role: 'user', content: prompt }],
      }),
    })
    while (response.status === 529);
    return response.json()
  },
}
