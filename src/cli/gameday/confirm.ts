import { ask } from '../init/ask.ts'
import type { Item } from './go-no-go.ts'

/** Where nobody can be asked. */
const noTerminal =
  'there is no terminal to ask at; --console PORT waits for the facilitator, --go says that it was seen to'

/** Asks a person for each item that only a person can tell, and for the word to begin. Where there is no terminal nothing is asked. */
export async function confirm(items: readonly Item[], isTerminal: boolean): Promise<readonly Item[]> {
  if (!isTerminal)
    return items.map(item => (item.state === 'ask' ? { ...item, state: 'no-go', why: noTerminal } : item))
  const confirmed: Item[] = []
  for (const item of items) confirmed.push(item.state === 'ask' ? await asked(item, `${item.what}?`) : item)
  if (confirmed.some(({ state }) => state === 'no-go')) return confirmed
  const begin = await asked({ what: 'the word to begin', state: 'ask', why: '' }, 'All is go. Begin?')
  return [...confirmed, begin]
}

async function asked(item: Item, asks: string): Promise<Item> {
  const [answer] = await ask([{ asks, usual: 'no', options: ['yes', 'no'] }])
  return answer === 'yes'
    ? { ...item, state: 'go', why: 'said at the terminal' }
    : { ...item, state: 'no-go', why: 'not confirmed at the terminal' }
}
